#!/usr/bin/env bash
# What:     With NO_PROXY=azure.test, @azure/core-rest-pipeline 1.24.0, on which every Azure SDK for JavaScript stands, still sends
#           requests for management.azure.test through the proxy, and with NO_PROXY=* those for every host. azure-core 1.41.0, on
#           which the Azure CLI stands, asks them directly, and so does curl.
# Expected: one meaning in one environment: a program in JavaScript that has its token from `az` otherwise asks for the token one way, and for
#           everything else the other. curl's is the customary one: "local.com would match local.com, local.com:80, and www.local.com", and
#           "the only wildcard is a single * character, which matches all hosts": https://curl.se/docs/manpage.html#--noproxy
# Handled:  src/azure/proxy-settings.ts gives the SDKs NO_PROXY in words that they know; test/azure/no-proxy.isolated.test.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes > /dev/null
npm install --silent --no-audit --no-fund @azure/core-rest-pipeline@1.24.0
python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check azure-core==1.41.0 requests==2.32.5

cat > ask.mjs <<'NODE'
import { createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';

const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
await pipeline.sendRequest(createDefaultHttpClient(), createPipelineRequest({ url: process.argv[2] })).catch(() => {});
NODE
cat > ask.py <<'PYTHON'
import sys

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.rest import HttpRequest

try:
    PipelineClient(sys.argv[1], retry_total=0).send_request(HttpRequest("GET", sys.argv[1]))
except AzureError:
    pass
PYTHON
cat > compare.mjs <<'NODE'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

// A host that does not exist: who asks it directly fails, and the proxy has not heard of it.
const url = 'https://management.azure.test';
const programs = { javascript: ['node', 'ask.mjs'], python: ['tools/bin/python', 'ask.py'], curl: ['curl', '--silent'] };

let asked = false;
const proxy = createServer().listen(0, '127.0.0.1');
proxy.on('connect', (_, socket) => {
  asked = true;
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
});
await once(proxy, 'listening');
const { PATH, HOME } = process.env;
for (const NO_PROXY of ['none.test', 'management.azure.test', 'azure.test', '*']) {
  const env = { PATH, HOME, HTTPS_PROXY: `http://127.0.0.1:${proxy.address().port}`, NO_PROXY };
  const ways = [];
  for (const [name, [command, ...args]] of Object.entries(programs)) {
    asked = false;
    await once(spawn(command, [...args, url], { env, stdio: 'ignore' }), 'close');
    ways.push(`${name} ${asked ? 'by proxy' : 'directly'}`);
  }
  console.log(`${NO_PROXY}: ${ways.join(', ')}`);
}
proxy.close();
NODE
node compare.mjs | tee seen

diff - seen <<'SEEN'
none.test: javascript by proxy, python by proxy, curl by proxy
management.azure.test: javascript directly, python directly, curl directly
azure.test: javascript by proxy, python directly, curl directly
*: javascript by proxy, python directly, curl directly
SEEN
