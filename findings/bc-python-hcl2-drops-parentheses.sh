#!/usr/bin/env bash
# What:     bc-python-hcl2 0.4.3, the Terraform parser of checkov, drops the parentheses of expressions: `!(a || b)` is read as
#           `!a || b`, and `(1 + 2) * 3` is the same as `1 + 2 * 3`. The three dots of `merge(l...)` are dropped as well.
# Expected: an expression of the same meaning. In python-hcl2, of which it is a fork, this was a bug, and is mended in version 8:
#           https://github.com/amplify-education/python-hcl2/pull/199
# Handled:  purgeproof has a parser of its own (docs/decisions/0006-infrastructure-code-parsers.md; test/iac/conditions.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

for each in bc-python-hcl2==0.4.3 python-hcl2==8.1.4; do
  python3 -m venv "$each"
  "$each/bin/pip" install --quiet --disable-pip-version-check "$each"
done

cat > read.py <<'PYTHON'
import io

import hcl2

for text in ["!(a || b)", "(a || b) && c", "(1 + 2) * 3", "merge(l...)"]:
    value = hcl2.load(io.StringIO(f"x = {text}\n"))["x"]
    print(f"{text}  =>  {value[0] if isinstance(value, list) else value}")
PYTHON
for each in bc-python-hcl2==0.4.3 python-hcl2==8.1.4; do
  echo "$each"
  "$each/bin/python" read.py
done | tee seen

diff - seen <<'SEEN'
bc-python-hcl2==0.4.3
!(a || b)  =>  ${!a || b}
(a || b) && c  =>  ${a || b && c}
(1 + 2) * 3  =>  ${1 + 2 * 3}
merge(l...)  =>  ${merge(l)}
python-hcl2==8.1.4
!(a || b)  =>  ${!(a || b)}
(a || b) && c  =>  ${(a || b) && c}
(1 + 2) * 3  =>  ${(1 + 2) * 3}
merge(l...)  =>  ${merge(l ...)}
SEEN
