import { afterEach, expect, test, vi } from 'vitest';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { connect } from '../../src/azure/connect.ts';

afterEach(() => void vi.unstubAllEnvs());

// The SDK reads NO_PROXY once in a process: hence one setting with every form, and * last, which works by other means.
test.for([
  [
    'a domain stands for itself and the hosts below it',
    'localhost, azure.com, .microsoftonline.com',
    [
      ['https://azure.com', 'direct'],
      ['https://management.azure.com', 'direct'],
      ['https://login.microsoftonline.com', 'direct'],
      ['https://notazure.com', 'proxy'],
      ['https://kv-a.vault.azure.net', 'proxy'],
    ],
  ],
  ['* stands for every host', ' * ', [['https://kv-a.vault.azure.net', 'direct']]],
] as const)('NO_PROXY is read as the Azure CLI reads it: %s', async ([, noProxy, hosts]) => {
  for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, 'http://127.0.0.1:9');
  for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, noProxy);
  const seen: string[][] = [];
  const { arm } = connect({
    cloud: 'AzureCloud',
    version: '0.0.0-test',
    credential: { getToken: async () => ({ token: 'a.b.c', expiresOnTimestamp: Date.now() + 3_600_000 }) },
    httpClient: {
      sendRequest: async (request) => {
        const { origin } = new URL(request.url);
        seen.push([origin, request.agent === undefined ? 'direct' : 'proxy']);
        return { request, status: 200, headers: createHttpHeaders(), bodyAsText: '{}' };
      },
    },
  });
  for (const [url] of hosts) await arm.pipeline.sendRequest(arm.httpClient, createPipelineRequest({ url }));
  expect(seen).toEqual(hosts);
});
