#!/usr/bin/env bash
# What:     checkov 3.3.30 finds no resource in an ARM template whose resources have symbolic names: nothing is checked, no error of
#           parsing is counted, and the exit code is 0. The same vault in a list of resources fails four checks.
# Expected: the same verdicts, or an error. With "languageVersion": "2.0" the resources are an object, whose keys are the names:
#           https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-declaration#use-symbolic-name
#           Bicep compiles a file that has a type of its own or a nullable parameter into such a template.
# Handled:  resources are read in both shapes (src/iac/arm/template.ts); test/cli/undeployed-cases.ts, language version 2.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --no-compile --disable-pip-version-check checkov==3.3.30

schema='"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0"'
vault='{
  "type": "Microsoft.KeyVault/vaults",
  "apiVersion": "2023-07-01",
  "name": "kv-a",
  "location": "westeurope",
  "properties": {
    "tenantId": "11111111-1111-1111-1111-111111111111",
    "sku": { "family": "A", "name": "standard" },
    "accessPolicies": []
  }
}'
printf '{ %s, "resources": [%s] }' "$schema" "$vault" > list.json
printf '{ %s, "languageVersion": "2.0", "resources": { "vault": %s } }' "$schema" "$vault" > names.json
cat > count.py <<'PYTHON'
import json
import sys

report = json.load(sys.stdin)
summary = report.get("summary", report)
print(*(summary[part] for part in ("resource_count", "failed", "parsing_errors")))
PYTHON
for template in list names; do
  code=0
  tools/bin/checkov --framework arm --file "$template.json" --quiet --output json > report.json 2> /dev/null || code=$?
  echo "$template: exit $code, resources, failed, parsing errors:" $(python3 count.py < report.json)
done | tee seen

diff - seen <<'SEEN'
list: exit 1, resources, failed, parsing errors: 1 4 0
names: exit 0, resources, failed, parsing errors: 0 0 0
SEEN
