#!/usr/bin/env bash
# What:     @azure/keyvault-secrets 4.11.2: the poller of beginRecoverDeletedSecret resolves although every read of the secret was
#           refused with 403, so that nobody knows whether it was recovered; with the right to read it, it requests the secret
#           itself, with its value.
# Expected: "This function returns a Long Running Operation poller that allows you to wait indefinitely until the secret is
#           recovered": https://learn.microsoft.com/javascript/api/@azure/keyvault-secrets/secretclient
#           Resolved would then mean recovered; and an error that the reads cannot tell would be an error.
# Handled:  the documented operations are sent without the client, and verified by lists (src/azure/vault-plane.ts); what nobody
#           could read afterwards ends as sent, not verified.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes >/dev/null
npm install --silent --no-fund --no-audit @azure/keyvault-secrets@4.11.2 @azure/core-rest-pipeline@1.24.0

cat > recover.mjs <<'NODE'
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { SecretClient } from '@azure/keyvault-secrets';

const vault = 'https://kv-a.vault.azure.net';

/** Answers as Key Vault does to an identity that may recover, and that may or may not read. */
function keyVault(mayRead) {
  const asked = [];
  let recovered = false;
  const answer = ({ method, url, headers }) => {
    if (!headers.has('authorization')) {
      const challenge = `Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"`;
      return [401, { error: { code: 'Unauthorized' } }, { 'www-authenticate': challenge }];
    }
    asked.push(`${method} ${new URL(url).pathname}`);
    if (method === 'POST') {
      recovered = true;
      return [200, { id: `${vault}/secrets/s/1`, attributes: { enabled: true } }];
    }
    if (!mayRead) return [403, { error: { code: 'Forbidden', message: 'no', innererror: { code: 'ForbiddenByRbac' } } }];
    return recovered
      ? [200, { value: 'the value', id: `${vault}/secrets/s/1`, attributes: { enabled: true } }]
      : [404, { error: { code: 'SecretNotFound', message: 'A secret with (name/id) s was not found' } }];
  };
  const sendRequest = async (request) => {
    const [status, body, headers = {}] = answer(request);
    const type = { 'content-type': 'application/json' };
    return { request, status, headers: createHttpHeaders({ ...type, ...headers }), bodyAsText: JSON.stringify(body) };
  };
  return { asked, httpClient: { sendRequest } };
}

const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) };
for (const mayRead of [false, true]) {
  const { asked, httpClient } = keyVault(mayRead);
  const client = new SecretClient(vault, credential, { httpClient, retryOptions: { maxRetries: 0 } });
  const poller = await client.beginRecoverDeletedSecret('s', { intervalInMs: 1 });
  const outcome = await poller.pollUntilDone().then(() => 'resolved', ({ code }) => `rejected: ${code}`);
  console.log(`${mayRead ? 'may read' : 'may not read'}: ${outcome}; ${[...new Set(asked)].join(', ')}`);
}
NODE
node recover.mjs | tee seen

cat > expected <<'TEXT'
may not read: resolved; GET /secrets/s/, POST /deletedsecrets/s/recover
may read: resolved; GET /secrets/s/, POST /deletedsecrets/s/recover
TEXT
diff expected seen
