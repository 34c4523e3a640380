import { describe, expect, test } from 'vitest';
import type { TenantDataPlane } from '../../emulator/index.ts';
import type { ConnectOptions } from '../../src/azure/connection.ts';
import { vaultPlane } from '../../src/azure/vault-plane.ts';
import { armWriteSender } from '../../src/azure/write.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { AzureError } from '../../src/model/errors.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { ObjectType } from '../../src/model/vault-plane.ts';
import { roles } from '../../emulator/rights/role.ts';
import { deletedDates, tenantWithObjects, vaultId } from '../usecases/objects-estate.ts';
import { estate, type Estate } from './estate.ts';

const { signal } = new AbortController();

interface Opened extends Estate {
  readonly plane: ReturnType<typeof vaultPlane>;
  readonly address: { readonly id: string; readonly name: string; readonly uri: string };
  readonly paths: () => readonly string[];
}

function open(
  plane: Partial<TenantDataPlane>,
  properties: JsonObject = {},
  overrides: Partial<ConnectOptions> = {},
): Opened {
  const opened = estate(tenantWithObjects({ objects: [], ...plane }, properties), {}, overrides);
  const uri =
    typeof properties['vaultUri'] === 'string' ? properties['vaultUri'] : 'https://kv-a.vault.azure.net/';
  return {
    ...opened,
    plane: vaultPlane(opened.connection),
    address: { id: vaultId, name: 'kv-a', uri },
    paths: () => opened.azure.requests.map(({ method, path }) => `${method} ${path}`),
  };
}

async function failureOf(work: Promise<unknown>): Promise<AzureError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof AzureError) return error;
  throw new Error('it did not fail with an AzureError', { cause: error });
}

function secrets(count: number, dates: JsonObject = {}) {
  return Array.from({ length: count }, (_, index) => ({
    type: 'secret' as const,
    name: `s-${index}`,
    ...dates,
  }));
}

describe('a data plane is read', () => {
  test('by every page of a list, with a token for vaults, without a challenge', async () => {
    const { plane, address, azure } = open({ objects: secrets(60) });
    const rows = await plane.list(address, 'secrets', signal);
    expect(rows).toHaveLength(60);
    expect(rows[0]).toMatchObject({
      id: 'https://kv-a.vault.azure.net/secrets/s-0',
      attributes: { recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 },
    });
    expect(azure.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test.for<[Cloud, string]>([
    ['AzureUSGovernment', 'https://kv-a.vault.usgovcloudapi.net/'],
    ['AzureChinaCloud', 'https://kv-a.vault.azure.cn'],
  ])('in %s by its own address and audience', async ([cloud, vaultUri]) => {
    const { plane, address } = open({ objects: secrets(1) }, { vaultUri }, { cloud });
    expect(await plane.list(address, 'secrets', signal)).toHaveLength(1);
  });

  test.for<[ObjectType]>([['secret'], ['key'], ['certificate']])(
    'for one %s by its versions, and for a deleted one by its entry',
    async ([type]) => {
      const { plane, address, paths } = open({
        objects: [
          { type, name: 'live' },
          { type, name: 'gone', ...deletedDates },
        ],
      });
      const at = (name: string) => ({ plane: address, type, name });
      expect(await plane.readLive(at('live'), signal)).toMatchObject({ kind: 'found' });
      expect(await plane.readLive(at('gone'), signal)).toEqual({ kind: 'notFound' });
      expect(await plane.readDeleted(at('GONE'), signal)).toMatchObject({
        kind: 'found',
        row: { deletedDate: 1_795_171_987, attributes: { recoverableDays: 90 } },
      });
      expect(await plane.readDeleted(at('live'), signal)).toEqual({ kind: 'notFound' });
      expect(paths()).toEqual([
        `GET /${type}s/live/versions`,
        `GET /${type}s/gone/versions`,
        `GET /deleted${type}s/GONE`,
        `GET /deleted${type}s/live`,
      ]);
    },
  );

  test('by lists alone where an access policy permits no more', async () => {
    const { plane, address, paths, azure } = open({ objects: secrets(30, deletedDates) });
    azure.inject({ kind: 'status', status: 403, match: { path: /\/s-29$/ }, code: 'Forbidden', times: 2 });
    const object = { plane: address, type: 'secret', name: 's-29' } as const;
    expect(await plane.readDeleted(object, signal)).toMatchObject({ kind: 'found' });
    expect(paths()).toEqual(['GET /deletedsecrets/s-29', 'GET /deletedsecrets', 'GET /deletedsecrets']);
    azure.inject({
      kind: 'status',
      status: 403,
      match: { path: /deletedsecrets/ },
      code: 'Forbidden',
      times: 9,
    });
    expect(await plane.readDeleted(object, signal)).toMatchObject({
      kind: 'failed',
      refusal: { status: 403 },
    });
  });

  test('and a value that should not be in an answer goes no further', async () => {
    const { plane, address, azure } = open({});
    const row = { id: 'https://kv-a.vault.azure.net/secrets/s', value: 'hunter2' };
    azure.inject({ kind: 'status', status: 200, body: { value: [row], nextLink: null } });
    expect(await plane.list(address, 'secrets', signal)).toEqual([{ id: row.id }]);
  });

  test.for([
    ['of another list', { value: [], nextLink: 'https://kv-b.vault.azure.net/secrets?x' }],
    ['in the clear', { value: [], nextLink: 'http://kv-a.vault.azure.net/secrets?x' }],
    ['at another port', { value: [], nextLink: 'https://kv-a.vault.azure.net:8443/secrets?x' }],
    ['that is a secret itself', { value: [], nextLink: 'https://kv-a.vault.azure.net/secrets/s?x' }],
    ['of another collection', { value: [], nextLink: 'https://kv-a.vault.azure.net/deletedsecrets?x' }],
    ['of another vault', { value: [{ id: 'https://kv-b.vault.azure.net/secrets/s' }] }],
    ['that is no list', { value: {} }],
    [
      'that never ends',
      { value: [], nextLink: 'https://kv-a.vault.azure.net/secrets?api-version=7.4&maxresults=25' },
    ],
  ] as const)('and a page %s is a failure', async ([, body]) => {
    const { plane, address, azure } = open({});
    azure.inject({ kind: 'status', status: 200, body, times: 99 });
    expect((await failureOf(plane.list(address, 'secrets', signal))).code).toBe('MalformedAnswer');
    expect(azure.requests.every(({ host }) => host === 'kv-a.vault.azure.net')).toBe(true);
    expect(azure.requests.every(({ path }) => path === '/secrets')).toBe(true);
  });

  test('and versions that go on at the secret itself are a failure', async () => {
    const { plane, address, azure, paths } = open({});
    const nextLink = 'https://kv-a.vault.azure.net/secrets/s?x';
    azure.inject({ kind: 'status', status: 200, body: { value: [], nextLink } });
    const read = await plane.readLive({ plane: address, type: 'secret', name: 's' }, signal);
    expect(read).toMatchObject({ kind: 'failed', refusal: { code: 'MalformedAnswer' } });
    expect(paths()).toEqual(['GET /secrets/s/versions']);
  });

  test.for<[string, JsonObject]>([
    ['another object', { recoveryId: 'https://kv-a.vault.azure.net/deletedsecrets/other' }],
    ['two objects', { id: 'https://kv-a.vault.azure.net/secrets/other/1' }],
    ['another vault', { recoveryId: 'https://kv-b.vault.azure.net/deletedsecrets/s' }],
    ['nothing', { recoveryId: undefined }],
  ])('and an entry that is about %s is a failure', async ([, told]) => {
    const { plane, address, azure } = open({});
    const own = { recoveryId: 'https://kv-a.vault.azure.net/deletedsecrets/s', deletedDate: 1_795_171_987 };
    const body: Json = JSON.parse(JSON.stringify({ ...own, ...told }));
    azure.inject({ kind: 'status', status: 200, body });
    const read = await plane.readDeleted({ plane: address, type: 'secret', name: 's' }, signal);
    expect(read).toMatchObject({ kind: 'failed', refusal: { code: 'MalformedAnswer' } });
  });

  test.for([301, 302, 307])('and nobody is led to a secret by a redirection: %i', async (status) => {
    const { plane, address, azure, paths } = open({ objects: secrets(1) });
    azure.inject({ kind: 'status', status, headers: { location: '/secrets/s-0?api-version=7.4' } });
    const failure = await failureOf(plane.list(address, 'secrets', signal));
    expect(failure.status).toBe(status);
    expect(paths()).toEqual(['GET /secrets']);
  });

  test('and a recovery that is redirected sends nothing more', async () => {
    const { connection, address, azure, paths } = open({ objects: secrets(1) });
    const dates = { deletedDate: '', scheduledPurgeDate: '' };
    const named = { plane: address, type: 'secret', name: 'gone', id: `${vaultId}/secrets/gone` } as const;
    const object = { ...named, ...dates, recoveryLevel: '', managed: false };
    for (const status of [303, 307]) {
      azure.inject({ kind: 'status', status, headers: { location: '/secrets/s-0?api-version=7.4' } });
      const answer = await armWriteSender(connection).send({ kind: 'recoverObject', object }, signal);
      expect(answer).toMatchObject({ kind: 'refused', refusal: { status } });
    }
    expect(paths()).toEqual(Array.from({ length: 2 }, () => 'POST /deletedsecrets/gone/recover'));
  });
});

describe('a token is sent to no address', () => {
  test.for([
    'https://kv-a.vault.azure.net.example.com/',
    'https://kv-a.example.com/?.vault.azure.net',
    'https://a.kv.vault.azure.net/',
    'https://vault.azure.net/',
    'https://kv-a.vault.azure.net:8443/',
    'http://kv-a.vault.azure.net/',
    'https://user@kv-a.vault.azure.net/',
    'https://kv-a.vault.azure.cn/',
    'https://kv-a.managedhsm.azure.net/',
    '',
  ])('that is none of a vault in this cloud: %j', async (uri) => {
    const { plane, address, azure } = open({});
    const elsewhere = { ...address, uri };
    expect((await failureOf(plane.list(elsewhere, 'keys', signal))).code).toBe('ForeignVaultUri');
    const object = { plane: elsewhere, type: 'key', name: 'k' } as const;
    for (const read of [plane.readDeleted(object, signal), plane.readLive(object, signal)])
      expect(await read).toMatchObject({ kind: 'failed', refusal: { code: 'ForeignVaultUri' } });
    expect(azure.requests).toEqual([]);
  });
});

describe('a data plane out of reach', () => {
  test('that never answers costs one time-out', async () => {
    const { plane, address, azure } = open({ network: 'silent' }, {}, { requestTimeoutMs: 30 });
    const { status, code, message, hint } = await failureOf(plane.list(address, 'keys', signal));
    expect([status, code]).toEqual([0, 'ETIMEDOUT']);
    expect(message).toContain('could not list the keys of kv-a');
    expect(hint).toContain('kv-a.vault.azure.net must be reachable');
    expect(azure.requests).toHaveLength(1);
  });

  test('that has no name in DNS costs one try', async () => {
    const { plane, address, azure } = open({ network: 'unresolved' });
    expect((await failureOf(plane.list(address, 'keys', signal))).code).toBe('ENOTFOUND');
    expect(azure.requests).toHaveLength(1);
  });

  test('for a moment is asked again', async () => {
    const { plane, address, azure } = open({});
    azure.inject({ kind: 'resetBeforeHeaders', times: 2 });
    azure.inject({ kind: 'status', status: 429, code: 'Throttled', match: { nth: 3 } });
    expect(await plane.list(address, 'keys', signal)).toEqual([]);
    expect(azure.requests).toHaveLength(4);
  });
});

describe('what a data plane refuses is told with what to do', () => {
  const operators = { enableRbacAuthorization: false, accessPolicies: [] };
  test.for<[name: string, properties: JsonObject, words: RegExp, hint: RegExp]>([
    [
      'ForbiddenByConnection',
      { publicNetworkAccess: 'Disabled' },
      /Public network access is disabled/,
      /a network with a private endpoint of the vault/,
    ],
    [
      'ForbiddenByFirewall',
      { networkAcls: { defaultAction: 'Deny', ipRules: [] } },
      /not a trusted service\. Client address: 198\.51\.100\.7/,
      /have this address allowed/,
    ],
    [
      'ForbiddenByPolicy',
      operators,
      /does not have secrets list permission/,
      /`az keyvault set-policy --name kv-a --object-id <object id> --secret-permissions <those that it has> list`$/,
    ],
    [
      'ForbiddenByRbac',
      {},
      /Caller is not authorized/,
      /such as Key Vault Reader: Owner and Contributor have none/,
    ],
  ])('%s', async ([, properties, words, hint]) => {
    const { plane, address, azure } = open({}, properties);
    azure.tenant.roleAssignments = [{ scope: '/', role: roles.owner }];
    const failure = await failureOf(plane.list(address, 'deletedsecrets', signal));
    expect(failure.status).toBe(403);
    expect(failure.message).toMatch(words);
    expect(failure.message).not.toMatch(/[\r\n]/);
    expect(failure.hint).toMatch(hint);
  });
});
