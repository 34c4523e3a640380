#!/usr/bin/env bash
# What:     Cloud Custodian (c7n_azure 0.7.52): the filter `firewall-rules` of azure.keyvault finds that a vault whose public network
#           access is disabled lets every address in: it looks at networkAcls alone, and a vault without them, or whose default
#           action is Allow, counts as 0.0.0.0/0.
# Expected: no address: "If set to 'disabled' all traffic except private endpoint traffic and that that originates from trusted services
#           will be blocked. This will override the set firewall rules":
#           https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get (VaultProperties, publicNetworkAccess)
# Handled:  AKV006 passes where public network access is disabled, whatever the firewall says
#           (policies/vaults/AKV006-network-default-deny.yaml, whose examples are its tests).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --no-compile --disable-pip-version-check c7n-azure==0.7.52 c7n==0.9.53

cat > filter.py <<'PYTHON'
from unittest import mock

from c7n_azure.resources.key_vault import KeyVaultFirewallRulesFilter

vaults = {
    "nothing set": {},
    "disabled": {"publicNetworkAccess": "Disabled"},
    "disabled, default Allow": {"publicNetworkAccess": "Disabled", "networkAcls": {"bypass": "None", "defaultAction": "Allow", "ipRules": []}},
    "disabled, default Deny": {"publicNetworkAccess": "Disabled", "networkAcls": {"bypass": "None", "defaultAction": "Deny", "ipRules": []}},
}
for name, properties in vaults.items():
    vault = {"id": "/vaults/kv-a", "name": "kv-a", "type": "Microsoft.KeyVault/vaults", "resourceGroup": "rg", "properties": properties}
    # The properties are here, so nothing is asked of Azure.
    found = KeyVaultFirewallRulesFilter({"type": "firewall-rules", "include": ["0.0.0.0/0"]}, mock.Mock()).process([vault])
    print(f"{name}: {'open to every address' if found else 'not found'}")
PYTHON
tools/bin/python filter.py | tee seen

diff - seen <<'SEEN'
nothing set: open to every address
disabled: open to every address
disabled, default Allow: open to every address
disabled, default Deny: not found
SEEN
