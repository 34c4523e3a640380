#!/usr/bin/env bash
# What:     @azure/arm-resourcegraph 5.0.0 and @azure/arm-keyvault 5.0.0 throw a TypeError for an error answer whose body
#           is not of Azure's shape, as gateways and proxies send it: the first for {}, a message alone or a page, the
#           second for an empty body that is announced as JSON. The status (403 here) is on neither.
#           @azure/arm-resources-subscriptions 2.1.1 throws a RestError with the status each time.
# Expected: a RestError with `statusCode`, as @azure/core-rest-pipeline documents for an answer with an error status
#           (https://learn.microsoft.com/javascript/api/@azure/core-rest-pipeline/resterror), so that a caller can tell
#           what is worth another try.
# Handled:  src/azure/error-answer-policy.ts takes error answers away before a client reads them;
#           test/cases/answers-bodies.test.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @azure/arm-resourcegraph@5.0.0 @azure/arm-keyvault@5.0.0 \
  @azure/arm-resources-subscriptions@2.1.1 @azure/core-rest-pipeline@1.24.0 >/dev/null 2>&1

cat >ask.mjs <<'PROGRAM'
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { createHttpHeaders } from '@azure/core-rest-pipeline';

const credential = { getToken: async () => ({ token: 'none', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const answers = [
  ['application/json', '{}'],
  ['application/json', '{"message":"later"}'],
  ['text/html', '<title>Busy</title>'],
  ['application/json', ''],
];
for (const [type, bodyAsText] of answers) {
  const headers = createHttpHeaders({ 'content-type': type });
  const httpClient = { sendRequest: async (request) => ({ request, status: 403, headers, bodyAsText }) };
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  const requests = {
    graph: () => new ResourceGraphClient(credential, options).resources({ query: 'resources' }),
    vault: () => new KeyVaultManagementClient(credential, 'sub', options).vaults.get('group', 'vault'),
    subscription: () => new SubscriptionClient(credential, options).subscriptions.get('sub'),
  };
  for (const [name, request] of Object.entries(requests)) {
    const error = await request().catch((thrown) => thrown);
    console.log(`${JSON.stringify(bodyAsText)} ${name}: ${error.name} ${error.statusCode}`);
  }
}
PROGRAM

cat >expected <<'SEEN'
"{}" graph: TypeError undefined
"{}" vault: RestError 403
"{}" subscription: RestError 403
"{\"message\":\"later\"}" graph: TypeError undefined
"{\"message\":\"later\"}" vault: RestError 403
"{\"message\":\"later\"}" subscription: RestError 403
"<title>Busy</title>" graph: TypeError undefined
"<title>Busy</title>" vault: RestError 403
"<title>Busy</title>" subscription: RestError 403
"" graph: RestError 403
"" vault: TypeError undefined
"" subscription: RestError 403
SEEN
diff expected <(node ask.mjs)
