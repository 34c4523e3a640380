#!/usr/bin/env bash
# What:     Azure CLI 2.91.0: when Azure throttles the second page of the vaults, `az keyvault list` prints an empty list, says nothing,
#           and exits with 0: the vaults of the first page and all Managed HSMs are lost as well. With `--resource-type vault`, the
#           same answers end in an error and exit code 1.
# Expected: exit code 1: "Generic error; server returned bad status code, CLI validation failed, etc.":
#           https://github.com/Azure/azure-cli#exit-codes
#           A script that loops over the list finds nothing to report, in just the subscription that has most vaults.
# Handled:  a subscription that could not be read to its end is named, and the scan is incomplete, exit code 3
#           (src/sources/live/gaps.ts). An inventory made of `az keyvault list` is refused: it has no properties.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --no-compile --disable-pip-version-check azure-cli==2.91.0
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2> /dev/null

cat > server.py <<'PYTHON'
"""Resource Manager, and the token endpoint of a managed identity. Its first page of vaults announces a second, which is throttled."""
import base64
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

tenant, subscription = "11111111-1111-1111-1111-111111111111", "00000000-0000-0000-0000-000000000001"


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
    if "skiptoken=2" in path:
        return None
    if "/managedHSMs?" in path:
        return {"value": [resource("Microsoft.KeyVault/managedHSMs", "hsm-a")]}
    link = f"https://localhost:{arm.server_port}/subscriptions/{subscription}/resources?api-version=2015-11-01&%24skiptoken=2"
    return {"value": [resource("Microsoft.KeyVault/vaults", "kv-a")], "nextLink": link}


def resource(kind, name):
    path = f"/subscriptions/{subscription}/resourceGroups/rg/providers/{kind}/{name}"
    return {"id": path, "name": name, "type": kind, "location": "westeurope", "tags": {}}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        found = answer(self.path)
        body = json.dumps(found or {"error": {"code": "TooManyRequests", "message": "Too many requests."}}).encode()
        self.send_response(200 if found else 429)
        if not found:
            self.send_header("retry-after", "1")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

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
tools/bin/python server.py &
server=$!
trap 'kill $server; rm -rf "$folder"' EXIT
until [ -s ports ]; do sleep 0.2; done
read -r arm identity < ports

export AZURE_CONFIG_DIR="$folder/azure" AZURE_CORE_COLLECT_TELEMETRY=no REQUESTS_CA_BUNDLE="$folder/cert.pem"
export IDENTITY_ENDPOINT="http://localhost:$identity/token" IDENTITY_HEADER=none
az() { tools/bin/az "$@" --only-show-errors; }
url="https://localhost:$arm/"
az cloud register --name stand-in --skip-endpoint-discovery --endpoint-management "$url" --endpoint-resource-manager "$url" \
  --endpoint-active-directory "$url" --endpoint-active-directory-resource-id "$url" --suffix-keyvault-dns .vault.azure.net
az cloud set --name stand-in
az login --identity > /dev/null
for type in "" vault hsm; do
  code=0
  tools/bin/az keyvault list ${type:+--resource-type "$type"} --query "[].name" --output json > names 2> said || code=$?
  echo "${type:-all}: exit $code, $(tr -d ' \n' < names), said $(grep -c . said || true) lines"
done | tee seen

diff - seen <<'SEEN'
all: exit 0, [], said 0 lines
vault: exit 1, , said 3 lines
hsm: exit 0, ["hsm-a"], said 0 lines
SEEN
