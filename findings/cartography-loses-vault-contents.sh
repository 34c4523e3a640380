#!/usr/bin/env bash
# What:     cartography 0.143.0 asks for azure-mgmt-keyvault>=10.0.0, and gets 14.1.0, whose `as_dict()` has the names of the REST API
#           (vaultUri) where that of 12.1.1 has those of Python (vault_uri). It then knows no tenant and no address of any vault, reads
#           none of their secrets, keys and certificates, and ends well: a vault without an address is left out without a word.
# Expected: what it documents, or an error: secrets, keys and certificates of each vault, with its tenant:
#           https://cartography-cncf.github.io/cartography/modules/azure/schema.html#azurekeyvault
# Handled:  purgeproof pins its clients, reads vaults from Resource Graph as REST has them, and takes a vault without vaultUri for one
#           whose objects could not be read: the scan is incomplete, exit code 3 (src/sources/objects/read-vault.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
install() { tools/bin/pip install --quiet --no-compile --disable-pip-version-check "$@" > pip.log 2>&1 || { cat pip.log; exit 1; }; }
# Of what cartography needs, only what its module for Key Vault does; the rest is some 200 packages.
install --no-deps cartography==0.143.0
install azure-identity==1.27.0 azure-keyvault-certificates==4.12.0 azure-keyvault-keys==4.11.3 azure-keyvault-secrets==4.12.0 \
  azure-mgmt-resource-subscriptions==1.0.0 backoff==2.2.1 boto3==1.40.61 neo4j==6.4.1 statsd==4.0.1

cat > sync.py <<'PYTHON'
import json
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import requires, version
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from unittest.mock import DEFAULT, patch

from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.keyvault import KeyVaultManagementClient

# The package imports a module for each service of Azure: it stands here without them.
sys.modules["cartography.intel.azure"] = package = ModuleType("cartography.intel.azure")
package.__path__ = [f"{path}/azure" for path in find_spec("cartography.intel").submodule_search_locations]
from cartography.intel.azure import key_vaults

vault = {
    "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a",
    "name": "kv-a",
    "type": "Microsoft.KeyVault/vaults",
    "location": "westeurope",
    "properties": {
        "sku": {"family": "A", "name": "standard"},
        "tenantId": "11111111-1111-1111-1111-111111111111",
        "accessPolicies": [],
        "vaultUri": "https://kv-a.vault.azure.net/",
        "provisioningState": "Succeeded",
    },
}


class Azure(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"value": [vault]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Azure)
threading.Thread(target=server.serve_forever, daemon=True).start()
# Without TLS a token is refused: the policy that would add one is left out.
url = f"http://127.0.0.1:{server.server_port}"
client = partial(KeyVaultManagementClient, base_url=url, authentication_policy=SansIOHTTPPolicy())

# What it reads from vaults, and what it writes to its database.
inside = ["sync_secrets", "sync_keys", "sync_certificates"]
outside = ["load_key_vaults", "cleanup_key_vaults", "load_secret_tags", "cleanup_secret_tags"]
with patch.multiple(key_vaults, KeyVaultManagementClient=client, **{name: DEFAULT for name in [*inside, *outside]}) as calls:
    calls["sync_secrets"].return_value = []
    key_vaults.sync(None, SimpleNamespace(credential=object()), "s", 1, {})
    [found] = calls["load_key_vaults"].call_args.args[1]
    read = [name for name in inside if calls[name].called]
[wanted] = [each for each in requires("cartography") if each.startswith("azure-mgmt-keyvault")]
print(wanted, "is", version("azure-mgmt-keyvault"), found["name"], found["tenant_id"], found["vault_uri"], read)
PYTHON
for release in 14.1.0 12.1.1; do
  install azure-mgmt-keyvault==$release
  tools/bin/python sync.py 2> sync.log || { cat sync.log; exit 1; }
done | tee seen

diff - seen <<'SEEN'
azure-mgmt-keyvault>=10.0.0 is 14.1.0 kv-a None None []
azure-mgmt-keyvault>=10.0.0 is 12.1.1 kv-a 11111111-1111-1111-1111-111111111111 https://kv-a.vault.azure.net/ ['sync_secrets', 'sync_keys', 'sync_certificates']
SEEN
