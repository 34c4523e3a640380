#!/usr/bin/env bash
# What:     Prowler 5.46.0 passes `keyvault_private_endpoints` ("is using private endpoints") for a vault whose only private endpoint
#           connection is pending, rejected or disconnected: it looks whether there is a connection, and keeps nothing of its state.
# Expected: only an approved connection carries traffic: "Approved: Connection was automatically or manually approved and is ready to
#           be used": https://learn.microsoft.com/azure/private-link/private-endpoint-overview
# Handled:  AKV007 wants an approved connection (policies/vaults/AKV007-private-endpoint.yaml, whose examples are its tests).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --no-compile --disable-pip-version-check prowler==5.46.0

cat > check.py <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from unittest import mock

from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.keyvault import KeyVaultManagementClient
from prowler.providers.azure.lib.service.service import AzureService
from prowler.providers.common.provider import Provider

states = ["none", "Approved", "Pending", "Rejected", "Disconnected"]


def vault(state):
    connection = {
        "id": f"/vaults/{state}/privateEndpointConnections/pe",
        "properties": {
            "privateEndpoint": {"id": "/privateEndpoints/pe"},
            "privateLinkServiceConnectionState": {"status": state, "actionsRequired": "None"},
            "provisioningState": "Succeeded",
        },
    }
    return {
        "id": f"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{state}",
        "name": state,
        "type": "Microsoft.KeyVault/vaults",
        "location": "westeurope",
        "properties": {
            "sku": {"family": "A", "name": "standard"},
            "tenantId": "11111111-1111-1111-1111-111111111111",
            "accessPolicies": [],
            "vaultUri": f"https://{state}.vault.azure.net/",
            "provisioningState": "Succeeded",
            "privateEndpointConnections": [] if state == "none" else [connection],
        },
    }


class Azure(BaseHTTPRequestHandler):
    """Has a vault for each state, and nothing in them."""

    def do_GET(self):
        inside = not self.path.split("?")[0].endswith("/vaults")
        body = json.dumps({"value": [] if inside else [vault(state) for state in states]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Azure)
threading.Thread(target=server.serve_forever, daemon=True).start()


def clients(_, identity, session, service, region):
    """The client that Prowler uses, for the server here, and without a token, which needs TLS."""
    if service is not KeyVaultManagementClient:
        return {}
    url = f"http://127.0.0.1:{server.server_port}"
    return {"s": service(object(), "s", base_url=url, authentication_policy=SansIOHTTPPolicy())}


with mock.patch.object(AzureService, "__set_clients__", clients):
    identity = SimpleNamespace(subscriptions={"s": "one"}, tenant_domain="t", tenant_ids=["t"])
    rest = dict.fromkeys(["session", "region_config", "resource_groups", "locations", "audit_config", "fixer_config"])
    Provider.set_global_provider(SimpleNamespace(type="azure", identity=identity, **rest))
    with mock.patch("azure.keyvault.keys.KeyClient"):
        from prowler.providers.azure.services.keyvault.keyvault_private_endpoints.keyvault_private_endpoints import (
            keyvault_private_endpoints,
        )

    found = {report.resource_name: report.status for report in keyvault_private_endpoints().execute()}
for state in states:
    print(state, found[state])
PYTHON
tools/bin/python check.py 2> check.log | tee seen || { cat check.log; exit 1; }

diff - seen <<'SEEN'
none FAIL
Approved PASS
Pending PASS
Rejected PASS
Disconnected PASS
SEEN
