#!/usr/bin/env bash
# What:     checkov 3.3.30 finds no resource in an ARM template with symbolic names, in which `resources` is an object, and exits with 0
#           as if nothing were wrong: no failed check, no parsing error. `bicep build` writes such templates as soon as a file uses one
#           of the newer features, such as user-defined types; most Verified Modules do.
# Expected: the same resources as in an array, or an error:
#           https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#languageversion-20
# Handled:  purgeproof reads both forms (test/iac/undecided-values.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check checkov==3.3.30

cat > write.py <<'PYTHON'
import json

vault = {
    "type": "Microsoft.KeyVault/vaults",
    "apiVersion": "2023-07-01",
    "name": "kv-a",
    "location": "westeurope",
    "properties": {"enablePurgeProtection": False},
}
template = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
}
json.dump({**template, "resources": [vault]}, open("array.json", "w"), indent=2)
json.dump({**template, "languageVersion": "2.0", "resources": {"vault": vault}}, open("object.json", "w"), indent=2)
PYTHON
python3 write.py

for each in array object; do
  code=0
  tools/bin/checkov --file "$each.json" --framework arm --check CKV_AZURE_110 --skip-download --output json > out.json 2> log || code=$?
  python3 - "$each" "$code" <<'PYTHON'
import json
import sys

report = json.load(open("out.json"))
summary = report.get("summary", report)
print(sys.argv[1], "exit", sys.argv[2], *(f"{key} {summary[key]}" for key in ["resource_count", "failed", "parsing_errors"]))
PYTHON
done | tee seen

diff - seen <<'SEEN'
array exit 1 resource_count 1 failed 1 parsing_errors 0
object exit 0 resource_count 0 failed 0 parsing_errors 0
SEEN
