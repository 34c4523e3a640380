import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { readJournal } from '../../src/remediation/journal-text.ts';
import { deletedVaultOf } from '../../src/resource-types/known-type.ts';
import { deletedExitCode } from '../../src/usecases/deleted.ts';
import {
  binEstate,
  type BinEstate,
  deletedHsm,
  deletedVault,
  subscriptionId,
  tenantWithBin,
} from './recycle-bin-estate.ts';

const hsm = 'Microsoft.KeyVault/managedHSMs';
const purgeOperator = {
  actions: [
    'Microsoft.Authorization/*/read',
    'Microsoft.KeyVault/deletedVaults/read',
    'Microsoft.KeyVault/locations/deletedVaults/read',
    'Microsoft.KeyVault/locations/deletedVaults/purge/action',
    'Microsoft.KeyVault/locations/operationResults/read',
  ],
};

function entriesOf({ journal }: BinEstate) {
  return readJournal(readFileSync(journal), journal).entries;
}

function live({ azure }: BinEstate, name: string): JsonObject | undefined {
  const { resources } = azure.tenant;
  return Array.isArray(resources) ? resources.find((one) => one['name'] === name) : undefined;
}

function withoutRight(action: string) {
  return { missingRights: [{ action, scope: `/subscriptions/${subscriptionId}` }] };
}

describe('a deleted vault is recovered', () => {
  test('by one PUT that creates nothing, and is read back from ARM', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const report = await estate.change('recover');
    expect(report.results).toMatchObject([{ outcome: 'verified', sent: true, vault: { name: 'kv-a' } }]);
    expect(report.results[0]?.hint).toContain('Role assignments and Event Grid subscriptions');
    expect(deletedExitCode(report)).toBe(0);
    const put = estate.azure.requests.find(({ method }) => method === 'PUT');
    expect(put?.body).toEqual({
      location: 'westeurope',
      tags: { team: 'payments' },
      properties: {
        tenantId: estate.azure.tenant.tenantId,
        sku: { family: 'A', name: 'standard' },
        createMode: 'recover',
      },
    });
    expect(live(estate, 'kv-a')).toMatchObject({
      tags: { team: 'payments' },
      properties: { networkAcls: { defaultAction: 'Deny' } },
    });
    expect(await estate.list()).toEqual([]);
  });

  test('with its intent in the journal before, and its outcome after', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const [deleted] = await estate.list();
    await estate.change('recover');
    const [run, intent, result] = entriesOf(estate);
    expect(run).toMatchObject({ kind: 'run', schemaVersion: '1.1' });
    expect(run).not.toHaveProperty('planHash');
    expect(intent).toMatchObject({ kind: 'intent', action: 'recover', attempt: 1 });
    expect(result).toMatchObject({ kind: 'result', action: 'recover', outcome: 'verified', sent: true });
    const { vault, before } = intent?.kind === 'intent' ? intent : { vault: '', before: { properties: {} } };
    expect(deletedVaultOf(vault, before.properties)).toEqual(deleted);
  });

  test('a managed HSM too, by a long-running operation', async () => {
    const estate = binEstate(tenantWithBin(deletedHsm('hsm-a')));
    const report = await estate.change('recover', { deleted: await estate.list(hsm) });
    expect(report.results).toMatchObject([{ outcome: 'verified', vault: { type: hsm } }]);
    expect(estate.writes()).toEqual(['PUT managedHSMs/hsm-a']);
  });

  test('that a later run finds done sends nothing', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const deleted = await estate.list();
    await estate.change('recover', { deleted });
    const again = await estate.change('recover', { deleted });
    expect(again.results).toMatchObject([{ outcome: 'verified', sent: false }]);
    expect(again.results[0]?.cause).toMatch(/^It was recovered and verified on 2026/);
    expect(estate.writes()).toHaveLength(1);
  });

  test.for<[name: string, prepare: (estate: BinEstate) => void, outcome: string, cause: RegExp]>([
    [
      'into a resource group that is gone',
      ({ azure }) => {
        azure.tenant.missingResourceGroups = [`/subscriptions/${subscriptionId}/resourceGroups/rg`];
      },
      'failed',
      /resource group of .* no longer exists/,
    ],
    [
      'without the right to write there',
      ({ azure }) => Object.assign(azure.tenant, withoutRight('Microsoft.KeyVault/vaults/write')),
      'unauthorized',
      /The right Microsoft.KeyVault\/vaults\/write is missing/,
    ],
    [
      'but somebody has done so by then',
      ({ azure }) => {
        const [entry] = azure.tenant.deleted?.splice(0) ?? [];
        if (entry !== undefined && Array.isArray(azure.tenant.resources))
          azure.tenant.resources.push(entry.resource);
      },
      'alreadyCompliant',
      /live already/,
    ],
    [
      'but somebody has done so by then, and the recycle bin still shows it',
      ({ azure }) => {
        const [entry] = azure.tenant.deleted ?? [];
        if (entry !== undefined && Array.isArray(azure.tenant.resources))
          azure.tenant.resources.push({ ...entry.resource, tags: { team: 'new owner' } });
      },
      'alreadyCompliant',
      /live already/,
    ],
    [
      'without the right to read what may be live there',
      ({ azure }) => Object.assign(azure.tenant, withoutRight('Microsoft.KeyVault/vaults/read')),
      'unauthorized',
      /The right Microsoft.KeyVault\/vaults\/read is missing/,
    ],
    [
      'but somebody has purged it by then',
      ({ azure }) => void azure.tenant.deleted?.splice(0),
      'notFound',
      /no longer in the recycle bin/,
    ],
    [
      'but it was recovered and deleted once more by then',
      ({ azure }) => {
        const [entry] = azure.tenant.deleted?.splice(0) ?? [];
        if (entry !== undefined)
          azure.tenant.deleted?.push({ ...entry, deletionDate: '2026-11-23T09:00:00Z' });
      },
      'drifted',
      /was deleted on 2026-11-23/,
    ],
  ])('%s', async ([, prepare, outcome, cause]) => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const deleted = await estate.list();
    prepare(estate);
    const report = await estate.change('recover', { deleted });
    expect(report.results).toMatchObject([{ outcome }]);
    expect(report.results[0]?.cause).toMatch(cause);
  });

  test('and every read is refused from then on, also in a later run: it was sent, and is not verified', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const deleted = await estate.list();
    const refused = { status: 403, code: 'AuthorizationFailed', message: 'No.', times: 99 };
    estate.azure.inject({
      match: { method: 'PUT' },
      kind: 'hook',
      run: () => estate.azure.inject({ kind: 'status', match: { method: 'GET' }, ...refused }),
    });
    for (const sent of [true, false]) {
      const { results } = await estate.change('recover', { deleted });
      expect(results).toMatchObject([{ outcome: sent ? 'sentNotVerified' : 'unauthorized', sent }]);
    }
    expect(estate.writes()).toHaveLength(1);
  });

  test('and may no longer be read then: it was sent, and is not verified', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    estate.azure.inject({
      match: { method: 'PUT' },
      kind: 'hook',
      run: (tenant) => void Object.assign(tenant, withoutRight('Microsoft.KeyVault/vaults/read')),
    });
    const report = await estate.change('recover');
    expect(report.results).toMatchObject([{ outcome: 'sentNotVerified', sent: true }]);
    expect(report.results[0]?.cause).toContain('Microsoft.KeyVault/vaults/read');
    expect(deletedExitCode(report)).toBe(1);
  });
});

describe('a deleted vault is purged', () => {
  test('by one POST, whose operation is followed to its end; then the recycle bin is listed', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a'), deletedVault('kv-b')), { purgePolls: 3 });
    const [first] = await estate.list();
    const before = estate.azure.requests.length;
    const report = await estate.change('purge', { deleted: first === undefined ? [] : [first] });
    expect(report.results).toMatchObject([{ outcome: 'verified', sent: true }]);
    expect(
      estate.azure.requests
        .slice(before)
        .map(
          ({ method, path }) =>
            `${method} ${path.replace(/^.*Microsoft\.KeyVault\//, '').replace(/Results\/.*/, 'Results')}`,
        ),
    ).toEqual([
      'GET locations/westeurope/deletedVaults/kv-a',
      'POST locations/westeurope/deletedVaults/kv-a/purge',
      ...Array.from({ length: 4 }, () => 'GET locations/westeurope/operationResults'),
      'GET deletedVaults',
    ]);
    expect((await estate.list()).map(({ vault }) => vault.name)).toEqual(['kv-b']);
  });

  test('with the role Key Vault Purge Operator alone, which may not read live vaults', async () => {
    const estate = binEstate({
      ...tenantWithBin(deletedVault('kv-a')),
      roleAssignments: [{ scope: `/subscriptions/${subscriptionId}`, role: purgeOperator }],
    });
    expect((await estate.change('purge')).results).toMatchObject([{ outcome: 'verified' }]);
  });

  test('a managed HSM too', async () => {
    const estate = binEstate(tenantWithBin(deletedHsm('hsm-a')));
    const report = await estate.change('purge', { deleted: await estate.list(hsm) });
    expect(report.results).toMatchObject([{ outcome: 'verified' }]);
    expect(estate.writes()).toEqual(['POST locations/westeurope/deletedManagedHSMs/hsm-a/purge']);
  });

  test('an operation that is answered with 200 while it is under way is not taken for done', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    estate.azure.inject({
      kind: 'status',
      match: { method: 'GET', path: /operationResults/ },
      status: 200,
      body: { status: 'InProgress' },
      times: 5,
    });
    expect((await estate.change('purge')).results).toMatchObject([{ outcome: 'verified' }]);
    const polls = estate.azure.requests.filter(({ path }) => path.includes('operationResults'));
    expect(polls.length).toBeGreaterThan(5);
  });

  test('a state that is said to be told in the clear is not asked for', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const location = 'http://management.azure.com/subscriptions/x/operationResults/y?api-version=2024-11-01';
    estate.azure.inject({ kind: 'status', match: { method: 'POST' }, status: 202, headers: { location } });
    const report = await estate.change('purge');
    expect(report.results).toMatchObject([{ outcome: 'sentNotVerified', sent: true }]);
    expect(estate.azure.requests.some(({ path }) => path.includes('operationResults'))).toBe(false);
  });

  test('and the operation ends in failure, which only its body says', async () => {
    const estate = binEstate(
      tenantWithBin({
        ...deletedVault('kv-a'),
        purgeFails: { code: 'InternalServerError', message: 'The purge did not go through.' },
      }),
    );
    const report = await estate.change('purge');
    expect(report.results).toMatchObject([{ outcome: 'failed', sent: true }]);
    expect(report.results[0]?.cause).toContain('The purge did not go through.');
    expect(report.results[0]?.cause).not.toContain('HTTP 200');
    expect(estate.writes()).toHaveLength(1);
    expect(await estate.list()).toHaveLength(1);
  });

  test('with purge protection: refused with the date, and nothing is sent', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a', { enablePurgeProtection: true })));
    await expect(estate.change('purge')).rejects.toThrow(
      /kv-a has purge protection: nobody but Azure can purge it, which is scheduled for 2026-11-27T10:53:07Z/,
    );
    await expect(estate.change('purge')).rejects.toBeInstanceOf(UsageError);
    expect(estate.writes()).toEqual([]);
  });

  test.for([
    { times: 1, outcome: 'verified', posts: 2 },
    { times: 99, outcome: 'conflict', posts: 5 },
  ])('Azure does not allow it $times times', async ({ times, outcome, posts }) => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    estate.azure.inject({
      kind: 'status',
      match: { method: 'POST' },
      status: 405,
      code: 'MethodNotAllowed',
      message: "Operation 'DeletedVaultPurge' is not allowed.",
      times,
    });
    expect((await estate.change('purge')).results).toMatchObject([{ outcome }]);
    expect(estate.writes()).toHaveLength(posts);
  });

  test.for<[string, string]>([
    ['kv-a', 'Microsoft.KeyVault/locations/deletedVaults/read'],
    ['hsm-a', 'Microsoft.KeyVault/locations/deletedManagedHSMs/read'],
  ])('the entry of %s may not be read, and Azure does not name the right', async ([name, right]) => {
    const isHsm = name === 'hsm-a';
    const estate = binEstate(tenantWithBin(isHsm ? deletedHsm(name) : deletedVault(name)));
    const deleted = await estate.list(isHsm ? hsm : undefined);
    const match = { path: new RegExp(`/${name}$`) };
    const refused = { code: 'AuthorizationFailed', message: 'No.', times: 9 };
    estate.azure.inject({ kind: 'status', match, status: 403, ...refused });
    for (const action of ['purge', 'recover'] as const) {
      const [result] = (await estate.change(action, { deleted })).results;
      expect(result).toMatchObject({ outcome: 'unauthorized', sent: false });
      expect(result?.hint).toContain(`grants ${right} assigned`);
    }
  });

  test('and nobody may ask how the operation goes: the recycle bin and ARM tell', async () => {
    const right = 'Microsoft.KeyVault/locations/operationResults/read';
    const estate = binEstate({ ...tenantWithBin(deletedVault('kv-a')), ...withoutRight(right) });
    expect((await estate.change('purge')).results).toMatchObject([{ outcome: 'verified' }]);
  });

  test('and the recycle bin cannot be listed afterwards: it was sent, and is not verified', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const deleted = await estate.list();
    Object.assign(estate.azure.tenant, withoutRight('Microsoft.KeyVault/deletedVaults/read'));
    const report = await estate.change('purge', { deleted });
    expect(report.results).toMatchObject([{ outcome: 'sentNotVerified', sent: true }]);
    expect(report.results[0]?.cause).toContain('The recycle bin could not be listed');
  });

  test('but it is live again by then: nothing live is purged', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const deleted = await estate.list();
    await estate.change('recover', { deleted });
    const report = await estate.change('purge', { deleted });
    expect(report.results).toMatchObject([{ outcome: 'drifted', sent: false }]);
    expect(estate.writes()).toEqual(['PUT vaults/kv-a']);
  });

  test('and the answer gets lost: a later look settles it, and nothing is sent twice', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')), { purgePolls: 2 });
    estate.azure.inject({ kind: 'resetAfterHeaders', match: { method: 'POST' } });
    const report = await estate.change('purge');
    expect(report.results).toMatchObject([{ outcome: 'verified' }]);
    expect(report.results[0]?.cause).toMatch(/^A request that was never answered has taken effect/);
    expect(estate.writes()).toHaveLength(1);
  });

  test('is not confirmed: nothing is sent', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    await expect(estate.change('purge', { confirm: async () => false })).rejects.toThrow(/not confirmed/);
    expect(estate.writes()).toEqual([]);
    expect(existsSync(estate.journal)).toBe(false);
  });

  test('is not confirmed: a journal that was there stays, though it is empty', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    writeFileSync(estate.journal, '');
    await expect(estate.change('purge', { confirm: async () => false })).rejects.toThrow(/not confirmed/);
    expect(existsSync(estate.journal)).toBe(true);
  });
});

describe('an interruption', () => {
  test('before anything was sent sends nothing: exit code 3', async () => {
    const estate = binEstate(tenantWithBin(deletedVault('kv-a')));
    const deleted = await estate.list();
    const report = await estate.change('purge', { deleted, signal: AbortSignal.abort() });
    expect(report.results).toMatchObject([{ outcome: 'skipped', sent: false }]);
    expect(deletedExitCode(report)).toBe(3);
    expect(estate.writes()).toEqual([]);
  });

  test.for(['purge', 'recover'] as const)(
    'while Azure carries out a %s leaves it open; the next run says what happened',
    async (action) => {
      const [name, type] = action === 'purge' ? ['kv-a', undefined] : ['hsm-a', hsm];
      const entry = action === 'purge' ? deletedVault(name) : deletedHsm(name);
      const estate = binEstate(tenantWithBin(entry), { purgePolls: 4, hsmPolls: 4 });
      const deleted = await estate.list(type);
      const controller = new AbortController();
      estate.azure.inject({
        kind: 'hook',
        match: { method: 'GET', path: /operationResults/i },
        run: () => controller.abort(),
      });
      const report = await estate.change(action, { deleted, signal: controller.signal });
      // A recovered HSM is there at once in ARM; a vault stays in the recycle bin until it is purged.
      const isOpen = action === 'purge';
      expect(report.results).toMatchObject([
        { outcome: isOpen ? 'sentNotVerified' : 'verified', sent: true },
      ]);
      expect(deletedExitCode(report)).toBe(isOpen ? 3 : 0);
      const later = await estate.change(action, { deleted });
      expect(later.results).toMatchObject([{ outcome: 'verified', sent: false }]);
      expect(estate.writes()).toHaveLength(1);
    },
  );
});
