import type { HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { emulator, loopbackHttpClient, serve, type Emulator, type Fault } from '../../emulator/index.ts';
import { graphClient, ids, names, smallTenant } from './azure.ts';

const objects = { resultFormat: 'objectArray' } as const;

/** Asks for the first page of four, or with a token for the next. */
async function ask(azure: Emulator, httpClient: HttpClient, skipToken?: string) {
  const options = { ...objects, top: 4, ...(skipToken !== undefined && { skipToken }) };
  return graphClient(azure, httpClient).resources({ query: names, options });
}

const inMemory = async (azure: Emulator, use: (client: HttpClient) => Promise<void>): Promise<void> =>
  use(azure.httpClient);

async function overLoopback(azure: Emulator, use: (client: HttpClient) => Promise<void>): Promise<void> {
  const server = await serve(azure);
  try {
    await use(loopbackHttpClient(server.url));
  } finally {
    await server.close();
  }
}

describe.for([
  ['in memory', inMemory],
  ['over loopback', overLoopback],
] as const)('faults %s', ([, through]) => {
  test.for<[fault: Fault, error: object]>([
    [
      { kind: 'status', status: 429 },
      { statusCode: 429, code: 'RateLimiting' },
    ],
    [
      { kind: 'status', status: 500 },
      { statusCode: 500, code: 'InternalServerError' },
    ],
    [{ kind: 'status', status: 503, retryAfter: 1 }, { statusCode: 503 }],
    [
      { kind: 'status', status: 403, code: 'AccessDenied' },
      { statusCode: 403, code: 'AccessDenied' },
    ],
    // The SDK stumbles over a body that is not in Azure's shape.
    [{ kind: 'status', status: 502, body: 'bad gateway' }, { name: 'TypeError' }],
    [{ kind: 'resetBeforeHeaders' }, { name: 'RestError', code: 'ECONNRESET' }],
    [{ kind: 'resetAfterHeaders' }, { name: 'RestError', code: 'PARSE_ERROR' }],
    [{ kind: 'truncatedBody' }, { name: 'RestError', code: 'PARSE_ERROR' }],
  ])('%o fails once, then all is well', async ([fault, error]) => {
    const azure = emulator(smallTenant(), { quota: 'unlimited' });
    await through(azure, async (client) => {
      azure.inject(fault);
      await expect(ask(azure, client)).rejects.toMatchObject(error);
      expect((await ask(azure, client)).count).toBe(4);
    });
  });

  test.for<[fault: Fault, names: readonly string[], token: boolean]>([
    [{ kind: 'truncatedPage' }, ['a', 'b'], false],
    [{ kind: 'duplicateRows' }, ['a', 'b', 'c', 'a', 'a'], true],
    [{ kind: 'movedRow' }, ['b', 'c', 'a'], true],
    [{ kind: 'malformedRow', row: { name: 'kv-x-z' } }, ['z', 'b', 'c', 'a'], true],
    [{ kind: 'slow', ms: 1 }, ['a', 'b', 'c', 'a'], true],
  ])('%o changes the page', async ([fault, letters, token]) => {
    const azure = emulator(smallTenant(), { quota: 'unlimited' });
    await through(azure, async (client) => {
      azure.inject(fault);
      const page = await ask(azure, client);
      expect(page.data.map((row: { readonly name: string }) => row.name.at(-1))).toEqual(letters);
      expect(page.totalRecords).toBe(9);
      expect(page.skipToken !== undefined).toBe(token);
      expect(page.resultTruncated).toBe(token ? 'false' : 'true');
    });
  });
});

describe('which requests are hit', () => {
  test('only those that match, from the nth on, so many times', async () => {
    const azure = emulator(smallTenant(), { quota: 'unlimited' });
    azure.inject({ kind: 'status', status: 500, match: { query: /project id/, nth: 2 }, times: 2 });
    azure.inject({ kind: 'status', status: 404, match: { method: 'get', path: /nowhere/ } });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) {
      await ask(azure, azure.httpClient).catch(() => undefined);
      statuses.push(azure.requests.at(-1)?.status ?? 0);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  test('an expired token waits for a request that has one', async () => {
    const azure = emulator(smallTenant(), { quota: 'unlimited' });
    azure.inject({ kind: 'expiredSkipToken' });
    const first = await ask(azure, azure.httpClient);
    await expect(ask(azure, azure.httpClient, first.skipToken)).rejects.toMatchObject({ statusCode: 400 });
    expect((await ask(azure, azure.httpClient, first.skipToken)).count).toBe(4);
  });

  test('a subscription is denied from the request on, and a hook changes what it likes', async () => {
    const azure = emulator(smallTenant(), { quota: 'unlimited' });
    azure.inject({ kind: 'deny', subscriptionId: ids.two, match: { nth: 2 } });
    azure.inject({
      kind: 'hook',
      match: { nth: 3 },
      run: (tenant) => {
        tenant.resources = [];
      },
    });
    const totals: number[] = [];
    for (let index = 0; index < 3; index++) totals.push((await ask(azure, azure.httpClient)).totalRecords);
    expect(totals).toEqual([9, 6, 0]);
  });

  test('a reset is recorded with status 0', async () => {
    const azure = emulator(smallTenant());
    azure.inject({ kind: 'resetBeforeHeaders' });
    await expect(ask(azure, azure.httpClient)).rejects.toThrow('socket hang up');
    expect(azure.requests.map((request) => request.status)).toEqual([0]);
  });
});

test('an aborted request fails as aborted', async () => {
  const azure = emulator(smallTenant());
  azure.inject({ kind: 'slow', ms: 60_000 });
  const abort = new AbortController();
  const pending = graphClient(azure).resources({ query: names }, { abortSignal: abort.signal });
  abort.abort();
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
});
