import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, type Emulator, type Tenant } from '../../emulator/index.ts';
import { encryptedBy } from '../../emulator/tenants/dependants.ts';
import { validateBy } from '../../src/documents/schema/validate.ts';
import type { DeletedList } from '../../src/model/deleted-report.ts';
import { deletedListSchema } from '../../src/reporters/deleted-list-schema.ts';
import { deletedHsm, deletedVault, subscriptionId, tenantWithBin } from '../usecases/recycle-bin-estate.ts';
import { run, type Outcome, type Setting } from './run.ts';

const protectedVault = { enablePurgeProtection: true };

interface Terminal {
  readonly azure: Emulator;
  readonly cwd: string;
  readonly run: (command: string, setting?: Setting) => Promise<Outcome>;
  /** Method and path below the provider of every request that writes. */
  readonly writes: () => readonly string[];
}

function terminal(tenant: Tenant): Terminal {
  const azure = emulator(tenant);
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-deleted-'));
  const { credential, httpClient } = azure;
  return {
    azure,
    cwd,
    run: async (command, setting = {}) =>
      run(['deleted', ...command.split(' ')], {
        cwd,
        azure: { credential, httpClient },
        now: '2026-11-24T12:00:00Z',
        ...setting,
      }),
    writes: () =>
      azure.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.replace(/^.*Microsoft\.KeyVault\//, '')}`),
  };
}

function withoutRight(action: string): Pick<Tenant, 'missingRights'> {
  return { missingRights: [{ action, scope: `/subscriptions/${subscriptionId}` }] };
}

describe('deleted list', () => {
  test('shows what can be lost first, vaults and HSMs', async () => {
    const { run: type } = terminal(
      tenantWithBin(
        deletedVault('kv-safe', protectedVault),
        { ...deletedVault('kv-later'), scheduledPurgeDate: '2027-01-03T10:53:07Z' },
        deletedVault('kv-soon'),
        deletedHsm('hsm-a'),
      ),
    );
    const { code, stdout, stderr } = await type('list');
    expect(stderr).toBe('');
    expect(stdout).toBe(
      [
        'name      kind         subscription  deleted     purged in  state',
        'hsm-a     managed HSM  one           2026-11-20  2 days     can be purged now',
        'kv-soon   vault        one           2026-11-20  2 days     can be purged now',
        'kv-later  vault        one           2026-11-20  39 days    can be purged now',
        'kv-safe   vault        one           2026-11-20  2 days     purge protection',
        '',
        '4 deleted, 3 of them can be purged now.',
        '',
      ].join('\n'),
    );
    expect(code).toBe(1);
  });

  test('as JSON keeps the contract', async () => {
    const { run: type } = terminal(tenantWithBin(deletedVault('kv-a')));
    const { stdout } = await type('list --output json');
    const id = `/subscriptions/${subscriptionId}`;
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: '1.0',
      complete: true,
      deleted: [
        {
          id: `${id}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-a`,
          name: 'kv-a',
          type: 'Microsoft.KeyVault/deletedVaults',
          subscriptionId,
          location: 'westeurope',
          resourceId: `${id}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a`,
          deletionDate: '2026-11-20T10:53:07Z',
          scheduledPurgeDate: '2026-11-27T10:53:07Z',
          daysToPurge: 2,
          purgeProtection: false,
          purgeable: true,
          wantedBy: [],
        },
      ],
      unreadable: [],
    });
  });

  const declaring = `resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-a'
  location: 'westeurope'
}
`;

  test('says what wants a name: a declaration, and a live one', async () => {
    const live = deletedVault('kv-a').resource;
    const { run: type, cwd } = terminal({
      ...tenantWithBin(deletedVault('kv-a'), deletedVault('kv-b'), deletedHsm('kv-a')),
      resources: [live],
    });
    mkdirSync(join(cwd, 'code'));
    writeFileSync(join(cwd, 'code', 'main.bicep'), declaring);
    const { stdout, code } = await type('list --source-root code --output json');
    const list: DeletedList = JSON.parse(stdout);
    const claims = list.deleted.map(({ name, type: of, wantedBy }) => [
      `${of.split('/')[1]}/${name}`,
      wantedBy,
    ]);
    expect(Object.fromEntries(claims)).toEqual({
      'deletedVaults/kv-a': [
        { kind: 'resource', id: live['id'] },
        { kind: 'declaration', file: 'main.bicep', line: 1, column: 1 },
      ],
      'deletedVaults/kv-b': [],
      'deletedManagedHSMs/kv-a': [],
    });
    expect(code).toBe(1);
    expect(validateBy(deletedListSchema)(JSON.parse(stdout))).toEqual([]);
    const text = (await type('list --source-root code')).stdout;
    expect(text).toMatch(/^name .* state +wanted by$/m);
    expect(text).toMatch(/^kv-a +vault .* a live one and 1 more$/m);
  });

  test('whose live namesakes cannot be searched is incomplete: exit code 3', async () => {
    const { run: type, azure } = terminal(tenantWithBin(deletedVault('kv-a')));
    azure.inject({ kind: 'status', status: 400, match: { query: /in~/ }, times: 9 });
    const { code, stdout } = await type('list --output json');
    expect(JSON.parse(stdout)).toMatchObject({ complete: false, deleted: [{ name: 'kv-a', wantedBy: [] }] });
    expect(code).toBe(3);
  });

  test('asks nothing of Resource Graph where nothing is deleted', async () => {
    const { run: type, azure } = terminal(tenantWithBin());
    await type('list');
    expect(azure.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test.for([
    { root: 'nowhere', words: 'there is no such file or folder' },
    { root: 'file.bicep', words: 'it is not a folder' },
  ])('with the source root $root: exit code 2', async ({ root, words }) => {
    const { run: type, cwd, azure } = terminal(tenantWithBin(deletedVault('kv-a')));
    writeFileSync(join(cwd, 'file.bicep'), declaring);
    const { code, stderr } = await type(`list --source-root ${root}`);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(azure.requests).toEqual([]);
  });

  test('of empty recycle bins: exit code 0', async () => {
    expect(await terminal(tenantWithBin()).run('list')).toMatchObject({
      code: 0,
      stdout: 'The recycle bins are empty.\n',
      stderr: '',
    });
  });

  test('that may not be read is not empty: exit code 3, and the right is named', async () => {
    const right = 'Microsoft.KeyVault/deletedVaults/read';
    const { code, stdout } = await terminal({
      ...tenantWithBin(deletedHsm('hsm-a')),
      ...withoutRight(right),
    }).run('list');
    expect(code).toBe(3);
    expect(stdout).toContain('hsm-a');
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain(`to read its deleted vaults. The identity needs ${right} on`);
    expect(stdout).toContain('INCOMPLETE');
  });

  test.for([
    {
      outcome: 'empty',
      change: (tenant: Tenant) => tenant,
      code: 0,
      words: 'The recycle bins are empty.',
    },
    {
      outcome: 'disabled, and read all the same',
      change: (tenant: Tenant): Tenant => ({
        ...tenant,
        subscriptions: tenant.subscriptions.map((one) => ({ ...one, state: 'Disabled' })),
      }),
      code: 0,
      words: 'Disabled, and asked like the others: one. The recycle bins are empty.',
    },
    {
      outcome: 'denied',
      change: (tenant: Tenant): Tenant => ({
        ...tenant,
        ...withoutRight('Microsoft.KeyVault/deletedVaults/read'),
      }),
      code: 3,
      words: 'INCOMPLETE: not every recycle bin could be read.',
    },
  ])('$outcome: exit code $code', async ({ change, code, words }) => {
    const outcome = await terminal(change(tenantWithBin())).run('list');
    expect(outcome.stdout.replaceAll(/\s+/g, ' ')).toContain(words);
    expect([outcome.code, outcome.stderr]).toEqual([code, '']);
  });

  const nowhere = '99999999-9999-4999-8999-999999999999';
  test.for([
    { flags: '--subscription Nowhere', code: 2 },
    { flags: `--subscription ${nowhere}`, code: 2 },
    { flags: `--subscription ${nowhere} --subscription Nowhere`, code: 2 },
    { flags: '--subscription Nowhere --subscription one', code: 3 },
    { flags: `--subscription ${nowhere} --subscription ${subscriptionId}`, code: 3 },
    { flags: '--subscription ONE', code: 1 },
  ])('absent is not empty: $flags: exit code $code', async ({ flags, code }) => {
    const outcome = await terminal(tenantWithBin(deletedVault('kv-a'))).run(`list ${flags}`);
    expect(outcome.code).toBe(code);
    const said = code === 2 ? 'No visible subscription is called' : 'kv-a';
    expect(outcome.stdout + outcome.stderr).toContain(said);
  });

  test.for(['list', 'recover --all --yes', 'recover kv-a --yes', 'purge kv-a --confirm kv-a'])(
    'an identity that sees no subscription is told so, and no recycle bin is called empty: %s',
    async (command) => {
      const tenant = tenantWithBin(deletedVault('kv-a'));
      for (const one of tenant.subscriptions) Object.assign(one, { access: 'denied' });
      const outcome = await terminal(tenant).run(command);
      expect([outcome.code, outcome.stdout]).toEqual([2, '']);
      expect(outcome.stderr).toContain('This identity has access to no subscription.');
    },
  );

  test('a name of a subscription may hold what terminals obey', async () => {
    const tenant = tenantWithBin();
    const [one] = tenant.subscriptions;
    if (one !== undefined) Object.assign(one, { state: 'Disabled', name: 'a\u001B[31mb' });
    expect((await terminal(tenant).run('list')).stdout).not.toContain('\u001B');
  });

  test('that is interrupted before anything was read: exit code 3', async () => {
    const { run: type, azure } = terminal(tenantWithBin(deletedVault('kv-a')));
    const controller = new AbortController();
    azure.inject({ kind: 'hook', run: () => controller.abort() });
    const outcome = await type('list', { signal: controller.signal });
    expect(outcome).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'Interrupted: nothing was sent or written.\n',
    });
  });

  test('pages the recycle bin', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `kv-${index}`);
    const { run: type, azure } = terminal(tenantWithBin(...names.map((name) => deletedVault(name))));
    const { stdout } = await type('list');
    for (const name of names) expect(stdout).toContain(name);
    expect(azure.requests.filter(({ path }) => path.endsWith('/deletedVaults'))).toHaveLength(3);
  });
});

describe('deleted recover', () => {
  test('recovers by name, verifies, and says what is not brought back', async () => {
    const { run: type, cwd, writes } = terminal(tenantWithBin(deletedVault('kv-a'), deletedVault('kv-b')));
    const { code, stdout } = await type('recover KV-A --yes');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'It was read again from ARM, and is live again under the id that it had. Role assignments and Event Grid subscriptions are not brought back: create them again. Its network rules are those that it had.',
    );
    expect(code).toBe(0);
    expect(writes()).toEqual(['PUT vaults/kv-a']);
    const journal = readFileSync(join(cwd, 'purgeproof-deleted.journal.ndjson'), 'utf8');
    const shown = await run(['journal', 'show', 'purgeproof-deleted.journal.ndjson'], { cwd });
    expect(journal.trim().split('\n')).toHaveLength(3);
    expect(shown.stdout).toContain('Recovering from the recycle bin');
  });

  test('again says what happened, by its journal', async () => {
    const { run: type, writes } = terminal(tenantWithBin(deletedVault('kv-a')));
    await type('recover kv-a --yes');
    const { code, stdout } = await type('recover kv-a --yes');
    expect(stdout).toContain('It was recovered and verified on 2026-11-24');
    expect(code).toBe(0);
    expect(writes()).toHaveLength(1);
  });

  test.for([
    { answer: true, code: 0, sent: 1 },
    { answer: false, code: 2, sent: 0 },
  ])('asks first, and is told $answer', async ({ answer, code, sent }) => {
    const { run: type, writes } = terminal(tenantWithBin(deletedVault('kv-a')));
    const outcome = await type('recover kv-a', { answer });
    expect(outcome.stderr).toMatch(
      /kv-a +vault +one +rg +2026-11-20[^]*are not brought back[^]*Recover kv-a\?/,
    );
    expect(outcome.code).toBe(code);
    expect(writes()).toHaveLength(sent);
  });

  test.for([
    { what: 'without a terminal', command: 'recover kv-a', words: 'confirmation is required' },
    { what: 'of a name that is not there', command: 'recover kv-x --yes', words: 'holds "kv-x"' },
    {
      what: 'with the journal of a plan',
      command: 'recover kv-a --yes --journal .',
      words: 'it is a folder',
    },
  ])('$what: exit code 2, and nothing is sent', async ({ command, words }) => {
    const { run: type, writes } = terminal(tenantWithBin(deletedVault('kv-a')));
    const { code, stderr } = await type(command);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('into a resource group that is gone: exit code 2, and nothing is sent', async () => {
    const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
    const { run: type, writes } = terminal({
      ...tenantWithBin(deletedVault('kv-a')),
      missingResourceGroups: [group],
    });
    const { code, stderr } = await type('recover kv-a --yes');
    expect(stderr).toContain(`${group}, which no longer exists`);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('by an identity that may not read the resource group is tried', async () => {
    const right = 'Microsoft.Resources/subscriptions/resourceGroups/read';
    const { run: type } = terminal({ ...tenantWithBin(deletedVault('kv-a')), ...withoutRight(right) });
    expect((await type('recover kv-a --yes')).code).toBe(0);
  });

  test('without the right to write in its resource group: exit code 2, and nothing is sent', async () => {
    const right = 'Microsoft.KeyVault/vaults/write';
    const { run: type, writes } = terminal({
      ...tenantWithBin(deletedVault('kv-a')),
      ...withoutRight(right),
    });
    const { code, stderr } = await type('recover kv-a --yes');
    expect(stderr).toContain(`where you do not have ${right}`);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('of a name that a vault and an HSM have wants the id', async () => {
    const { run: type, writes } = terminal(tenantWithBin(deletedVault('one'), deletedHsm('one')));
    const { code, stderr } = await type('recover one --yes');
    expect(stderr).toContain('2 deleted resources are called "one"');
    expect(code).toBe(2);
    const id = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/westeurope/deletedManagedHSMs/one`;
    expect((await type(`recover ${id} --yes`)).code).toBe(0);
    expect(writes()).toEqual(['PUT managedHSMs/one']);
  });
});

describe('deleted recover --all', () => {
  const early = { ...deletedVault('kv-early'), deletionDate: '2026-11-19T23:59:59Z' };
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;

  test('shows a plan, asks, and recovers everything that was deleted since', async () => {
    const { run: type, writes } = terminal(tenantWithBin(early, deletedVault('kv-a'), deletedHsm('hsm-a')));
    const outcome = await type('recover --all --deleted-since 2026-11-20', { answer: true });
    expect(outcome.stderr).toBe(
      [
        'to recover  kind         subscription  resource group  deleted',
        'kv-a        vault        one           rg              2026-11-20',
        'hsm-a       managed HSM  one           rg              2026-11-20',
        '',
        'Role assignments and Event Grid subscriptions are not brought back: create them again. Its network rules are those that it had.',
        'Recover these 2?',
        '',
      ].join('\n'),
    );
    expect(outcome.code).toBe(0);
    expect(writes().toSorted()).toEqual(['PUT managedHSMs/hsm-a', 'PUT vaults/kv-a']);
  });

  test.for([
    { what: 'is told no', setting: { answer: false }, words: 'it was not confirmed' },
    { what: 'has nobody to ask', setting: {}, words: 'there is no terminal to ask on' },
  ])('that $what shows the plan, and sends nothing: exit code 2', async ({ setting, words }) => {
    const { run: type, writes } = terminal(tenantWithBin(deletedVault('kv-a')));
    const { code, stderr } = await type('recover --all', setting);
    expect(stderr).toContain('kv-a        vault');
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('leaves out what cannot be recovered, and says why: exit code 1', async () => {
    const elsewhere = deletedVault('kv-b');
    const id = `/subscriptions/${subscriptionId}/resourceGroups/gone/providers/Microsoft.KeyVault/vaults/kv-b`;
    const tenant = tenantWithBin(deletedVault('kv-a'), {
      ...elsewhere,
      resource: { ...elsewhere.resource, id },
    });
    const { run: type, writes } = terminal({
      ...tenant,
      missingResourceGroups: [`/subscriptions/${subscriptionId}/resourceGroups/gone`],
    });
    const { code, stdout, stderr } = await type('recover --all --yes --output json');
    expect(stderr).toContain('! kv-b cannot be recovered: it would be recovered into');
    expect(JSON.parse(stdout)).toMatchObject({
      results: expect.arrayContaining([
        expect.objectContaining({ outcome: 'verified', sent: true }),
        expect.objectContaining({ outcome: 'conflict', sent: false }),
      ]),
    });
    expect(code).toBe(1);
    expect(writes()).toEqual(['PUT vaults/kv-a']);
  });

  test('sends nothing where nothing can be recovered, and does not ask', async () => {
    const { run: type, writes } = terminal({
      ...tenantWithBin(deletedVault('kv-a')),
      missingResourceGroups: [group],
    });
    expect((await type('recover --all')).code).toBe(1);
    expect(writes()).toEqual([]);
  });

  test('of recycle bins with nothing from then: exit code 0', async () => {
    const { run: type } = terminal(tenantWithBin(early));
    const { code, stdout, stderr } = await type('recover --all --deleted-since 2026-11-20 --yes');
    expect(stderr).toBe('Nothing that can be seen was deleted since 2026-11-20T00:00:00.000Z.\n');
    expect(stdout).toBe('There was nothing to do.\n');
    expect(code).toBe(0);
  });

  test('where a recycle bin could not be read says so, and ends with exit code 3', async () => {
    const right = 'Microsoft.KeyVault/deletedManagedHSMs/read';
    const { run: type } = terminal({ ...tenantWithBin(deletedVault('kv-a')), ...withoutRight(right) });
    const { code, stdout, stderr } = await type('recover --all --yes');
    expect(stderr).toContain('one: not read.');
    expect(stdout).toContain('kv-a  verified');
    expect(code).toBe(3);
  });

  test('stays within its scope, whatever an earlier run has begun elsewhere', async () => {
    const subscriptions = [
      { id: subscriptionId, name: 'one' },
      { id: '22222222-2222-4222-8222-222222222222', name: 'two' },
    ];
    const { run: type, azure, cwd } = terminal({ ...tenantWithBin(deletedVault('kv-a')), subscriptions });
    azure.inject({ kind: 'status', status: 500, match: { method: 'PUT' }, times: 99 });
    expect((await type('recover --all --yes --request-timeout 1s')).code).toBe(1);
    const again = terminal(azure.tenant);
    const { code, stderr } = await again.run('recover --all --yes --subscription two', { cwd });
    expect(stderr).toBe('Nothing that can be seen was deleted.\n');
    expect(code).toBe(0);
    expect(again.writes()).toEqual([]);
  });

  test('again says what happened to what an earlier run did not verify', async () => {
    const { run: type, azure, cwd } = terminal(tenantWithBin(deletedVault('kv-a')));
    azure.inject({
      kind: 'status',
      status: 403,
      // The first read, before anything is sent, finds nothing live.
      match: { method: 'GET', path: /\/vaults\/kv-a$/, nth: 2 },
      times: 99,
    });
    const first = await type('recover --all --yes');
    expect(first.stdout).toContain('sent, not verified');
    const again = terminal(azure.tenant);
    const { code, stdout } = await again.run('recover --all --yes', { cwd });
    expect(stdout).toContain('it is live again under the id that it had');
    expect(code).toBe(0);
    expect(again.writes()).toEqual([]);
  });

  test.for([
    { flags: '--all kv-a', words: '--all recovers everything: it takes no names' },
    { flags: '', words: 'Nothing is named' },
    { flags: 'kv-a --deleted-since 2026-11-20', words: '--deleted-since limits --all' },
    { flags: '--all --deleted-since 2026-11-25', words: 'lies in the future' },
    ...['20.11.2026', '2026-11', '2026-06-31', '2026-11-20T10:00', '3d', '1732060800'].map((date) => ({
      flags: `--all --deleted-since ${date}`,
      words: 'It must be a day such as 2026-11-20',
    })),
  ])('recover $flags: exit code 2, and nothing is asked', async ({ flags, words }) => {
    const { run: type, azure } = terminal(tenantWithBin(deletedVault('kv-a')));
    const { code, stderr } = await type(`recover ${flags}`.trim());
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(azure.requests).toEqual([]);
  });
});

describe('below a management group', () => {
  const inGroup = (): Tenant => ({
    ...tenantWithBin(deletedVault('kv-a')),
    managementGroups: [{ id: 'prod', displayName: 'Production' }],
    subscriptions: [
      { id: subscriptionId, name: 'one', managementGroup: 'prod' },
      { id: '22222222-2222-4222-8222-222222222222', name: 'two' },
    ],
  });

  test('only its recycle bins are read; what has a deleted name may be anywhere', async () => {
    const { run: type, azure } = terminal(inGroup());
    expect((await type('list --management-group prod')).code).toBe(1);
    const others = azure.requests.filter(({ path }) => path.includes('22222222'));
    expect(others.filter(({ path }) => !path.endsWith('/permissions'))).toEqual([]);
  });

  test.for([
    { group: 'prod', reason: 'prod: Which subscriptions it holds cannot be known' },
    { group: 'staging', reason: 'staging: Not found: no visible management group has that id or name.' },
  ])(
    'that cannot be listed nothing is known: exit code 2, or 3 beside one that can: $group',
    async ({ group, reason }) => {
      const action = 'Microsoft.Management/managementGroups/descendants/read';
      const scope = '/providers/Microsoft.Management/managementGroups/prod';
      const { run: type } = terminal({ ...inGroup(), missingRights: [{ action, scope }] });
      const alone = await type(`list --management-group ${group}`);
      expect(alone.stderr).toContain(reason);
      expect(alone.code).toBe(2);
      expect((await type(`list --management-group ${group} --subscription one`)).code).toBe(3);
    },
  );
});

describe('deleted purge', () => {
  test('destroys what is named twice, exactly', async () => {
    const { run: type, writes, azure } = terminal(tenantWithBin(deletedVault('kv-a'), deletedVault('kv-b')));
    const { code, stdout } = await type('purge kv-a --confirm kv-a --allow-dependants');
    expect(stdout).toContain('kv-a  verified');
    expect(code).toBe(0);
    expect(writes()).toEqual(['POST locations/westeurope/deletedVaults/kv-a/purge']);
    expect(azure.tenant.deleted).toHaveLength(1);
  });

  test.for([
    { flags: 'kv-a', words: '--confirm' },
    { flags: 'kv-a --confirm kv-b --allow-dependants', words: '--confirm names "kv-b"' },
    { flags: 'kv-a --confirm KV-A --allow-dependants', words: 'Repeat its exact name' },
    {
      flags: 'kv-p --confirm kv-p --allow-dependants',
      words: 'nobody but Azure can purge it, which is scheduled for 2026-11-27T10:53:07Z',
    },
  ])('$flags: exit code 2, and nothing is sent', async ({ flags, words }) => {
    const { run: type, writes } = terminal(
      tenantWithBin(deletedVault('kv-a'), deletedVault('kv-p', protectedVault)),
    );
    const { code, stderr } = await type(`purge ${flags}`);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  });

  test('goes on without a flag where nothing depends on it', async () => {
    const { run: type, writes } = terminal(tenantWithBin(deletedVault('kv-a')));
    expect(await type('purge kv-a --confirm kv-a')).toMatchObject({ code: 0, stderr: '' });
    expect(writes().filter((write) => write.includes('purge'))).toHaveLength(1);
  });

  test('is refused while something depends on it, and lists it: exit code 2', async () => {
    const place = { subscriptionId, resourceGroup: 'rg', location: 'westeurope' };
    const encrypted = encryptedBy('kv-a', place);
    const resources = encrypted.map(({ body }) => body);
    const { run: type, writes } = terminal({ ...tenantWithBin(deletedVault('kv-a')), resources });
    const { code, stderr } = await type('purge kv-a --confirm kv-a');
    expect(stderr).toContain(`Nothing was sent: ${resources.length} resources depend on the vault kv-a.`);
    for (const { id } of encrypted) expect(stderr).toContain(` ${id} (properties.`);
    expect(stderr).toContain('through /subscriptions/');
    expect(code).toBe(2);
    expect(writes().filter((write) => write.includes('purge'))).toEqual([]);
    expect((await type('purge kv-a --confirm kv-a --allow-dependants')).code).toBe(0);
  });

  test('is refused for one resource that names it twice', async () => {
    const thing = {
      id: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Contoso.New/things/t`,
      name: 't',
      type: 'Contoso.New/things',
      properties: { one: 'https://kv-a.vault.azure.net/', other: 'https://kv-a.vault.azure.net/keys/k' },
    };
    const { run: type } = terminal({ ...tenantWithBin(deletedVault('kv-a')), resources: [thing] });
    const { stderr } = await type('purge kv-a --confirm kv-a');
    expect(stderr).toContain('Nothing was sent: 1 resource depends on the vault kv-a.');
    expect(stderr).toContain('Refers to it:');
    expect(stderr).toContain('(properties.one)');
    expect(stderr).toContain('(properties.other)');
  });

  test('is refused where what depends on it could not be searched: exit code 2', async () => {
    const subscriptions: Tenant['subscriptions'] = [
      { id: subscriptionId, name: 'one' },
      { id: '22222222-2222-4222-8222-222222222222', name: 'two', access: 'denied', listed: true },
    ];
    const { run: type, writes } = terminal({ ...tenantWithBin(deletedVault('kv-a')), subscriptions });
    const { code, stderr } = await type('purge kv-a --confirm kv-a');
    expect(stderr).toContain('Nothing was sent: it could not be checked what depends on the vault kv-a.');
    expect(stderr).toContain(
      '/subscriptions/22222222-2222-4222-8222-222222222222: Resource Graph does not show it (Microsoft.Resources/subscriptions/read).',
    );
    expect(code).toBe(2);
    expect(writes().filter((write) => write.includes('purge'))).toEqual([]);
  });

  test('again says what happened, though something depends on it by now', async () => {
    const tenant = tenantWithBin(deletedVault('kv-a'));
    const { run: type, azure } = terminal(tenant);
    await type('purge kv-a --confirm kv-a');
    const place = { subscriptionId, resourceGroup: 'rg', location: 'westeurope' };
    azure.tenant.resources = encryptedBy('kv-a', place).map(({ body }) => body);
    const { code, stdout } = await type('purge kv-a --confirm kv-a');
    expect(stdout).toContain('It was purged and verified on 2026-11-24');
    expect(code).toBe(0);
  });

  test.for([
    { what: 'outside of the scope', flags: ' --subscription two', missing: false, words: 'holds "kv-a"' },
    { what: 'in a recycle bin that cannot be listed', flags: '', missing: true, words: '1 resource depends' },
  ])('that an earlier run has begun, $what, is not sent unsearched', async ({ flags, missing, words }) => {
    const subscriptions = [
      { id: subscriptionId, name: 'one' },
      { id: '22222222-2222-4222-8222-222222222222', name: 'two' },
    ];
    const tenant = { ...tenantWithBin(deletedVault('kv-a')), subscriptions };
    const { run: type, azure, cwd } = terminal(tenant);
    azure.inject({ kind: 'status', status: 409, match: { method: 'POST', path: /purge$/ }, times: 99 });
    await type('purge kv-a --confirm kv-a --request-timeout 1s');
    const [encrypted] = encryptedBy('kv-a', { subscriptionId, resourceGroup: 'rg', location: 'westeurope' });
    const again = terminal({
      ...azure.tenant,
      resources: encrypted === undefined ? [] : [encrypted.body],
      ...(missing ? withoutRight('Microsoft.KeyVault/deletedVaults/read') : {}),
    });
    const { code, stderr } = await again.run(`purge kv-a --confirm kv-a${flags}`, { cwd });
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(again.writes().filter((write) => write.includes('purge'))).toEqual([]);
  });

  test('that is interrupted while dependants are searched for sends nothing: exit code 3', async () => {
    const { run: type, azure, writes } = terminal(tenantWithBin(deletedVault('kv-a')));
    const controller = new AbortController();
    azure.inject({ kind: 'hook', match: { query: /contains/ }, run: () => controller.abort() });
    const { code, stderr } = await type('purge kv-a --confirm kv-a', { signal: controller.signal });
    expect(stderr).toBe('Interrupted: nothing was sent or written.\n');
    expect(code).toBe(3);
    expect(writes().filter((write) => write.includes('purge'))).toEqual([]);
  });

  const forbidding = 'failOn: high\ndeleted:\n  purge: never\n';
  const purgeA = 'purge kv-a --confirm kv-a --allow-dependants';
  test.for([
    { what: 'in the working folder', at: 'purgeproof.yaml', flags: '', place: 'purgeproof.yaml:3:3' },
    {
      what: 'in a folder above',
      at: '../purgeproof.yaml',
      flags: '',
      place: '../purgeproof.yaml:3:3',
    },
    { what: 'that is named', at: 'guards.yaml', flags: ' --config guards.yaml', place: 'guards.yaml:3:3' },
  ])('forbidden by a configuration $what: exit code 2 and its place', async ({ at, flags, place }) => {
    const { run: type, azure, cwd } = terminal(tenantWithBin(deletedVault('kv-a')));
    const below = join(cwd, 'below');
    mkdirSync(below);
    writeFileSync(join(below, at), forbidding);
    const { code, stderr } = await type(`${purgeA}${flags}`, { cwd: below });
    expect(stderr).toContain(`${place}  deleted.purge is never: nothing may be purged`);
    expect(code).toBe(2);
    expect(azure.requests).toEqual([]);
  });

  test.for([
    {
      what: 'allows it',
      text: 'deleted: { purge: allowed }\n',
      code: 0,
      words: 'Configuration: purgeproof.yaml',
    },
    {
      what: 'does not speak of it',
      text: 'failOn: high\n',
      code: 0,
      words: 'Configuration: purgeproof.yaml',
    },
    { what: 'has a mistake', text: 'deleted: { purge: no }\n', code: 2, words: 'purgeproof.yaml:1:19' },
  ])('where the configuration $what: exit code $code', async ({ text, code, words }) => {
    const { run: type, cwd } = terminal(tenantWithBin(deletedVault('kv-a')));
    writeFileSync(join(cwd, 'purgeproof.yaml'), text);
    const outcome = await type(purgeA);
    expect(outcome.stderr).toContain(words);
    expect(outcome.code).toBe(code);
  });

  test('that Azure accepts and does not carry out: exit code 1', async () => {
    const purgeFails = { code: 'InternalServerError', message: 'The purge did not go through.' };
    const { run: type } = terminal(tenantWithBin({ ...deletedVault('kv-a'), purgeFails }));
    const { code, stdout } = await type('purge kv-a --confirm kv-a --allow-dependants --output json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      action: 'purge',
      results: [{ outcome: 'failed', sent: true }],
    });
  });
});
