#!/usr/bin/env bash
# What:     azure-mgmt-keyvault 14.1.0 (Python) asks for the second page of `vaults.list()` with its own API version, 2026-05-15, instead
#           of that of the first page, 2015-11-01, which the link to the second page names as well. The operation is one of
#           Microsoft.Resources, which has no such version: a subscription with more vaults than a page ends in
#           InvalidApiVersionParameter.
# Expected: the link as it is. 14.0.1 was released for nothing else: "Fix wrong replacement about api-version for `next_link` of API
#           `VaultsOperations.list`": https://pypi.org/project/azure-mgmt-keyvault/14.0.1/
# Handled:  vaults are read from Resource Graph, and rows without properties judge nothing; next links are followed as they are
#           (src/azure/arm-list.ts). Scripts that use this client beside purgeproof should call `list_by_subscription()`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > list.py <<'PYTHON'
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from urllib.parse import parse_qs, urlsplit

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.keyvault import KeyVaultManagementClient


def vault(name):
    return {
        "id": f"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{name}",
        "name": name,
        "type": "Microsoft.KeyVault/vaults",
        "location": "westeurope",
        "tags": {},
    }


class Resources(BaseHTTPRequestHandler):
    """Lists resources a page at a time, and knows the API version that it is asked with on the first."""

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        [asked] = query["api-version"]
        if asked != "2015-11-01":
            return self.send(400, {"error": {"code": "InvalidApiVersionParameter", "message": f"The api-version '{asked}' is invalid."}})
        if "$skiptoken" in query:
            return self.send(200, {"value": [vault("kv-b")]})
        link = f"http://{self.headers['host']}/subscriptions/s/resources?api-version=2015-11-01&%24skiptoken=2"
        return self.send(200, {"value": [vault("kv-a")], "nextLink": link})

    def send(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Credential:
    def get_token(self, *_, **__):
        return AccessToken("none", int(time.time()) + 3600)


server = HTTPServer(("127.0.0.1", 0), Resources)
threading.Thread(target=server.serve_forever, daemon=True).start()
# Without TLS a token is refused: the policy that would add one is left out.
client = KeyVaultManagementClient(
    Credential(), "s", base_url=f"http://127.0.0.1:{server.server_port}", authentication_policy=SansIOHTTPPolicy()
)
found = []
try:
    for each in client.vaults.list():
        found.append(each.name)
except HttpResponseError as error:
    found.append(f"{error.status_code} {error.error.code}")
print(version("azure-mgmt-keyvault"), *found)
PYTHON

for release in 14.0.1 14.1.0; do
  python3 -m venv "$release"
  "$release/bin/pip" install --quiet --disable-pip-version-check azure-mgmt-keyvault==$release azure-core==1.41.0
  "$release/bin/python" list.py
done | tee seen

diff - seen <<'SEEN'
14.0.1 kv-a kv-b
14.1.0 kv-a 400 InvalidApiVersionParameter
SEEN
