import { createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';

import { emulator, loopbackHttpClient, serve } from '../../emulator/index.ts';
import { cloudEndpoints } from '../../src/azure/cloud-endpoints.ts';
import { connect } from '../../src/azure/connect.ts';
import { listDescendants, listSubscriptions } from '../../src/azure/subscriptions.ts';
import { redact } from '../../src/reporters/text/redaction.ts';
import { queryPage } from '../../src/azure/resource-graph.ts';
import { watchdogPolicy } from '../../src/azure/pipeline-policies.ts';
import { clouds } from '../../src/model/cloud.ts';
import { AzureError } from '../../src/model/errors.ts';
import { liveSource } from '../../src/sources/live.ts';
import { listen } from '../sources/source-contract.ts';
import { estate, quietSession, tenantOf } from './estate.ts';

const query = {
  operation: 'count vaults',
  query: 'resources | project id',
  scope: { kind: 'tenant' },
} as const;
const everything = { subscriptions: [], managementGroups: [] };

test.for(clouds)('%s is asked at its own address, with a token of its own', async (cloud) => {
  const { azure } = estate(tenantOf({ one: 1 }));
  const urls: string[] = [];
  const scopes: unknown[] = [];
  const agents: (string | undefined)[] = [];
  const { connection } = estate(
    tenantOf({ one: 1 }),
    {},
    {
      cloud,
      credential: {
        getToken(scope, options) {
          scopes.push(scope);
          return azure.credential.getToken(scope, options);
        },
      },
      httpClient: {
        sendRequest(request) {
          urls.push(new URL(request.url).origin);
          agents.push(request.headers.get('user-agent'));
          return azure.httpClient.sendRequest(request);
        },
      },
    },
  );
  const told = await listen(liveSource({ connection, subscriptions: [], managementGroups: ['mg-root'] }));
  expect(told.resources).toHaveLength(1);
  expect(new Set(urls)).toEqual(new Set([cloudEndpoints[cloud].armEndpoint]));
  expect(new Set(scopes.flat())).toEqual(new Set([cloudEndpoints[cloud].armScope]));
  expect(agents.filter((agent) => agent?.startsWith('purgeproof/0.0.0-test') !== true)).toEqual([]);
});

test('one token serves all clients, and is asked for once', async () => {
  const { azure } = estate(tenantOf({ one: 1 }));
  let asked = 0;
  const credential = {
    getToken: (...args: Parameters<typeof azure.credential.getToken>) => {
      asked += 1;
      return azure.credential.getToken(...args);
    },
  };
  const { connection } = estate(tenantOf({ one: 1 }), {}, { credential, httpClient: azure.httpClient });
  await listen(liveSource({ connection, ...everything }));
  expect(asked).toBe(1);
});

describe('lists come in pages', () => {
  const tenant = tenantOf({ one: 0, two: 0, three: 0, four: 0, five: 0 });
  const pageSizes = { subscriptions: 2, descendants: 2 };

  test('of subscriptions, also when a page fails at first', async () => {
    const { connection, azure } = estate(tenant, { pageSizes });
    azure.inject({ kind: 'status', status: 503, match: { path: /^\/subscriptions$/, nth: 2 } });
    const session = quietSession();
    expect((await listSubscriptions(connection, session)).map(({ name }) => name)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
    expect(session.cost.retries).toBe(1);
  });

  test('of what is below a management group', async () => {
    const { connection } = estate(tenant, { pageSizes });
    expect(await listDescendants(connection, quietSession(), 'mg-root')).toHaveLength(5);
  });

  test('a next page on another host is not asked for: it would be shown the token', async () => {
    const hosts: string[] = [];
    const { azure } = estate(tenant, { pageSizes });
    const { connection } = estate(
      tenant,
      {},
      {
        httpClient: {
          async sendRequest(request) {
            hosts.push(new URL(request.url).host);
            const response = await azure.httpClient.sendRequest(request);
            const bodyAsText = response.bodyAsText?.replaceAll(
              'https://management.azure.com',
              'https://evil.example',
            );
            return { ...response, ...(bodyAsText === undefined ? {} : { bodyAsText }) };
          },
        },
      },
    );
    await expect(listDescendants(connection, quietSession(), 'mg-root')).rejects.toThrow(/another host/);
    expect(new Set(hosts)).toEqual(new Set(['management.azure.com']));
  });
});

test('the debug log shows requests and no token', async () => {
  const lines: string[] = [];
  const { azure } = estate(tenantOf({ one: 1 }));
  const connection = connect({
    cloud: 'AzureCloud',
    version: '0.0.0-test',
    credential: azure.credential,
    httpClient: azure.httpClient,
    debug: (line) => lines.push(line),
  });
  await queryPage(connection, quietSession(), query);
  const token = await azure.credential.getToken('x');
  const log = lines.join('\n');
  expect(log).toContain('Microsoft.ResourceGraph');
  expect(log).toContain('REDACTED');
  expect(log).not.toMatch(/eyJ/);
  expect(log).not.toContain(token?.token);
});

test.for([
  ['Authorization: Bearer eyJhbGciOi.eyJzdWIi.c2ln', 'Authorization: Bearer REDACTED'],
  ['{"access_token":"secret-1","expires_in":3599}', '{"access_token":REDACTED,"expires_in":3599}'],
  ['grant_type=x&client_secret=hunter2&scope=y', 'grant_type=x&client_secret=REDACTED&scope=y'],
  ['token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl.', 'token REDACTED'],
  ['{"code":"AuthorizationFailed"}', '{"code":"AuthorizationFailed"}'],
] as const)('%s is redacted', ([text, expected]) => {
  expect(redact(text)).toBe(expected);
});

describe('the watchdog', () => {
  const never = (): Promise<never> => new Promise<never>(() => undefined);

  test('ends a request that gets no whole answer', async () => {
    const request = createPipelineRequest({ url: 'https://management.azure.com/' });
    let inside: typeof request.abortSignal;
    const error: unknown = await watchdogPolicy(5)
      .sendRequest(request, (sent) => {
        inside = sent.abortSignal;
        return never();
      })
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RestError);
    expect(error).toMatchObject({ code: 'ETIMEDOUT' });
    expect(inside?.aborted).toBe(true);
    // The SDK's retry policy would take it for an abort of the caller's.
    expect(request.abortSignal).toBeUndefined();
  });

  test('lets an abort through as it is', async () => {
    const controller = new AbortController();
    const request = createPipelineRequest({
      url: 'https://management.azure.com/',
      abortSignal: controller.signal,
    });
    const work = watchdogPolicy(60_000).sendRequest(request, never);
    controller.abort();
    await expect(work).rejects.toThrow(/abort/i);
  });
});

describe('over sockets, with the SDK’s own client for Node', () => {
  test.for([
    ['undisturbed', undefined],
    ['a reset before the headers', { kind: 'resetBeforeHeaders' }],
    ['a reset after the headers', { kind: 'resetAfterHeaders' }],
    ['a truncated body', { kind: 'truncatedBody' }],
    ['503', { kind: 'status', status: 503, retryAfter: 0 }],
  ] as const)('%s: the read is whole', async ([, fault]) => {
    const azure = emulator(tenantOf({ one: 30, two: 4 }), { payloadLimit: 8_000 });
    const server = await serve(azure);
    try {
      if (fault !== undefined) azure.inject({ ...fault, match: { query: /project id, name/, nth: 2 } });
      const connection = connect({
        cloud: 'AzureCloud',
        version: '0.0.0-test',
        credential: azure.credential,
        httpClient: loopbackHttpClient(server.url),
      });
      const told = await listen(liveSource({ connection, ...everything }));
      expect(told.resources).toHaveLength(34);
      expect(told.unreadable).toEqual([]);
      expect(told.coverage?.retries).toBe(fault === undefined ? 0 : 1);
    } finally {
      await server.close();
    }
  });
});

describe('a sign-in that is begun before the first request', () => {
  /** A connection whose sign-in is counted, and answered by `answer`. */
  function signingIn(answer: (signal: AbortSignal | undefined) => Promise<void>) {
    const made = estate(tenantOf({ one: 1 }));
    let asked = 0;
    const getToken: typeof made.azure.credential.getToken = async (scope, options) => {
      asked += 1;
      const { abortSignal } = options ?? {};
      await answer(abortSignal instanceof AbortSignal ? abortSignal : undefined);
      return made.azure.credential.getToken(scope, options);
    };
    const { httpClient } = made.azure;
    const { connection } = estate(tenantOf({ one: 1 }), {}, { credential: { getToken }, httpClient });
    return { connection, asked: () => asked };
  }

  test('is its only one', async () => {
    const { connection, asked } = signingIn(async () => undefined);
    connection.beginSignIn(new AbortController().signal);
    expect(asked()).toBe(1);
    expect((await queryPage(connection, quietSession(), query)).total).toBe(1);
    await listSubscriptions(connection, quietSession());
    expect(asked()).toBe(1);
  });

  test('fails where the request does, which may sign in again', async () => {
    let fails = true;
    const { connection, asked } = signingIn(async () => {
      if (fails)
        throw new AzureError('no', { operation: 'sign in', status: 0, code: 'No', requestId: '', hint: '' });
    });
    connection.beginSignIn(new AbortController().signal);
    await expect(queryPage(connection, quietSession(), query)).rejects.toThrow('no');
    fails = false;
    expect((await queryPage(connection, quietSession(), query)).total).toBe(1);
    expect(asked()).toBe(2);
  });

  test('ends with the signal, also where no request came', async () => {
    const ending = new AbortController();
    let ended = false;
    const { connection } = signingIn(async (signal) => {
      signal?.addEventListener('abort', () => {
        ended = true;
      });
      await new Promise(() => undefined);
    });
    connection.beginSignIn(ending.signal);
    ending.abort();
    expect(ended).toBe(true);
  });
});
