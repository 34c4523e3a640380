import type { PipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { guidOf } from '../../emulator/index.ts';
import { getJson } from '../../src/azure/arm-list.ts';
import { getSubscription, listSubscriptions } from '../../src/azure/subscriptions.ts';
import { estate, quietSession, tenantOf } from './estate.ts';

function logged(overrides: Parameters<typeof estate>[2] = {}) {
  const lines: string[] = [];
  const opened = estate(tenantOf({ one: 1 }), {}, { onExchange: (line) => lines.push(line), ...overrides });
  return { ...opened, lines };
}

const list = 'GET management.azure.com/subscriptions?api-version=2022-12-01';

describe('the log of requests has a line for each', () => {
  test('with its status, its time and its id', async () => {
    const { connection, lines } = logged();
    await listSubscriptions(connection, quietSession());
    expect(lines).toEqual([expect.stringMatching(/^GET \S+ 200 in \d+ ms, request [\w-]+$/)]);
    expect(lines[0]).toContain(list);
  });

  test('with the id that Azure gave it, before that of the client', async () => {
    const { azure } = estate(tenantOf({ one: 1 }));
    const httpClient = {
      async sendRequest(request: PipelineRequest) {
        const response = await azure.httpClient.sendRequest(request);
        response.headers.set('x-ms-request-id', 'from-azure');
        return response;
      },
    };
    const { connection, lines } = logged({ httpClient });
    await listSubscriptions(connection, quietSession());
    expect(lines[0]).toMatch(/, request from-azure$/);
  });

  test('that Azure refuses', async () => {
    const { connection, lines } = logged();
    await expect(getSubscription(connection, quietSession(), guidOf('nobody'))).rejects.toThrow('could not');
    expect(lines).toEqual([expect.stringMatching(/ 404 in \d+ ms, request /)]);
  });

  test('that is repeated', async () => {
    const { azure, connection, lines } = logged();
    azure.inject({ kind: 'status', status: 503, retryAfter: 0, match: { path: /subscriptions$/, nth: 1 } });
    await listSubscriptions(connection, quietSession());
    expect(lines).toEqual([
      expect.stringMatching(/ 503 in \d+ ms/),
      expect.stringMatching(/ 200 in \d+ ms, request [\w-]+, retry 1$/),
    ]);
  });

  test('that is not answered', async () => {
    const httpClient = {
      sendRequest: async () => {
        throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
      },
    };
    const { connection, lines } = logged({ httpClient, requestTimeoutMs: 0 });
    await expect(listSubscriptions(connection, quietSession())).rejects.toThrow('no');
    expect(lines[0]).toMatch(/ failed \(ECONNREFUSED\) in \d+ ms, request /);
  });

  test('without what may be a secret in it', async () => {
    const { azure, connection, lines } = logged();
    const hidden = `${connection.cloud.armEndpoint}/nowhere?sig=made-up&%24skiptoken=made-up&api-version=1`;
    await expect(getJson(connection, hidden, new AbortController().signal)).rejects.toThrow('HTTP 404');
    expect(lines[0]).toContain('management.azure.com/nowhere?sig=REDACTED&$skiptoken=…&api-version=1 ');
    const token = await azure.credential.getToken('x');
    expect(lines.join('')).not.toMatch(/made-up|eyJ/);
    expect(lines.join('')).not.toContain(token?.token);
  });
});
