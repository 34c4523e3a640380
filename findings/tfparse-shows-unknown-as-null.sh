#!/usr/bin/env bash
# What:     tfparse 0.6.22, the Terraform parser of Cloud Custodian (c7n-left): an attribute that is computed from what is not known is None,
#           as one that is null. Whether purge protection is left out or depends on a variable cannot be told.
# Expected: what it does for a plain reference: `var.on` is shown as a reference, and null as None. Null is the default of the
#           provider, and off; unknown may be on: https://developer.hashicorp.com/terraform/language/expressions/types#null
# Handled:  purgeproof keeps unknown apart from null, and its verdict is unknown (test/iac/unknown-values.laws.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check tfparse==0.6.22

mkdir code
cat > code/main.tf <<'HCL'
variable "on" {
  type = bool
}

variable "days" {
  type = number
}

resource "azurerm_key_vault" "a_reference" {
  purge_protection_enabled = var.on
}

resource "azurerm_key_vault" "b_negated" {
  purge_protection_enabled = !var.on
}

resource "azurerm_key_vault" "c_chosen" {
  purge_protection_enabled = var.on ? true : true
}

resource "azurerm_key_vault" "d_compared" {
  purge_protection_enabled = var.days > 30
}

resource "azurerm_key_vault" "e_null" {
  purge_protection_enabled = null
}
HCL
cat > read.py <<'PYTHON'
from tfparse import load_from_path

vaults = load_from_path("code")["azurerm_key_vault"]
for vault in sorted(vaults, key=lambda each: each["__tfmeta"]["label"] + each["__tfmeta"]["path"]):
    value = vault["purge_protection_enabled"]
    print(vault["__tfmeta"]["path"].split(".")[1], value["__attribute__"] if isinstance(value, dict) else value)
PYTHON
tools/bin/python read.py | tee seen

diff - seen <<'SEEN'
a_reference var.on
b_negated None
c_chosen None
d_compared None
e_null None
SEEN
