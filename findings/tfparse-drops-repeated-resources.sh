#!/usr/bin/env bash
# What:     tfparse 0.6.22, the Terraform parser of Cloud Custodian (c7n-left), leaves out a resource or module whose for_each is not known,
#           without a word. One whose count is not known is there once.
# Expected: the resource, as for count: a policy cannot fail what it is not shown. trivy, whose parser this is, does the same, and its
#           maintainers find silence misleading: https://github.com/aquasecurity/trivy/issues/7099
# Handled:  purgeproof judges such a vault once, with what is not known of it unknown (docs/infrastructure-code.md;
#           test/iac/undecided-values.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check tfparse==0.6.22

mkdir -p code/vault
cat > code/main.tf <<'HCL'
variable "names" {
  type = set(string)
}

resource "azurerm_key_vault" "counted" {
  count                    = length(var.names)
  purge_protection_enabled = false
}

resource "azurerm_key_vault" "repeated" {
  for_each                 = var.names
  purge_protection_enabled = false
}

module "once" {
  source = "./vault"
}

module "repeated" {
  source   = "./vault"
  for_each = var.names
}
HCL
cat > code/vault/main.tf <<'HCL'
resource "azurerm_key_vault" "main" {
  purge_protection_enabled = false
}
HCL
cat > read.py <<'PYTHON'
from tfparse import load_from_path

print(*sorted(vault["__tfmeta"]["path"] for vault in load_from_path("code")["azurerm_key_vault"]), sep="\n")
PYTHON
tools/bin/python read.py | tee seen

diff - seen <<'SEEN'
azurerm_key_vault.counted[0]
module.once.azurerm_key_vault.main
SEEN
