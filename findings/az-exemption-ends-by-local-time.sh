#!/usr/bin/env bash
# What:     Azure CLI 2.91.0: the end of a policy exemption that is given as a date, or without a time zone, is taken for a time of the
#           machine: `az policy exemption create --expires-on 2027-03-01` ends nine hours earlier in Tokyo than in a pipeline whose
#           clock is UTC, on a day in February. The help says "The expiration date and time" and no more.
# Expected: UTC. The property is "The expiration date and time (in UTC ISO 8601 format yyyy-MM-ddTHH:mm:ssZ)":
#           https://learn.microsoft.com/rest/api/policy/policy-exemptions/create-or-update
# Handled:  `purgeproof exemptions export` writes the time with its zone (src/azure-policy/export-exemptions.ts), and an exemption of
#           Azure is listed with the last day on which it still holds, in UTC (src/azure-policy/azure-exemptions.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --no-compile --disable-pip-version-check azure-cli==2.91.0
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2> /dev/null

cat > server.py <<'PYTHON'
"""Resource Manager, and the token endpoint of a managed identity. Prints the end of each exemption put."""
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


def answer(path, sent):
    if path.startswith("/token"):
        return {"access_token": token(), "expires_on": str(int(time.time()) + 3600), "resource": "arm", "token_type": "Bearer"}
    if path.startswith("/tenants"):
        return {"value": [{"tenantId": tenant}]}
    if path.startswith("/subscriptions?"):
        return {"value": [{"id": f"/subscriptions/{subscription}", "subscriptionId": subscription, "displayName": "one", "state": "Enabled"}]}
    return json.loads(sent or "{}")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.command == "PUT":
            print(json.loads(sent)["properties"]["expiresOn"], flush=True)
        body = json.dumps(answer(self.path, sent)).encode()
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
assignment=/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/policyAssignments/a
for zone in UTC0 JST-9 EST5; do
  TZ=$zone az policy exemption create --name e --policy-assignment "$assignment" --exemption-category Waiver --expires-on 2027-03-01
done
TZ=JST-9 az policy exemption create --name e --policy-assignment "$assignment" --exemption-category Waiver \
  --expires-on 2027-03-01T00:00:00Z
cat put

diff - put <<'SEEN'
2027-03-01T00:00:00.000Z
2027-02-28T15:00:00.000Z
2027-03-01T05:00:00.000Z
2027-03-01T00:00:00.000Z
SEEN
