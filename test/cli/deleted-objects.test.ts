import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretClient } from '@azure/keyvault-secrets';
import { describe, expect, test } from 'vitest';
import { emulator, type Emulator, type Tenant, type TenantDataPlane } from '../../emulator/index.ts';
import { roles } from '../../emulator/rights/role.ts';
import type { DeletedObjectList } from '../../src/model/deleted-report.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { objectTypeNames } from '../../src/model/vault-plane.ts';
import { deletedDates, tenantWithObjects, vaultId } from '../usecases/objects-estate.ts';
import { run, type Outcome, type Setting } from './run.ts';

interface Terminal {
  readonly azure: Emulator;
  readonly cwd: string;
  readonly run: (command: string, setting?: Setting) => Promise<Outcome>;
  /** Method and path of every request to a data plane. */
  readonly paths: () => readonly string[];
  readonly writes: () => readonly string[];
}

function terminal(tenant: Tenant): Terminal {
  const azure = emulator(tenant);
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-objects-'));
  const { credential, httpClient } = azure;
  const paths = (): readonly string[] =>
    azure.requests
      .filter(({ host }) => host !== 'management.azure.com')
      .map(({ method, path }) => `${method} ${path}`);
  return {
    azure,
    cwd,
    run: async (command, setting = {}) =>
      run(['deleted', 'objects', ...command.split(' ')], {
        cwd,
        azure: { credential, httpClient },
        now: '2026-11-24T12:00:00Z',
        ...setting,
      }),
    paths,
    writes: () => paths().filter((path) => !path.startsWith('GET ')),
  };
}

const later = { deletedDate: '2026-11-01T00:00:00Z', scheduledPurgeDate: '2027-01-30T00:00:00Z' };

function mixed(properties: JsonObject = {}, plane: Partial<TenantDataPlane> = {}): Tenant {
  const objects: TenantDataPlane['objects'] = [
    { type: 'secret', name: 'db-password', value: 'hunter2', ...deletedDates },
    { type: 'key', name: 'disk-key', ...later },
    { type: 'certificate', name: 'web', ...later },
    { type: 'secret', name: 'live', value: 'hunter3' },
  ];
  return tenantWithObjects({ objects, ...plane }, properties);
}

describe('deleted objects list', () => {
  test('shows what can be lost first; a certificate counts once', async () => {
    const { run: type, paths } = terminal(mixed());
    const { code, stdout, stderr } = await type('list kv-a');
    expect(stderr).toBe('');
    expect(stdout).toBe(
      [
        'name         kind         deleted     purged in  state',
        'db-password  secret       2026-11-20  2 days     can be purged now',
        'disk-key     key          2026-11-01  66 days    can be purged now',
        'web          certificate  2026-11-01  66 days    can be purged now',
        '',
        '3 deleted in kv-a, 3 of them can be purged now.',
        '',
      ].join('\n'),
    );
    expect(code).toBe(1);
    expect(paths()).toEqual(['GET /deletedsecrets', 'GET /deletedkeys', 'GET /deletedcertificates']);
  });

  test('as JSON keeps the contract', async () => {
    const { run: type } = terminal(mixed({ enablePurgeProtection: true }));
    const { stdout } = await type('list KV-A --type secret --output json');
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: '1.0',
      complete: true,
      objects: [
        {
          name: 'db-password',
          type: 'secret',
          recoveryLevel: 'Recoverable',
          ...deletedDates,
          daysToPurge: 2,
        },
      ],
      unreadable: [],
    });
  });

  test('of a vault by its id asks Resource Graph nothing', async () => {
    const { run: type, azure } = terminal(tenantWithObjects({ objects: [{ type: 'key', name: 'live' }] }));
    expect(await type(`list ${vaultId}`)).toMatchObject({
      code: 0,
      stdout: 'Nothing in kv-a is deleted.\n',
      stderr: '',
    });
    expect(azure.requests.some(({ path }) => path.includes('ResourceGraph'))).toBe(false);
  });

  test('of a type that may not be read is incomplete: exit code 3, and the right is named', async () => {
    const action = 'Microsoft.KeyVault/vaults/keys/read';
    const { run: type } = terminal({ ...mixed(), missingRights: [{ action, scope: vaultId }] });
    const { code, stdout } = await type('list kv-a');
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('db-password');
    expect(text).toContain('INCOMPLETE: not everything in kv-a could be listed.');
    expect(text).toContain(`Action: '${action}'`);
    expect(text).toContain('such as Key Vault Reader: Owner and Contributor have none');
    expect(code).toBe(3);
  });

  test.for<{
    name: string;
    properties?: JsonObject;
    plane?: Partial<TenantDataPlane>;
    flags?: string;
    words: string;
    gaps: number;
  }>([
    {
      name: 'behind a firewall',
      properties: { networkAcls: { defaultAction: 'Deny', ipRules: [] } },
      words: 'have this address allowed there',
      gaps: 3,
    },
    {
      name: 'with private endpoints alone',
      properties: { publicNetworkAccess: 'Disabled' },
      words: 'a network with a private endpoint',
      gaps: 3,
    },
    {
      name: 'that is in no DNS',
      plane: { network: 'unresolved' },
      words: 'kv-a.vault.azure.net must be reachable',
      gaps: 1,
    },
    {
      name: 'that never answers',
      plane: { network: 'silent' },
      flags: ' --request-timeout 1s',
      words: 'no whole answer',
      gaps: 1,
    },
    {
      name: 'of another cloud',
      properties: { vaultUri: 'https://kv-a.vault.azure.cn/' },
      words: 'which is not below vault.azure.net',
      gaps: 1,
    },
  ])(
    'of a vault $name is incomplete: exit code 3',
    async ({ properties, plane, flags = '', words, gaps }) => {
      const { run: type } = terminal(mixed(properties, plane));
      const { code, stdout } = await type(`list kv-a --output json${flags}`);
      const list: DeletedObjectList = JSON.parse(stdout);
      expect(list).toMatchObject({ complete: false, objects: [] });
      expect(list.unreadable.map(({ reason, hint }) => `${reason} ${hint}`).join('\n')).toContain(words);
      expect(list.unreadable).toHaveLength(gaps);
      expect(code).toBe(3);
    },
  );

  test('by an identity without a data action: Owner is not enough', async () => {
    const { run: type } = terminal({ ...mixed(), roleAssignments: [{ scope: '/', role: roles.owner }] });
    const { code, stdout } = await type('list kv-a --output json');
    expect(JSON.parse(stdout)).toMatchObject({ complete: false, unreadable: [{}, {}, {}] });
    expect(code).toBe(3);
  });

  test.for([
    ['kv-b', 'No visible vault is called "kv-b". Did you mean kv-a?'],
    [vaultId.replace('kv-a', 'kv-b'), 'There is no vault'],
    ['/subscriptions/x', 'is not the id of a vault'],
  ])('of what is no vault, %s: exit code 2', async ([word = '', words = '']) => {
    const { code, stderr } = await terminal(mixed()).run(`list ${word}`);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(code).toBe(2);
  });

  test('reads every page', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `s-${index}`);
    const objects = names.map((name) => ({ type: 'secret' as const, name, ...deletedDates }));
    const { run: type, paths } = terminal(tenantWithObjects({ objects }));
    const { stdout } = await type('list kv-a --type secret');
    for (const name of names) expect(stdout).toContain(name);
    expect(paths()).toHaveLength(3);
  });
});

describe('deleted objects recover', () => {
  test('recovers by name, and verifies', async () => {
    const { run: type, cwd, writes } = terminal(mixed());
    const { code, stdout } = await type('recover kv-a DB-Password --type secret --yes');
    expect(stdout).toContain('db-password  verified');
    expect(code).toBe(0);
    expect(writes()).toEqual(['POST /deletedsecrets/db-password/recover']);
    const shown = await run(['journal', 'show', 'purgeproof-deleted.journal.ndjson'], { cwd });
    expect(shown.stdout).toContain('Recovering in its vault');
  });

  test('of a certificate brings its key and its secret back', async () => {
    const { run: type } = terminal(mixed());
    expect((await type('recover kv-a web --type certificate --yes')).stdout).toContain('came back with it');
    expect((await type('list kv-a')).stdout).not.toContain('web');
  });

  test('again says what happened, by its journal', async () => {
    const { run: type, writes } = terminal(mixed());
    await type('recover kv-a db-password --type secret --yes');
    const { code, stdout } = await type('recover kv-a db-password --type secret --yes');
    expect(stdout).toContain('It was recovered and verified on 2026-11-24');
    expect(code).toBe(0);
    expect(writes()).toHaveLength(1);
  });

  test.for([
    { answer: true, code: 0, sent: 1 },
    { answer: false, code: 2, sent: 0 },
  ])('asks first, and is told $answer', async ({ answer, code, sent }) => {
    const { run: type, writes } = terminal(mixed());
    const outcome = await type('recover kv-a db-password --type secret', { answer });
    expect(outcome.stderr).toContain('Recover the deleted secret db-password of kv-a?');
    expect(outcome.code).toBe(code);
    expect(writes()).toHaveLength(sent);
  });

  test.for([
    ['recover kv-a db-password --type secret', 'confirmation is required'],
    ['recover kv-a db-password --yes', "required option '--type <type>' not specified"],
    ['recover kv-a db-password --type password --yes', 'secret, key, certificate'],
    ['recover kv-a db-password --type key --yes', 'No deleted key of kv-a is called "db-password"'],
    ['recover kv-a live --type secret --yes', 'No deleted secret of kv-a is called "live"'],
    ['recover kv-a web --type secret --yes', 'is a part of the certificate of that name'],
  ])('%s: exit code 2, and nothing is sent', async ([command = '', words = '']) => {
    const { run: type, writes } = terminal(mixed());
    const { code, stderr } = await type(command);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('behind a firewall: exit code 2, and what to do', async () => {
    const { run: type } = terminal(mixed({ publicNetworkAccess: 'Disabled' }));
    const { code, stderr } = await type('recover kv-a db-password --type secret --yes');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      'run it from a network with a private endpoint of the vault',
    );
    expect(code).toBe(2);
  });
});

describe('deleted objects purge', () => {
  test('destroys what is named twice, exactly', async () => {
    const { run: type, writes, azure } = terminal(mixed());
    const { code, stdout } = await type('purge kv-a db-password --type secret --confirm db-password');
    expect(stdout).toContain('db-password  verified');
    expect(code).toBe(0);
    expect(writes()).toEqual(['DELETE /deletedsecrets/db-password']);
    expect(azure.tenant.dataPlanes?.['kv-a']?.objects.map(({ name }) => name)).toEqual([
      'disk-key',
      'web',
      'live',
    ]);
  });

  test.for([
    ['kv-a db-password --type secret', '--confirm'],
    ['kv-a db-password --type secret --confirm DB-PASSWORD', 'Repeat its exact name'],
    ['kv-a db-password --type secret --confirm web', '--confirm names "web"'],
  ])('%s: exit code 2, and nothing is sent', async ([flags = '', words = '']) => {
    const { run: type, writes } = terminal(mixed());
    const { code, stderr } = await type(`purge ${flags}`);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('of what is protected: exit code 2 with the date, and nothing is sent', async () => {
    const { run: type, writes } = terminal(mixed({ enablePurgeProtection: true }));
    const { code, stderr } = await type('purge kv-a db-password --type secret --confirm db-password');
    expect(stderr).toContain(
      'db-password is Recoverable: nobody but Azure can purge it, which is scheduled for 2026-11-27T10:53:07Z.',
    );
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('that the configuration forbids: exit code 2, and nothing is sent', async () => {
    const { run: type, cwd, writes } = terminal(mixed());
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'deleted: { purge: never }\n');
    const { code, stderr } = await type('purge kv-a db-password --type secret --confirm db-password');
    expect(stderr).toContain('deleted.purge is never');
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('of a key that something may be encrypted by: exit code 2 unless allowed', async () => {
    const tenant = mixed();
    const id = vaultId.replace('Microsoft.KeyVault/vaults/kv-a', 'Microsoft.Storage/storageAccounts/data');
    const keyvaultproperties = { keyname: 'disk-key', keyvaulturi: 'https://kv-a.vault.azure.net' };
    const properties = { encryption: { keySource: 'Microsoft.Keyvault', keyvaultproperties } };
    if (Array.isArray(tenant.resources))
      tenant.resources.push({
        id,
        name: 'data',
        type: 'Microsoft.Storage/storageAccounts',
        location: 'westeurope',
        properties,
      });
    const { run: type, writes } = terminal(tenant);
    const purge = 'purge kv-a disk-key --type key --confirm disk-key';
    const refused = await type(purge);
    expect(refused.stderr).toContain('1 resource depends on the vault kv-a');
    expect(refused.stderr).toContain('storageAccounts/data');
    expect([refused.code, writes()]).toEqual([2, []]);
    expect((await type(`${purge} --allow-dependants`)).code).toBe(0);
    expect(writes()).toEqual(['DELETE /deletedkeys/disk-key']);
  });
});

test.for([
  ['list kv-a', /Graph/, 3],
  [`list ${vaultId}`, /vaults\/kv-a$/, 3],
  ['list kv-a', /deletedsecrets/, 3],
  ['recover kv-a db-password --type secret --yes', /subscriptions$/, 3],
  ['recover kv-a db-password --type secret --yes', /deletedsecrets/, 3],
  ['purge kv-a db-password --type secret --confirm db-password', /deletedsecrets/, 3],
] as const)('%s, interrupted at %s: exit code 3, and nothing is sent', async ([command, path, expected]) => {
  const { run: type, azure, writes } = terminal(mixed());
  const controller = new AbortController();
  azure.inject({ kind: 'hook', match: { path }, run: () => controller.abort() });
  const { code, stdout, stderr } = await type(command, { signal: controller.signal });
  expect(stdout + stderr).toMatch(/interrupted/i);
  expect(stderr).not.toContain('bug');
  expect(code).toBe(expected);
  expect(writes()).toEqual([]);
});

/** Everything that may be asked of a data plane: none of these returns the value of a secret. */
const harmless =
  /^(GET \/deleted(secret|key|certificate)s(\/[^/]+)?|GET \/(secret|key|certificate)s\/[^/]+\/versions|POST \/deleted(secret|key|certificate)s\/[^/]+\/recover|DELETE \/deleted(secret|key|certificate)s\/[^/]+)$/;

test('no command asks for what is secret, and no request is answered with it', async () => {
  const asked: string[] = [];
  for (const type of objectTypeNames)
    for (const command of [
      'list kv-a',
      `recover kv-a x --type ${type} --yes`,
      `purge kv-a y --type ${type} --confirm y --allow-dependants`,
    ]) {
      const opened = terminal(
        tenantWithObjects({
          objects: [
            { type, name: 'x', value: 'hunter2', ...deletedDates },
            { type, name: 'y', value: 'hunter2', ...deletedDates },
          ],
        }),
      );
      // Done twice, as after a crash.
      for (const outcome of [await opened.run(command), await opened.run(command)])
        expect(outcome.stdout + outcome.stderr).not.toContain('hunter2');
      asked.push(...opened.paths());
    }
  expect(asked.filter((path) => !harmless.test(path))).toEqual([]);
  expect(new Set(asked.map((path) => path.replace(/(secret|key|certificate)/, 'X')))).toEqual(
    new Set([
      'GET /deletedXs',
      'GET /deletedXs/x',
      'POST /deletedXs/x/recover',
      'GET /Xs/x/versions',
      'GET /deletedXs/y',
      'DELETE /deletedXs/y',
      'GET /Xs/y/versions',
    ]),
  );
});

describe('the client of @azure/keyvault-secrets, in the place of our own requests', () => {
  function client({ azure }: Terminal): SecretClient {
    return new SecretClient('https://kv-a.vault.azure.net', azure.credential, {
      httpClient: azure.httpClient,
    });
  }

  test('reads what is secret when it recovers, which the set of paths shows', async () => {
    const opened = terminal(mixed());
    const poller = await client(opened).beginRecoverDeletedSecret('db-password', { intervalInMs: 1 });
    await poller.pollUntilDone();
    expect(opened.paths().filter((path) => !harmless.test(path))).toContain('GET /secrets/db-password/');
    expect(opened.writes()).toEqual(['POST /deletedsecrets/db-password/recover']);
  });

  test('sees the same deleted objects as we do', async () => {
    const opened = terminal(mixed());
    const seen = [];
    for await (const { name, deletedOn, scheduledPurgeDate } of client(opened).listDeletedSecrets())
      seen.push([name, deletedOn?.toISOString(), scheduledPurgeDate?.toISOString()]);
    const { stdout } = await opened.run('list kv-a --type secret --output json');
    const { objects }: DeletedObjectList = JSON.parse(stdout);
    const ours = objects.map((one) => [one.name, toIso(one.deletedDate), toIso(one.scheduledPurgeDate)]);
    expect(seen.filter(([name]) => name !== 'web')).toEqual(ours);
  });
});

function toIso(date: string): string {
  return new Date(date).toISOString();
}
