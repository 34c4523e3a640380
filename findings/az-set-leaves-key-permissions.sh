#!/usr/bin/env bash
# What:     Azure CLI 2.91.0: `az keyvault update --set properties.accessPolicies[0].permissions.keys=[…]` sends the list of key
#           permissions as it was, says nothing, and exits with 0. The same command with `secrets` sends the new list. The models of
#           azure-mgmt-keyvault 14 are dictionaries: `keys` is a method of theirs, and the permissions have become `keys_property`.
# Expected: `--set`: "Update an object by specifying a property path and value to set", or an error, as for a path that does not
#           exist: https://learn.microsoft.com/cli/azure/keyvault#az-keyvault-update
#           Who takes `purge` away from a principal in this way has it taken from its secrets, and not from its keys.
# Handled:  the remedy of AKV005 and `purgeproof grants` name `az keyvault set-policy`, which sends the lists that it is given
#           (src/reporters/grants.ts); the remedy warns of `--set`. A scan judges what the vault has, not what was sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --no-compile --disable-pip-version-check azure-cli==2.91.0
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2> /dev/null

cat > server.py <<'PYTHON'
"""Resource Manager with one vault, and the token endpoint of a managed identity. Prints the key and secret permissions put."""
import base64
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

tenant, subscription = "11111111-1111-1111-1111-111111111111", "00000000-0000-0000-0000-000000000001"
vault = {
    "id": f"/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a",
    "name": "kv-a",
    "type": "Microsoft.KeyVault/vaults",
    "location": "westeurope",
    "tags": {},
    "properties": {
        "sku": {"family": "A", "name": "standard"},
        "tenantId": tenant,
        "accessPolicies": [
            {
                "tenantId": tenant,
                "objectId": "22222222-2222-2222-2222-222222222222",
                "permissions": {"keys": ["get", "purge"], "secrets": ["get", "purge"]},
            }
        ],
        "enableSoftDelete": True,
        "vaultUri": "https://kv-a.vault.azure.net/",
        "provisioningState": "Succeeded",
    },
}


def token():
    parts = [{"alg": "none"}, {"tid": tenant, "oid": "o", "exp": int(time.time()) + 3600}]
    return ".".join([base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts] + ["eA"])


def answer(path):
    if path.startswith("/token"):
        return {"access_token": token(), "expires_on": str(int(time.time()) + 3600), "resource": "arm", "token_type": "Bearer"}
    if path.startswith("/tenants"):
        return {"value": [{"tenantId": tenant}]}
    if path.startswith("/subscriptions?"):
        return {"value": [{"id": f"/subscriptions/{subscription}", "subscriptionId": subscription, "displayName": "one", "state": "Enabled"}]}
    return vault


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.command == "PUT":
            print(json.dumps(json.loads(sent)["properties"]["accessPolicies"][0]["permissions"]), flush=True)
        body = json.dumps(answer(self.path)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET

    def log_message(self, *_):
        pass


arm, identity = (ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
arm.socket = context.wrap_socket(arm.socket, server_side=True)
threading.Thread(target=identity.serve_forever, daemon=True).start()
with open("ports", "w") as file:
    file.write(f"{arm.server_port} {identity.server_port}\n")
arm.serve_forever()
PYTHON
tools/bin/python server.py > put &
server=$!
trap 'kill $server; rm -rf "$folder"' EXIT
until [ -s ports ]; do sleep 0.2; done
read -r arm identity < ports

export AZURE_CONFIG_DIR="$folder/azure" AZURE_CORE_COLLECT_TELEMETRY=no REQUESTS_CA_BUNDLE="$folder/cert.pem"
export IDENTITY_ENDPOINT="http://localhost:$identity/token" IDENTITY_HEADER=none
az() { tools/bin/az "$@" --only-show-errors > /dev/null; }
url="https://localhost:$arm/"
az cloud register --name stand-in --skip-endpoint-discovery --endpoint-management "$url" --endpoint-resource-manager "$url" \
  --endpoint-active-directory "$url" --endpoint-active-directory-resource-id "$url" --suffix-keyvault-dns .vault.azure.net
az cloud set --name stand-in
az login --identity
for list in keys secrets; do
  az keyvault update --resource-group rg --name kv-a --set "properties.accessPolicies[0].permissions.$list=[\"get\"]" || echo refused >> put
done
cat put

diff - put <<'SEEN'
{"keys": ["get", "purge"], "secrets": ["get", "purge"]}
{"keys": ["get", "purge"], "secrets": ["get"]}
SEEN
