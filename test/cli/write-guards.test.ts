import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, type Tenant } from '../../emulator/index.ts';
import { guidOf, vaultBody } from '../../emulator/tenants/bodies.ts';
import { deletedDates, tenantWithObjects, vaultId } from '../usecases/objects-estate.ts';
import { deletedVault, subscriptionId, tenantWithBin } from '../usecases/recycle-bin-estate.ts';
import { fakeClock } from '../azure/fake-clock.ts';
import { run } from './run.ts';

const [alpha, beta] = [guidOf('alpha'), guidOf('beta')];

function tenant(access: Partial<Tenant['subscriptions'][number]> = {}): Tenant {
  const vault = (subscriptionId: string, name: string) =>
    vaultBody({ subscriptionId, resourceGroup: 'rg', name, location: 'westeurope' }, { properties: {} });
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [
      { id: 'root', displayName: 'Root' },
      { id: 'mg-prod', displayName: 'Production', parent: 'root' },
    ],
    subscriptions: [
      { id: alpha, name: 'Alpha', managementGroup: 'root' },
      { id: beta, name: 'Beta', managementGroup: 'mg-prod', ...access },
    ],
    resources: [vault(alpha, 'kv-a'), vault(alpha, 'kv-b'), vault(beta, 'kv-c')],
  };
}

async function begin(how: Parameters<typeof tenant>[0] = {}) {
  const azure = emulator(tenant(how));
  const { credential, httpClient } = azure;
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-guards-'));
  const type = (...argv: readonly string[]) => run(argv, { cwd, azure: { credential, httpClient } });
  const planned = await type('plan', '--rule', 'AKV002', '--out', 'plan.json');
  expect(planned.code).toBe(how.access === undefined ? 1 : 3);
  const configure = (text: string): void => writeFileSync(join(cwd, 'purgeproof.yaml'), text);
  const writes = () => azure.requests.filter(({ method }) => method === 'PATCH').length;
  return { type, configure, writes, cwd };
}

const apply = ['apply', 'plan.json', '--yes', '--allow', 'irreversible'] as const;

describe('apply within the limits of a configuration', () => {
  test.for<[string, string, string]>([
    [
      'a risk that is left out',
      'writes:\n  allow: [safe]\n',
      'purgeproof.yaml:2:3  writes.allow leaves out irreversible, the risk of kv-a, kv-b, kv-c. Nothing was sent; whoever keeps this file can change it.',
    ],
    ['every risk', 'writes: { allow: [] }\n', 'purgeproof.yaml:1:11  writes.allow leaves out irreversible'],
    [
      'too many changes',
      'writes:\n  maxChanges: 2\n',
      'purgeproof.yaml:2:3  writes.maxChanges is 2, and 3 resources would be changed.',
    ],
    [
      'a subscription, by its name',
      'writes: { never: [{ subscription: beta }] }\n',
      'purgeproof.yaml:1:19  writes.never names subscription beta, where kv-c is.',
    ],
    [
      'a management group',
      'writes: { never: [{ managementGroup: Production }] }\n',
      'purgeproof.yaml:1:19  writes.never names management group Production, where kv-c is.',
    ],
    [
      'a vault, by a pattern',
      'writes: { never: [{ name: "*-a" }, { resourceGroup: rg-other }] }\n',
      'purgeproof.yaml:1:19  writes.never names name *-a, where kv-a is.',
    ],
  ])('refuses %s, and sends nothing', async ([, text, words]) => {
    const { type, configure, writes } = await begin();
    configure(text);
    for (const more of [[], ['--dry-run'], ['--max-changes', '100']]) {
      const { code, stderr } = await type(...apply, ...more);
      expect(stderr).toContain(words);
      expect(code).toBe(2);
    }
    expect(writes()).toBe(0);
  });

  test('sends what they leave, and flags alone decide on the rest', async () => {
    const { type, configure, writes } = await begin();
    configure('writes: { allow: [irreversible], maxChanges: 2, never: [{ managementGroup: mg-prod }] }\n');
    const whole = await type(...apply);
    expect(whole.code).toBe(2);
    expect(whole.stderr).toMatch(/writes\.maxChanges is 2.*\n.*writes\.never names management group mg-prod/);
    const missing = await type('apply', 'plan.json', '--yes', '--only', 'kv-a');
    expect(missing.stderr).toContain('Add --allow irreversible');
    const one = await type(...apply, '--only', 'kv-a', '--only', 'kv-b');
    expect(one).toMatchObject({ code: 0, stderr: 'Configuration: purgeproof.yaml\n' });
    expect(writes()).toBe(2);
    // What was verified before needs no request any more.
    configure('writes: { maxChanges: 0 }\n');
    expect(await type(...apply, '--only', 'kv-a', '--only', 'kv-b')).toMatchObject({ code: 0 });
  });

  test('refuses where it cannot be known whether a vault is in a scope', async () => {
    const hidden = { access: 'resourceGroups', readableResourceGroups: ['rg'] } as const;
    const { type, configure, writes } = await begin(hidden);
    configure('writes: { never: [{ managementGroup: mg-prod }] }\n');
    const { code, stderr } = await type(...apply);
    expect(stderr).toContain('and whether kv-c is there could not be read.');
    expect(code).toBe(2);
    expect(writes()).toBe(0);
  });

  test('refuses where the configuration is mistaken, or names tags', async () => {
    const { type, configure, writes, cwd } = await begin();
    configure('writes: { never: [{ tag: { env: prod } }], maxChange: 3, maxChanges: -1, allow: [all] }\n');
    const { code, stderr } = await type(...apply);
    expect(stderr.match(/purgeproof\.yaml:1:\d+ {2}.*/g)).toHaveLength(4);
    expect(code).toBe(2);
    writeFileSync(join(cwd, 'other.yaml'), 'failOn: low\n');
    expect(await type(...apply, '--config', 'other.yaml')).toMatchObject({ code: 0, stderr: '' });
    expect(writes()).toBe(3);
  });

  test('refuses a pattern where none is matched: it would protect nothing', async () => {
    const { type, configure, writes } = await begin();
    configure('writes: { never: [{ resourceGroup: "r*" }] }\n');
    const { code, stderr } = await type(...apply);
    expect(stderr).toContain(
      'purgeproof.yaml:1:36  "resourceGroup" must be the name of a resource group without *',
    );
    expect([code, writes()]).toEqual([2, 0]);
  });

  test('a scan and a plan say which of them name nothing that is there', async () => {
    const { type, configure } = await begin();
    const scopes = [
      'managementGroup: Prodution',
      'managementGroup: Production',
      'subscription: Alfa',
      'name: zz',
    ];
    configure(`writes: { never: [${scopes.map((scope) => `{ ${scope} }`).join(', ')}] }\n`);
    for (const argv of [['scan'], ['plan', '--out', 'other.json']]) {
      const { stderr } = await type(...argv);
      expect(stderr.match(/^.*protects nothing.*$/gm)).toEqual([
        'purgeproof.yaml:1:19  this limit on writes protects nothing: no subscription here is below a management group with the id or name "Prodution". Did you mean Production?',
        'purgeproof.yaml:1:84  this limit on writes protects nothing: no subscription here has the id or name "Alfa". Did you mean Alpha?',
      ]);
    }
    // Of what lies outside of a part, nothing is known.
    expect((await type('scan', '--subscription', 'Beta')).stderr).not.toContain('protects nothing');
  });

  test('binds to the tenant of the configuration', async () => {
    const { type, configure, writes } = await begin();
    configure(`tenant: ${guidOf('another')}\n`);
    const { code } = await type(...apply);
    expect(code).toBe(2);
    expect(writes()).toBe(0);
  });
});

/** What is deleted in a tenant, and the commands for it. */
function deletedIn(of: Tenant) {
  const azure = emulator({
    ...structuredClone(of),
    managementGroups: [{ id: 'mg-prod', displayName: 'Production' }],
    subscriptions: [{ id: subscriptionId, name: 'Ledger', managementGroup: 'mg-prod' }],
  });
  const { credential, httpClient } = azure;
  const clock = fakeClock();
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-guards-'));
  const isRead = ({ method, path }: (typeof azure.requests)[number]) =>
    method === 'GET' || path.endsWith('/resources');
  return {
    type: (command: string) =>
      run(['deleted', ...command.split(' ')], {
        cwd,
        azure: { credential, httpClient: clock.watch(httpClient), clock },
        now: '2026-11-24T12:00:00Z',
      }),
    configure: (text: string): void => writeFileSync(join(cwd, 'purgeproof.yaml'), text),
    writes: () =>
      azure.requests.filter((request) => !isRead(request)).map(({ method, path }) => `${method} ${path}`),
    journal: () => existsSync(join(cwd, 'purgeproof-deleted.journal.ndjson')),
  };
}

const bin = tenantWithBin(deletedVault('kv-a'), deletedVault('kv-b'));
const recover = 'recover kv-a kv-b --yes';
const recoverAll = 'recover --all --yes';
const purge = 'purge kv-a --confirm kv-a --allow-dependants';

const objects = tenantWithObjects({
  objects: ['db', 'web'].map((name) => Object.assign({ type: 'secret', name } as const, deletedDates)),
});
const recoverObjects = 'objects recover kv-a db web --type secret --yes';
const purgeObject = 'objects purge kv-a db --type secret --confirm db';

describe('what is deleted within the limits of a configuration', () => {
  const never = (scope: string): string => `writes: { never: [${scope}] }\n`;
  const place = 'purgeproof.yaml:1:19  writes.never names ';
  test.for<[string, Tenant, readonly string[], string, string]>([
    [
      'too many vaults',
      bin,
      [recover, recoverAll],
      'writes: { maxChanges: 1 }\n',
      'purgeproof.yaml:1:11  writes.maxChanges is 1, and 2 resources would be changed. Nothing was sent; whoever keeps this file can change it.',
    ],
    [
      'any vault',
      bin,
      [recover, recoverAll, purge],
      'writes: { maxChanges: 0 }\n',
      'purgeproof.yaml:1:11  writes.maxChanges is 0, and ',
    ],
    [
      'those of a subscription, by its name',
      bin,
      [recover, recoverAll, purge],
      never('{ subscription: ledger }'),
      `${place}subscription ledger, where kv-a`,
    ],
    [
      'those of a management group, by its name',
      bin,
      [recover, recoverAll, purge],
      never('{ managementGroup: Production }'),
      `${place}management group Production, where kv-a`,
    ],
    [
      'those of a resource group, by its id',
      bin,
      [recover, recoverAll, purge],
      never(`{ resourceGroup: /subscriptions/${subscriptionId}/resourceGroups/RG }`),
      `/resourceGroups/RG, where kv-a`,
    ],
    [
      'one of them, by the id of the vault',
      bin,
      [recover, recoverAll, purge],
      never(`{ resource: ${vaultId} }`),
      'vaults/kv-a, where kv-a is. Nothing was sent',
    ],
    ['one of them, by a pattern', bin, [recover, recoverAll], never('{ name: "*-b" }'), 'where kv-b is.'],
    [
      'too many objects of a vault',
      objects,
      [recoverObjects],
      'writes: { maxChanges: 1 }\n',
      'writes.maxChanges is 1, and 2 resources would be changed.',
    ],
    [
      'any object',
      objects,
      [recoverObjects, purgeObject],
      'writes: { maxChanges: 0 }\n',
      'writes.maxChanges is 0, and ',
    ],
    [
      'the objects of a vault',
      objects,
      [recoverObjects, purgeObject],
      never('{ name: kv-a }'),
      `${place}name kv-a, where kv-a/db`,
    ],
    [
      'an object, by its id',
      objects,
      [recoverObjects, purgeObject],
      never(`{ resource: ${vaultId}/secrets/DB }`),
      '/secrets/DB, where kv-a/db is.',
    ],
    [
      'an object, by a pattern',
      objects,
      [recoverObjects, purgeObject],
      never('{ name: "*/d*", subscription: Ledger }'),
      `${place}name */d* and subscription Ledger, where kv-a/db is.`,
    ],
    [
      'every purge',
      bin,
      [purge],
      'deleted: { purge: never }\n',
      'purgeproof.yaml:1:12  deleted.purge is never: nothing may be purged, and nothing was sent.',
    ],
    [
      'every purge of an object',
      objects,
      [purgeObject],
      'deleted: { purge: never }\n',
      'purgeproof.yaml:1:12  deleted.purge is never',
    ],
    [
      'everything, where the configuration is mistaken',
      bin,
      [recover, recoverAll, purge],
      'writes: { maxChange: 3 }\n',
      'purgeproof.yaml:1:11  unknown key "maxChange"',
    ],
    [
      'every object, where the configuration is mistaken',
      objects,
      [recoverObjects, purgeObject],
      'writes: { never: [{ tag: { env: prod } }] }\n',
      'purgeproof.yaml:1:21  unknown key "tag"',
    ],
  ])('refuses %s, and sends nothing', async ([, of, commands, text, words]) => {
    for (const command of commands) {
      const { type, configure, writes, journal } = deletedIn(of);
      configure(text);
      const { code, stderr } = await type(command);
      expect(stderr).toContain(words);
      expect({ code, writes: writes(), journal: journal() }).toEqual({ code: 2, writes: [], journal: false });
    }
  });

  test.for<[string, Tenant, string, number]>([
    [recover, bin, 'writes: { allow: [], maxChanges: 2, never: [{ managementGroup: mg-lab }] }\n', 2],
    [recover, bin, 'deleted: { purge: never }\n', 2],
    [purge, bin, 'writes: { maxChanges: 1, never: [{ name: kv-b }] }\n', 1],
    [recoverObjects, objects, 'writes: { allow: [], maxChanges: 2, never: [{ name: kv-b }] }\n', 2],
    [purgeObject, objects, `writes: { never: [{ resource: ${vaultId}/secrets/web }] }\n`, 1],
  ])('%s sends what they leave', async ([command, of, text, amount]) => {
    const { type, configure, writes } = deletedIn(of);
    configure(text);
    const { code, stderr } = await type(command);
    expect(stderr).toBe('Configuration: purgeproof.yaml\n');
    expect(code).toBe(0);
    expect(writes()).toHaveLength(amount);
  });

  test.for([recover, purge])(
    '%s is refused where it cannot be known whether a vault is in a scope',
    async (command) => {
      const action = 'Microsoft.Resources/subscriptions/read';
      const { type, configure, writes } = deletedIn({
        ...bin,
        missingRights: [{ action, scope: `/subscriptions/${subscriptionId}` }],
      });
      configure(never('{ managementGroup: mg-prod }'));
      const { code, stderr } = await type(command);
      expect(stderr).toMatch(
        /names management group mg-prod, and whether kv-a.* is there could not be read\./,
      );
      expect({ code, writes: writes() }).toEqual({ code: 2, writes: [] });
    },
  );
});
