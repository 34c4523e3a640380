#!/usr/bin/env bash
# What:     pulumi-azure-native 3.29.0 (Python) declares two different vaults for the same arguments. Given as VaultPropertiesArgs, it adds
#           that access policies are in force, soft delete, 90 days and public network access; given as a dictionary, it adds nothing
#           and leaves all of that to the service.
# Expected: the same vault: "inputs that are objects … can be represented either as classes or as dictionary literals", and the latter is
#           what Pulumi now recommends: https://www.pulumi.com/docs/iac/languages-sdks/python/
#           Who follows that takes the settings out of the code; from API version 2026-02-01 on a new vault then has RBAC in place of
#           access policies: https://learn.microsoft.com/azure/key-vault/general/access-control-default
# Handled:  a vault is judged by what Azure says that it is, set or unset (AKV001, AKV003, AKV004); programs are not read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --no-compile --disable-pip-version-check pulumi-azure-native==3.29.0 pulumi==3.272.0

cat > declare.py <<'PYTHON'
import json

import pulumi


class Engine(pulumi.runtime.Mocks):
    """Takes what the program declares, in place of the engine."""

    declared = {}

    def new_resource(self, args):
        self.declared[args.name] = args.inputs["properties"]
        return [args.name, args.inputs]

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Engine())
from pulumi_azure_native import keyvault

said = {"tenant_id": "11111111-1111-1111-1111-111111111111", "access_policies": []}


@pulumi.runtime.test
def declare():
    sku = {"family": "A", "name": "standard"}
    keyvault.Vault("dictionary", resource_group_name="rg", properties={**said, "sku": sku})
    keyvault.Vault("class", resource_group_name="rg", properties=keyvault.VaultPropertiesArgs(**said, sku=keyvault.SkuArgs(**sku)))


declare()
judged = ["enableRbacAuthorization", "enableSoftDelete", "publicNetworkAccess", "softDeleteRetentionInDays"]
for name in ["dictionary", "class"]:
    declared = Engine.declared[name]
    print(name, json.dumps({key: declared[key] for key in judged if key in declared}))
PYTHON
tools/bin/python declare.py 2> declare.log | tee seen || { cat declare.log; exit 1; }

diff - seen <<'SEEN'
dictionary {}
class {"enableRbacAuthorization": false, "enableSoftDelete": true, "publicNetworkAccess": "enabled", "softDeleteRetentionInDays": 90.0}
SEEN
