#!/usr/bin/env bash
# What:     pycep-parser 0.7.1, the Bicep parser of checkov (0.5.1 there, which does the same): every operator takes all that stands
#           to its right. `env == 'prod' ? a : b` compares env with one of a and b, `!a && b` denies both, and `10 - 2 - 3` is 11.
# Expected: the precedence and associativity of Bicep, in which `?:` binds least:
#           https://learn.microsoft.com/azure/azure-resource-manager/bicep/operators#operator-precedence-and-associativity
#           An expression in parentheses is read right.
# Handled:  purgeproof has a parser of its own (docs/decisions/0006-infrastructure-code-parsers.md; test/iac/conditions.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check pycep-parser==0.7.1

cat > read.py <<'PYTHON'
from pycep import BicepParser


def show(value):
    if not isinstance(value, dict):
        return str(value)
    operator = value["operator"]
    return f"{operator['type']}({', '.join(show(each) for each in operator['operands'].values())})"


for text in ["env == 'prod' ? a : b", "(env == 'prod') ? a : b", "!a && b", "a && b || c", "10 - 2 - 3"]:
    variable = BicepParser().parse(text=f"var x = {text}\n")["variables"]["x"]
    print(f"{text}  =>  {show(variable['value'])}")
PYTHON
tools/bin/python read.py | tee seen

diff - seen <<'SEEN'
env == 'prod' ? a : b  =>  equals(env, conditional(prod, a, b))
(env == 'prod') ? a : b  =>  conditional(equals(env, prod), a, b)
!a && b  =>  not(and(a, b))
a && b || c  =>  and(a, or(b, c))
10 - 2 - 3  =>  substract(10, substract(2, 3))
SEEN
