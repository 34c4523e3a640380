import { RestError } from '@azure/core-rest-pipeline';
import {
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from '@azure/identity';
import { describe, expect, test } from 'vitest';

import type { Fault } from '../../emulator/index.ts';
import type { ConnectOptions } from '../../src/azure/connection.ts';
import { queryPage } from '../../src/azure/resource-graph.ts';
import { getSubscription, listSubscriptions } from '../../src/azure/subscriptions.ts';
import { AzureError } from '../../src/model/errors.ts';
import { estate, quietSession, tenantOf, type Estate } from './estate.ts';

const query = {
  operation: 'count vaults',
  query: 'resources | project id',
  scope: { kind: 'tenant' },
} as const;

async function failureOf(work: Promise<unknown>): Promise<AzureError> {
  const error: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof AzureError) return error;
  throw new Error('it did not fail with an AzureError', { cause: error });
}

function ask({ connection }: Estate): Promise<unknown> {
  return queryPage(connection, quietSession(), query);
}

describe('what Azure refuses is told with its code and what to do', () => {
  const lasting = { times: 1000 };
  test.for<[string, Fault, Partial<AzureError>, RegExp]>([
    [
      '403',
      { kind: 'status', status: 403, ...lasting },
      { status: 403, code: 'AuthorizationFailed' },
      /role Reader/,
    ],
    [
      '403 that names the right',
      {
        kind: 'status',
        status: 403,
        body: {
          error: {
            code: 'AuthorizationFailed',
            message:
              "The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.KeyVault/vaults/read' over scope '/subscriptions/s' or the scope is invalid.",
          },
        },
        ...lasting,
      },
      { status: 403 },
      /needs Microsoft\.KeyVault\/vaults\/read on \/subscriptions\/s/,
    ],
    ['401', { kind: 'status', status: 401, ...lasting }, { status: 401 }, /az login/],
    ['404', { kind: 'status', status: 404, ...lasting }, { status: 404 }, /tenant/],
    ['429', { kind: 'status', status: 429, ...lasting }, { status: 429, code: 'RateLimiting' }, /throttles/],
    ['500', { kind: 'status', status: 500, ...lasting }, { status: 500 }, /few minutes/],
    [
      '400',
      { kind: 'status', status: 400, code: 'InvalidQuery', ...lasting },
      { code: 'InvalidQuery' },
      /request id/,
    ],
    ['a cut-off answer', { kind: 'truncatedBody', ...lasting }, { code: 'PARSE_ERROR' }, /./],
    ['a reset', { kind: 'resetBeforeHeaders', ...lasting }, { status: 0, code: 'ECONNRESET' }, /HTTPS_PROXY/],
  ])('%s', async ([, fault, expected, hint]) => {
    const disturbed = estate(tenantOf({ one: 1 }));
    disturbed.azure.inject(fault);
    const error = await failureOf(ask(disturbed));
    expect(error).toMatchObject({ operation: 'count vaults', ...expected });
    expect(error.message).toMatch(/^could not count vaults: ./);
    expect(error.message.length).toBeLessThan(400);
    expect(error.hint).toMatch(hint);
  });

  test('a query that does not compile says so in Azure’s words, not in those of its envelope', async () => {
    const { connection } = estate(tenantOf({ one: 1 }));
    const work = queryPage(connection, quietSession(), { ...query, query: 'resources | wher x' });
    const error = await failureOf(work);
    expect(error.code).toBe('InvalidQuery');
    expect(error.message).not.toContain('Please provide below info');
  });

  test('a subscription that does not exist', async () => {
    const { connection } = estate(tenantOf({ one: 1 }));
    const error = await failureOf(
      getSubscription(connection, quietSession(), '00000000-0000-4000-8000-000000000000'),
    );
    expect(error).toMatchObject({ status: 404, code: 'SubscriptionNotFound' });
    expect(error.hint).toContain('az account list');
  });
});

describe('the network', () => {
  test.for([
    ['ENOTFOUND', /management\.azure\.com must be reachable/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', /NODE_EXTRA_CA_CERTS/],
  ] as const)('%s', async ([code, hint]) => {
    let sent = 0;
    const httpClient: ConnectOptions['httpClient'] = {
      sendRequest: (request) => {
        sent += 1;
        return Promise.reject(new RestError('it did not work', { code, request }));
      },
    };
    const error = await failureOf(ask(estate(tenantOf({ one: 1 }), {}, { httpClient })));
    expect(error).toMatchObject({ status: 0, code });
    expect(error.hint).toMatch(hint);
    expect(sent).toBe(code === 'ENOTFOUND' ? 5 : 1);
  });

  test('a page of a proxy instead of an answer', async () => {
    const azure = estate(tenantOf({ one: 1 }));
    const { connection } = estate(
      tenantOf({ one: 1 }),
      {},
      {
        httpClient: {
          async sendRequest(request) {
            const response = await azure.azure.httpClient.sendRequest(request);
            response.headers.set('content-type', 'text/html');
            return { ...response, bodyAsText: '<html>Sign in to the guest network</html>' };
          },
        },
      },
    );
    const error = await failureOf(queryPage(connection, quietSession(), query));
    expect(error.code).toBe('MalformedAnswer');
    expect(error.hint).toContain('proxy');
  });
});

test('of a right that Azure does not name, none is guessed', async () => {
  const { azure, connection } = estate(tenantOf({ one: 1 }));
  azure.inject({ kind: 'status', status: 403, code: 'AuthorizationFailed', message: 'No.', times: 9 });
  const { hint } = await failureOf(listSubscriptions(connection, quietSession()));
  expect(hint).toContain('the role Reader');
  expect(hint).not.toContain('vaults/read');
});

describe('signing in', () => {
  const unavailable = new CredentialUnavailableError('Azure CLI could not be found.');
  const oauth = (code: string) => ({
    error: 'invalid_client',
    error_description: `${code}: something is wrong. Trace ID: 1 Correlation ID: 2`,
  });
  test.for<[string, Error, string, RegExp]>([
    ['nobody is signed in', new AggregateAuthenticationError([unavailable], 'failed'), '', /az login/],
    ['a credential is missing', unavailable, '', /AZURE_TOKEN_CREDENTIALS/],
    [
      'wrong secret',
      new AuthenticationError(401, oauth('AADSTS7000215')),
      'AADSTS7000215',
      /AZURE_CLIENT_SECRET/,
    ],
    [
      'unknown application',
      new AuthenticationError(400, oauth('AADSTS700016')),
      'AADSTS700016',
      /AZURE_CLIENT_ID/,
    ],
    ['federation', new AuthenticationError(400, oauth('AADSTS700213')), 'AADSTS700213', /federated/],
    [
      'session over',
      new AuthenticationRequiredError({ scopes: [], message: 'AADSTS70043: over' }),
      'AADSTS70043',
      /az login/,
    ],
    ['conditional access', new AuthenticationError(400, oauth('AADSTS53003')), 'AADSTS53003', /Conditional/],
    ['no network', new AuthenticationError(0, 'network_error: ENOTFOUND'), '', /login\.microsoftonline\.com/],
  ])('%s', async ([, thrown, code, hint]) => {
    const credential = { getToken: () => Promise.reject(thrown) };
    const { connection } = estate(tenantOf({ one: 1 }), {}, { credential });
    for (const work of [
      queryPage(connection, quietSession(), query),
      listSubscriptions(connection, quietSession()),
    ]) {
      const error = await failureOf(work);
      expect(error).toMatchObject({ operation: 'sign in', status: 0, code: code || thrown.name });
      expect(error.hint).toMatch(hint);
    }
  });

  test('in another cloud the hint names that cloud', async () => {
    const credential = { getToken: () => Promise.reject(unavailable) };
    const { connection } = estate(tenantOf({ one: 1 }), {}, { credential, cloud: 'AzureChinaCloud' });
    const error = await failureOf(queryPage(connection, quietSession(), query));
    expect(error.hint).toContain('az cloud set --name AzureChinaCloud');
  });

  test('no token reaches a message', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
    const thrown = new CredentialUnavailableError(`refused Bearer ${token} client_secret=hunter2`);
    const credential = { getToken: () => Promise.reject(thrown) };
    const { connection } = estate(tenantOf({ one: 1 }), {}, { credential });
    const error = await failureOf(queryPage(connection, quietSession(), query));
    expect(error.message).not.toContain(token);
    expect(error.message).not.toContain('hunter2');
  });
});
