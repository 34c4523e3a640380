import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulator, startTlsProxy, type TlsProxy } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import { smallTenant } from './azure.ts';

const azure = emulator(smallTenant(), { quota: 'unlimited' });
const program = fileURLToPath(new URL('tls-client.mjs', import.meta.url));

let proxy: TlsProxy;
beforeAll(async () => {
  proxy = await startTlsProxy(azure);
});
afterAll(() => proxy.close());

/** Runs a program that knows nothing of the emulator, and gives what it printed. */
async function runProgram(environment: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HTTPS_PROXY: proxy.proxyUrl,
      NODE_EXTRA_CA_CERTS: proxy.caFile,
      AZURE_TENANT_ID: azure.tenant.tenantId,
      AZURE_CLIENT_ID: defaultPrincipal.clientId,
      AZURE_CLIENT_SECRET: defaultPrincipal.clientSecret,
      ...environment,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await new Promise((resolve) => {
    child.on('close', resolve);
  });
  return output;
}

describe('a child process with HTTPS_PROXY and NODE_EXTRA_CA_CERTS', () => {
  test('signs in by DefaultAzureCredential and queries Resource Graph', async () => {
    expect(await runProgram({})).toContain('rows 9');
    expect(azure.requests.map(({ method, path, status }) => `${status} ${method} ${path}`)).toEqual([
      `200 POST /${azure.tenant.tenantId}/oauth2/v2.0/token`,
      '200 POST /providers/Microsoft.ResourceGraph/resources',
    ]);
  });

  test.for<[what: string, environment: Record<string, string>, words: string]>([
    ['a wrong secret', { AZURE_CLIENT_SECRET: 'wrong' }, 'AADSTS7000215'],
    ['an unknown application', { AZURE_CLIENT_ID: smallTenant().tenantId }, 'AADSTS700016'],
    ['an unknown tenant', { AZURE_TENANT_ID: defaultPrincipal.clientId }, 'AADSTS90002'],
  ])('%s is told as Microsoft Entra ID tells it', async ([, environment, words]) => {
    expect(await runProgram(environment)).toContain(words);
  });
});

test.for<[authority: string, status: number]>([
  ['management.azure.com:443', 200],
  ['kv-shop.vault.azure.net:443', 200],
  ['example.com:443', 502],
  ['azure.com.example.com:443', 502],
])('CONNECT %s is %d', async ([path, expected]) => {
  const { port } = new URL(proxy.proxyUrl);
  const status = await new Promise((resolve, reject) => {
    const attempt = request({ host: '127.0.0.1', port, method: 'CONNECT', path });
    attempt.on('error', reject);
    attempt.on('connect', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    attempt.end();
  });
  expect(status).toBe(expected);
});
