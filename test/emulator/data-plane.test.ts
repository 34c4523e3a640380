import { describe, expect, test } from 'vitest';
import { emulator, type Emulator, type TenantDataPlane } from '../../emulator/index.ts';
import type { EmulatorOptions } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import { roles } from '../../emulator/rights/role.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { subscriptionId, tenantWithObjects, vaultId } from '../usecases/objects-estate.ts';

const origin = 'https://kv-a.vault.azure.net';
const deleted = { deletedDate: '2026-11-20T10:53:07Z', scheduledPurgeDate: '2026-11-27T10:53:07Z' };

interface Asked {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

async function ask(
  azure: Emulator,
  method: string,
  path: string,
  audience = 'https://vault.azure.net',
): Promise<Asked> {
  const token = await azure.credential.getToken(`${audience}/.default`);
  const url = path.startsWith('https:') ? path : `${origin}${path}`;
  const headers = { authorization: `Bearer ${token?.token ?? ''}` };
  const response = await azure.fetch(new Request(versioned(url), { method, headers }));
  const text = await response.text();
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body: isJsonObject(body) ? body : {}, headers: response.headers };
}

function textIn(body: JsonObject, key: string): string {
  const value = body[key];
  return typeof value === 'string' ? value : '';
}

function versioned(url: string): string {
  return url.includes('api-version') ? url : `${url}${url.includes('?') ? '&' : '?'}api-version=7.6`;
}

function open(
  plane: Partial<TenantDataPlane>,
  properties: JsonObject = {},
  options: EmulatorOptions = {},
): Emulator {
  return emulator(tenantWithObjects({ objects: [], ...plane }, properties), options);
}

describe('the data plane of a vault', () => {
  test('wants a token for vaults: the challenge says which', async () => {
    const azure = open({});
    const bare = await azure.fetch(new Request(`${origin}/secrets?api-version=7.6`));
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toBe(
      `Bearer authorization="https://login.microsoftonline.com/${azure.tenant.tenantId}", resource="https://vault.azure.net"`,
    );
    const wrong = await ask(azure, 'GET', '/secrets', 'https://management.azure.com');
    expect(wrong.status).toBe(401);
    expect(JSON.stringify(wrong.body)).toContain('AKV10022');
    expect((await ask(azure, 'GET', '/secrets')).body).toEqual({ value: [], nextLink: null });
    expect(azure.requests.map(({ host }) => host)).toEqual(
      Array.from({ length: 3 }, () => 'kv-a.vault.azure.net'),
    );
  });

  test.for([
    { cloud: 'usgovcloudapi.net', host: 'kv-a.vault.usgovcloudapi.net' },
    { cloud: 'azure.cn', host: 'kv-a.vault.azure.cn' },
  ])('of $cloud has its own audience', async ({ cloud, host }) => {
    const azure = open({}, { vaultUri: `https://${host}/` });
    expect((await ask(azure, 'GET', `https://${host}/keys`, `https://vault.${cloud}`)).status).toBe(200);
    expect((await ask(azure, 'GET', `https://${host}/keys`)).status).toBe(401);
  });

  test('lists 25 at a time, and links to the rest', async () => {
    const objects = Array.from({ length: 30 }, (_, index) => ({
      type: 'secret' as const,
      name: `s-${index}`,
    }));
    const azure = open({ objects });
    const first = await ask(azure, 'GET', '/secrets');
    expect(first.body['value']).toHaveLength(25);
    expect(first.body['nextLink']).toContain(`${origin}:443/secrets?`);
    const second = await ask(azure, 'GET', textIn(first.body, 'nextLink'));
    expect(second.body['value']).toHaveLength(5);
    expect(second.body['nextLink']).toBeNull();
    expect((await ask(azure, 'GET', '/secrets?maxresults=26')).status).toBe(400);
  });

  test('gives the value of a secret to one request alone', async () => {
    const azure = open({ objects: [{ type: 'secret', name: 's', value: 'hunter2' }] });
    for (const path of ['/secrets', '/secrets/s/versions'])
      expect(JSON.stringify((await ask(azure, 'GET', path)).body)).not.toContain('hunter2');
    expect((await ask(azure, 'GET', '/secrets/s')).body['value']).toBe('hunter2');
    expect(JSON.stringify((await ask(azure, 'DELETE', '/secrets/s')).body)).not.toContain('hunter2');
    expect(JSON.stringify((await ask(azure, 'GET', '/deletedsecrets/s')).body)).not.toContain('hunter2');
  });

  test('shows a certificate three times, and its parts as managed', async () => {
    const azure = open({ objects: [{ type: 'certificate', name: 'c' }] });
    for (const [collection, managed] of [
      ['secrets', true],
      ['keys', true],
      ['certificates', undefined],
    ] as const) {
      const { body } = await ask(azure, 'GET', `/${collection}`);
      expect(body['value']).toMatchObject([{ attributes: { enabled: true } }]);
      expect(
        Array.isArray(body['value']) && isJsonObject(body['value'][0]) && body['value'][0]['managed'],
      ).toBe(managed);
    }
    expect((await ask(azure, 'DELETE', '/keys/c')).body).toMatchObject({
      error: { innererror: { code: 'KeyManagedByKeyVault' } },
    });
    await ask(azure, 'DELETE', '/certificates/c');
    expect((await ask(azure, 'GET', '/deletedsecrets')).body['value']).toMatchObject([{ managed: true }]);
  });

  test.for<[level: string, days: number, properties: JsonObject, plane?: Partial<TenantDataPlane>]>([
    ['Purgeable', 0, { enableSoftDelete: false }],
    ['Recoverable+Purgeable', 90, {}],
    ['Recoverable', 90, { enablePurgeProtection: true }],
    [
      'Recoverable+ProtectedSubscription',
      90,
      { enablePurgeProtection: true },
      { protectedSubscription: true },
    ],
    ['CustomizedRecoverable+Purgeable', 7, { softDeleteRetentionInDays: 7 }],
    ['CustomizedRecoverable', 89, { softDeleteRetentionInDays: 89, enablePurgeProtection: true }],
    [
      'CustomizedRecoverable+ProtectedSubscription',
      7,
      { softDeleteRetentionInDays: 7, enablePurgeProtection: true },
      { protectedSubscription: true },
    ],
  ])('%s, %i days: from the configuration of the vault', async ([level, days, properties, plane]) => {
    const azure = open({ objects: [{ type: 'key', name: 'k' }], ...plane }, properties);
    expect((await ask(azure, 'GET', '/keys')).body['value']).toMatchObject([
      { kid: `${origin}/keys/k`, attributes: { recoveryLevel: level, recoverableDays: days } },
    ]);
  });

  test('recovers in a while: the object is neither there nor gone at once', async () => {
    const azure = open({ objects: [{ type: 'secret', name: 's', ...deleted }] }, {}, { recoverLooks: 2 });
    expect((await ask(azure, 'GET', '/secrets/s')).status).toBe(404);
    const posted = await ask(azure, 'POST', '/deletedsecrets/s/recover');
    expect(posted.status).toBe(200);
    expect(posted.body).not.toHaveProperty('value');
    expect((await ask(azure, 'POST', '/deletedsecrets/s/recover')).body).toMatchObject({
      error: { code: 'Conflict', innererror: { code: 'ObjectIsBeingRecovered' } },
    });
    const seen: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) seen.push((await ask(azure, 'GET', '/secrets/s')).status);
    expect(seen).toEqual([404, 404, 200, 200]);
    expect((await ask(azure, 'GET', '/deletedsecrets/s')).status).toBe(404);
  });

  test('purges at once; with purge protection nobody does', async () => {
    const objects = [{ type: 'key' as const, name: 'k', ...deleted }];
    const open_ = open({ objects: objects.map((one) => ({ ...one })) });
    expect((await ask(open_, 'DELETE', '/deletedkeys/k')).status).toBe(204);
    expect((await ask(open_, 'DELETE', '/deletedkeys/k')).body).toMatchObject({
      error: { code: 'KeyNotFound' },
    });
    const kept = open({ objects }, { enablePurgeProtection: true });
    const { status, body } = await ask(kept, 'DELETE', '/deletedkeys/k');
    expect(status).toBe(403);
    expect(JSON.stringify(body)).toContain('purge protection is enabled');
  });

  test('refuses what is still being deleted', async () => {
    const azure = open({ objects: [{ type: 'key', name: 'k', ...deleted, deleting: 1 }] });
    expect((await ask(azure, 'DELETE', '/deletedkeys/k')).body).toMatchObject({
      error: { code: 'Conflict', innererror: { code: 'ObjectIsBeingDeleted' } },
    });
    expect((await ask(azure, 'DELETE', '/deletedkeys/k')).status).toBe(204);
  });

  const ipRules = [{ value: '203.0.113.0/24' }];
  test.for<[inner: string, properties: JsonObject]>([
    ['ForbiddenByConnection', { publicNetworkAccess: 'Disabled' }],
    ['ForbiddenByFirewall', { networkAcls: { defaultAction: 'Deny', ipRules } }],
  ])('%s: by the network rules of the vault', async ([inner, properties]) => {
    const { status, body } = await ask(open({}, properties), 'GET', '/secrets');
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { code: 'Forbidden', innererror: { code: inner } } });
  });

  test('lets in whom the firewall allows', async () => {
    const azure = open(
      {},
      { networkAcls: { defaultAction: 'Deny', ipRules } },
      { clientAddress: '203.0.113.9' },
    );
    expect((await ask(azure, 'GET', '/secrets')).status).toBe(200);
  });

  test('goes by roles with data actions, which Owner has none of', async () => {
    const azure = open({ objects: [{ type: 'secret', name: 's', ...deleted }] });
    const scope = `/subscriptions/${subscriptionId}`;
    azure.tenant.roleAssignments = [{ scope, role: roles.owner }];
    const refused = await ask(azure, 'GET', '/deletedsecrets');
    expect(refused.body).toMatchObject({ error: { innererror: { code: 'ForbiddenByRbac' } } });
    expect(JSON.stringify(refused.body)).toContain('Microsoft.KeyVault/vaults/secrets/readMetadata/action');
    azure.tenant.roleAssignments = [{ scope: vaultId, role: roles.keyVaultReader }];
    expect((await ask(azure, 'GET', '/deletedsecrets')).status).toBe(200);
    expect((await ask(azure, 'POST', '/deletedsecrets/s/recover')).status).toBe(403);
    azure.tenant.roleAssignments = [{ scope: vaultId, role: roles.keyVaultSecretsOfficer }];
    expect((await ask(azure, 'POST', '/deletedsecrets/s/recover')).status).toBe(200);
  });

  test.for<[permissions: readonly string[], list: number, purge: number]>([
    [[], 403, 403],
    [['all'], 200, 403],
    [['purge'], 403, 204],
  ])(
    'goes by access policies where the vault does, and `all` is not purge: %j',
    async ([permissions, list, purge]) => {
      const azure = open(
        { objects: [{ type: 'secret', name: 's', ...deleted }] },
        {
          enableRbacAuthorization: false,
          accessPolicies: [{ objectId: defaultPrincipal.objectId, permissions: { secrets: permissions } }],
        },
      );
      const answers = [
        await ask(azure, 'GET', '/deletedsecrets'),
        await ask(azure, 'DELETE', '/deletedsecrets/s'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([list, purge]);
      const refused = answers.filter(({ status }) => status === 403).map(({ body }) => body);
      expect(refused).toMatchObject(
        refused.map(() => ({ error: { innererror: { code: 'ForbiddenByPolicy' } } })),
      );
    },
  );

  test('that is in no DNS, or of no vault, cannot be asked', async () => {
    await expect(ask(open({ network: 'unresolved' }), 'GET', '/secrets')).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
    await expect(ask(open({}), 'GET', 'https://kv-x.vault.azure.net/secrets')).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
  });

  test('that never answers keeps who asks waiting, and notes the request', async () => {
    const azure = open({ network: 'silent' });
    const first = await Promise.race([ask(azure, 'GET', '/secrets'), Promise.resolve('nothing yet')]);
    expect(first).toBe('nothing yet');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(azure.requests).toMatchObject([{ host: 'kv-a.vault.azure.net', status: 0 }]);
  });
});
