#!/usr/bin/env bash
# What:     @azure/keyvault-certificates 4.10.3: a certificate from `listDeletedCertificates()` has lost `enabled` and `notBefore`.
#           `listPropertiesOfCertificates()` has both for the same attributes, and so has `getDeletedCertificate()`. Deleted secrets
#           and keys keep them, and so does azure-keyvault-certificates 4.12.0 for Python.
# Expected: the attributes as Key Vault sent them; every item of the list has them:
#           https://learn.microsoft.com/rest/api/keyvault/certificates/get-deleted-certificates/get-deleted-certificates
#           Who recovers what was in use takes a certificate that was disabled for one that is not, or the reverse.
# Handled:  the recycle bin is listed without these clients (src/azure/vault-plane.ts), and no verdict needs the two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes > /dev/null
npm install --silent --no-audit --no-fund @azure/keyvault-certificates@4.10.3 @azure/keyvault-keys@4.10.2 \
  @azure/keyvault-secrets@4.11.2 @azure/core-rest-pipeline@1.24.0

cat > list.mjs <<'NODE'
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { CertificateClient } from '@azure/keyvault-certificates';
import { KeyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';

const vault = 'https://kv-a.vault.azure.net';
const attributes = { enabled: false, nbf: 1767225600, exp: 1798761600, created: 1767225600, updated: 1767225600 };
const deleted = { recoveryId: `${vault}/deleted/a`, deletedDate: 1772323200, scheduledPurgeDate: 1780099200 };

/** One object of each kind, as a list has it and as it is by itself. */
function answer(path) {
  const [, collection, name] = path.split('/');
  const kind = collection.replace('deleted', '');
  const object = { [kind === 'keys' ? 'kid' : 'id']: `${vault}/${kind}/a`, attributes, tags: {}, ...deleted };
  return name ? object : { value: [object], nextLink: null };
}

const httpClient = {
  sendRequest: async (request) => {
    const type = { 'content-type': 'application/json' };
    const challenge = 'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"';
    const response = request.headers.has('authorization')
      ? { status: 200, headers: type, body: answer(new URL(request.url).pathname) }
      : { status: 401, headers: { ...type, 'www-authenticate': challenge }, body: {} };
    const headers = createHttpHeaders(response.headers);
    return { request, status: response.status, headers, bodyAsText: JSON.stringify(response.body) };
  },
};
const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const [certificates, keys, secrets] = [CertificateClient, KeyClient, SecretClient].map(
  (Client) => new Client(vault, credential, { httpClient }),
);

const show = (what, { enabled, notBefore, expiresOn }) =>
  console.log(what, enabled, ...[notBefore, expiresOn].map((date) => date?.toISOString().slice(0, 10)));
for await (const { properties } of secrets.listDeletedSecrets()) show('secrets, deleted:', properties);
for await (const { properties } of keys.listDeletedKeys()) show('keys, deleted:', properties);
for await (const properties of certificates.listPropertiesOfCertificates()) show('certificates:', properties);
for await (const { properties } of certificates.listDeletedCertificates()) show('certificates, deleted:', properties);
show('certificates, deleted, one:', (await certificates.getDeletedCertificate('a')).properties);
NODE
node list.mjs | tee seen

diff - seen <<'SEEN'
secrets, deleted: false 2026-01-01 2027-01-01
keys, deleted: false 2026-01-01 2027-01-01
certificates: false 2026-01-01 2027-01-01
certificates, deleted: undefined undefined 2027-01-01
certificates, deleted, one: false 2026-01-01 2027-01-01
SEEN
