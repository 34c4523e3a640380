#!/usr/bin/env bash
# What:     knack 0.12.0 (the output layer of the Azure CLI) writes a list inside a row of --output tsv as the number of its
#           elements, and an object inside a row as nothing, with exit code 0.
# Expected: the values, or an error. The documentation of the Azure CLI calls tsv "tab-separated values, with no keys":
#           https://learn.microsoft.com/cli/azure/format-output-azure-cli
#           One firewall rule and one private endpoint both become "1", and a firewall that denies becomes an empty text.
# Handled:  an inventory in TSV is named for what it is and refused (src/sources/inventory/recognise/text-formats.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check knack==0.12.0

cat > print.py <<'PYTHON'
from knack.output import format_tsv
from knack.util import CommandResultItem

vault = {
    "name": "kv-a",
    "ipRules": ["192.0.2.0/24"],
    "privateEndpoints": ["pe-1"],
    "networkAcls": {"defaultAction": "Deny"},
    "retention": 90,
}
print(format_tsv(CommandResultItem([vault])), end="")
PYTHON
tools/bin/python print.py | tee seen

# ipRules, name, networkAcls, privateEndpoints, retention: in the order of their names.
printf '1\tkv-a\t\t1\t90\n' | diff - seen
