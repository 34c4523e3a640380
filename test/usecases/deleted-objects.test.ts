import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Tenant, TenantDataPlane } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import { UsageError } from '../../src/model/errors.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { objectTypeNames } from '../../src/model/vault-plane.ts';
import { readJournal } from '../../src/remediation/journal-text.ts';
import { deletedExitCode } from '../../src/usecases/deleted.ts';
import { chooseObjects } from '../../src/usecases/deleted/list-objects.ts';
import { deletedDates, objectsEstate, tenantWithObjects, vaultId } from './objects-estate.ts';

const { signal } = new AbortController();

function oneDeleted(properties: JsonObject = {}, plane: Partial<TenantDataPlane> = {}): Tenant {
  return tenantWithObjects(
    { objects: [{ type: 'secret', name: 's', value: 'hunter2', ...deletedDates }], ...plane },
    properties,
  );
}

function withoutRight(action: string) {
  return { missingRights: [{ action: `Microsoft.KeyVault/vaults/${action}`, scope: vaultId }] };
}

describe.each(objectTypeNames)('a deleted %s', (type) => {
  const tenant = () => tenantWithObjects({ objects: [{ type, name: 'x', ...deletedDates }] });

  test('is recovered by one POST, and verified by the list of its versions', async () => {
    const estate = objectsEstate(tenant(), { recoverLooks: 2 });
    const object = await estate.deleted('x', type);
    const report = await estate.change('recover', [object]);
    expect(report.results).toMatchObject([
      {
        outcome: 'verified',
        sent: true,
        vault: { id: `${vaultId}/${type}s/x`, type: `Microsoft.KeyVault/vaults/${type}s` },
      },
    ]);
    expect(deletedExitCode(report)).toBe(0);
    expect(estate.paths()).toEqual([
      `GET /deleted${type}s`,
      `GET /deleted${type}s/x`,
      `POST /deleted${type}s/x/recover`,
      ...Array.from({ length: 3 }, () => `GET /${type}s/x/versions`),
    ]);
  });

  test('is purged by one DELETE, after which its entry is gone', async () => {
    const estate = objectsEstate(tenant());
    const report = await estate.change('purge', [await estate.deleted('x', type)]);
    expect(report.results).toMatchObject([{ outcome: 'verified', sent: true }]);
    expect(estate.paths().slice(1)).toEqual([
      `GET /deleted${type}s/x`,
      `DELETE /deleted${type}s/x`,
      `GET /deleted${type}s/x`,
    ]);
  });
});

describe('a recovery', () => {
  test('has its intent in the journal before, its outcome after, and nothing secret', async () => {
    const estate = objectsEstate(oneDeleted());
    await estate.change('recover', [await estate.deleted('s')]);
    const text = readFileSync(estate.journal, 'utf8');
    const [run, intent, result] = readJournal(Buffer.from(text), 'journal').entries;
    expect(run).toMatchObject({ kind: 'run', schemaVersion: '1.1' });
    expect(intent).toMatchObject({
      kind: 'intent',
      action: 'recoverObject',
      vault: `${vaultId}/secrets/s`,
      before: { properties: { ...deletedDates, recoveryLevel: 'Recoverable+Purgeable' } },
    });
    expect(result).toMatchObject({ action: 'recoverObject', outcome: 'verified', sent: true });
    expect(text).not.toContain('hunter2');
  });

  test('needs no more of an access policy than list and recover', async () => {
    const permissions = { secrets: ['list', 'recover'] };
    const accessPolicies = [{ objectId: defaultPrincipal.objectId, permissions }];
    const estate = objectsEstate(oneDeleted({ enableRbacAuthorization: false, accessPolicies }));
    const report = await estate.change('recover', [await estate.deleted('s')]);
    expect(report.results).toMatchObject([{ outcome: 'verified', sent: true }]);
  });

  test('that a later run finds done sends nothing', async () => {
    const estate = objectsEstate(oneDeleted());
    const objects = [await estate.deleted('s')];
    await estate.change('recover', objects);
    const again = await estate.change('recover', objects);
    expect(again.results).toMatchObject([{ outcome: 'verified', sent: false }]);
    expect(again.results[0]?.cause).toMatch(/^It was recovered and verified on 2026/);
    expect(estate.writes()).toHaveLength(1);
  });

  test('of two objects keeps them apart', async () => {
    const estate = objectsEstate(
      tenantWithObjects({
        objects: [
          { type: 'key', name: 'a', ...deletedDates },
          { type: 'key', name: 'b', ...deletedDates },
        ],
      }),
    );
    const objects = [await estate.deleted('a', 'key'), await estate.deleted('b', 'key')];
    estate.azure.inject({
      kind: 'status',
      status: 400,
      code: 'BadParameter',
      match: { method: 'POST', path: /\/a\// },
    });
    const report = await estate.change('recover', objects);
    expect(report.results.map(({ vault, outcome, sent }) => [vault.name, outcome, sent])).toEqual([
      ['a', 'failed', true],
      ['b', 'verified', true],
    ]);
  });

  test('of two objects, of which we fail on each, says of which one a request was sent', async () => {
    const estate = objectsEstate(
      tenantWithObjects({
        objects: [
          { type: 'key', name: 'a', ...deletedDates },
          { type: 'key', name: 'b', ...deletedDates },
        ],
      }),
    );
    const objects = [await estate.deleted('a', 'key'), await estate.deleted('b', 'key')];
    const bug = new TypeError('our bug');
    const report = await estate.change('recover', objects, {
      plane: {
        ...estate.plane,
        readDeleted: async (object, until) => {
          if (object.name === 'a') throw bug;
          return estate.plane.readDeleted(object, until);
        },
      },
      sender: {
        send: async () => {
          throw bug;
        },
      },
    });
    expect(report.results.map(({ vault, outcome, sent }) => [vault.name, outcome, sent])).toEqual([
      ['a', 'failed', false],
      ['b', 'failed', true],
    ]);
  });

  test('that has left the recycle bin, and is not there yet, is waited for', async () => {
    const estate = objectsEstate(oneDeleted());
    const objects = [await estate.deleted('s')];
    let looks = 0;
    let isSent = false;
    const report = await estate.change('recover', objects, {
      plane: {
        ...estate.plane,
        readDeleted: async (object, until) =>
          isSent ? { kind: 'notFound' } : estate.plane.readDeleted(object, until),
        readLive: async () => {
          looks += 1;
          return looks < 4 ? { kind: 'notFound' } : { kind: 'found', row: {} };
        },
      },
      sender: {
        send: async () => {
          isSent = true;
          const lost = {
            status: 0,
            code: 'ECONNRESET',
            message: 'socket hang up',
            details: [],
            policies: [],
          };
          return { kind: 'refused', refusal: { ...lost, requestId: '', fromAzure: true } };
        },
      },
    });
    expect(report.results).toMatchObject([{ outcome: 'verified' }]);
    expect(looks).toBe(4);
  });

  test('of which every read is refused was sent, and is not verified: exit code 1', async () => {
    const estate = objectsEstate(oneDeleted());
    const objects = [await estate.deleted('s')];
    Object.assign(estate.azure.tenant, withoutRight('secrets/readMetadata/action'));
    estate.azure.inject({
      kind: 'status',
      status: 200,
      match: { path: /deletedsecrets\/s$/ },
      body: {
        id: 'https://kv-a.vault.azure.net/secrets/s/1',
        deletedDate: Date.parse(deletedDates.deletedDate) / 1000,
      },
    });
    const report = await estate.change('recover', objects);
    expect(report.results).toMatchObject([{ outcome: 'sentNotVerified', sent: true }]);
    expect(report.results[0]?.cause).toContain('Microsoft.KeyVault/vaults/secrets/readMetadata/action');
    expect(deletedExitCode(report)).toBe(1);
  });

  test('that Azure never carries out is neither verified nor sent again', async () => {
    const estate = objectsEstate(oneDeleted(), { recoverLooks: 999 });
    const report = await estate.change('recover', [await estate.deleted('s')]);
    expect(report.results).toMatchObject([{ outcome: 'stillFailing' }]);
    expect(estate.writes()).toHaveLength(1);
  });

  test.for<[name: string, times: number, outcome: string]>([
    ['for a moment', 2, 'verified'],
    ['for good', 99, 'conflict'],
  ])('of what is still being deleted, %s', async ([, times, outcome]) => {
    const estate = objectsEstate(oneDeleted());
    estate.azure.inject({
      kind: 'status',
      status: 409,
      match: { method: 'POST' },
      body: {
        error: {
          code: 'Conflict',
          message: 'Secret is currently being deleted.',
          innererror: { code: 'ObjectIsBeingDeleted' },
        },
      },
      times,
    });
    const report = await estate.change('recover', [await estate.deleted('s')]);
    expect(report.results).toMatchObject([{ outcome }]);
    const said = outcome === 'conflict' ? 'while it is being deleted' : 'lists it again';
    expect(report.results[0]?.cause).toContain(said);
  });

  test.for<
    [name: string, change: (objects: TenantDataPlane['objects']) => void, outcome: string, cause: RegExp]
  >([
    [
      'somebody has done so by then',
      ([object]) => {
        delete object?.deletedDate;
      },
      'alreadyCompliant',
      /live already/,
    ],
    [
      'somebody has purged it by then',
      (objects) => void objects.splice(0),
      'notFound',
      /no longer in the recycle bin/,
    ],
    [
      'it was recovered and deleted once more by then',
      ([object]) => {
        if (object !== undefined) object.deletedDate = '2026-11-23T09:00:00Z';
      },
      'drifted',
      /was deleted on 2026-11-23/,
    ],
  ])('but %s', async ([, change, outcome, cause]) => {
    const estate = objectsEstate(oneDeleted());
    const objects = [await estate.deleted('s')];
    change(estate.azure.tenant.dataPlanes?.['kv-a']?.objects ?? []);
    const report = await estate.change('recover', objects);
    expect(report.results).toMatchObject([{ outcome, sent: false }]);
    expect(report.results[0]?.cause).toMatch(cause);
    expect(estate.writes()).toEqual([]);
  });

  test('whose answer gets lost is settled by a later look, and nothing is sent twice', async () => {
    const estate = objectsEstate(oneDeleted(), { recoverLooks: 2 });
    estate.azure.inject({ kind: 'resetAfterHeaders', match: { method: 'POST' } });
    const report = await estate.change('recover', [await estate.deleted('s')]);
    expect(report.results).toMatchObject([{ outcome: 'verified' }]);
    expect(report.results[0]?.cause).toMatch(/^A request that was never answered has taken effect/);
    expect(estate.writes()).toHaveLength(1);
  });

  test('that is interrupted while Azure carries it out is left open; the next run says what happened', async () => {
    const estate = objectsEstate(oneDeleted(), { recoverLooks: 3 });
    const objects = [await estate.deleted('s')];
    const controller = new AbortController();
    estate.azure.inject({ kind: 'hook', match: { path: /versions/ }, run: () => controller.abort() });
    const report = await estate.change('recover', objects, { signal: controller.signal });
    expect(report.results).toMatchObject([{ outcome: 'sentNotVerified', sent: true }]);
    expect(deletedExitCode(report)).toBe(3);
    const later = await estate.change('recover', objects);
    expect(later.results).toMatchObject([{ outcome: 'verified', sent: false }]);
    expect(estate.writes()).toHaveLength(1);
  });
});

describe('a purge', () => {
  test.for<[level: string, properties: JsonObject, plane?: Partial<TenantDataPlane>]>([
    ['Recoverable', { enablePurgeProtection: true }],
    ['CustomizedRecoverable', { enablePurgeProtection: true, softDeleteRetentionInDays: 7 }],
    ['Recoverable+ProtectedSubscription', { enablePurgeProtection: true }, { protectedSubscription: true }],
  ])('of what is %s is refused with the date, and nothing is sent', async ([level, properties, plane]) => {
    const estate = objectsEstate(oneDeleted(properties, plane));
    const objects = [await estate.deleted('s')];
    await expect(estate.change('purge', objects)).rejects.toThrow(
      `s is ${level}: nobody but Azure can purge it, which is scheduled for 2026-11-27T10:53:07Z`,
    );
    await expect(estate.change('purge', objects)).rejects.toBeInstanceOf(UsageError);
    expect(estate.writes()).toEqual([]);
  });

  test('of what became protected since it was chosen sends nothing', async () => {
    const estate = objectsEstate(oneDeleted());
    const objects = [await estate.deleted('s')];
    const { resources } = estate.azure.tenant;
    if (Array.isArray(resources)) resources.splice(0, 1, ...tenantResources({ enablePurgeProtection: true }));
    expect((await estate.change('purge', objects)).results).toMatchObject([
      { outcome: 'conflict', sent: false },
    ]);
    expect(estate.writes()).toEqual([]);
  });

  test('of what is live again by then: nothing live is purged', async () => {
    const estate = objectsEstate(oneDeleted());
    const objects = [await estate.deleted('s')];
    await estate.change('recover', objects);
    expect((await estate.change('purge', objects)).results).toMatchObject([
      { outcome: 'drifted', sent: false },
    ]);
    expect(estate.writes()).toHaveLength(1);
  });

  test.for<[name: string, code: string, outcome: string, words: RegExp]>([
    [
      'without the right',
      'secrets/purge/action',
      'unauthorized',
      /No role .* grants .*secrets\/purge\/action/,
    ],
  ])('%s', async ([, right, outcome, words]) => {
    const estate = objectsEstate({ ...oneDeleted(), ...withoutRight(right) });
    const report = await estate.change('purge', [await estate.deleted('s')]);
    expect(report.results).toMatchObject([{ outcome }]);
    expect(report.results[0]?.cause).toMatch(words);
    expect(report.results[0]?.hint).toContain('Key Vault Secrets Officer');
  });

  test('whose answer gets lost is settled by a later look, and nothing is sent twice', async () => {
    const estate = objectsEstate(oneDeleted());
    estate.azure.inject({
      kind: 'hook',
      match: { method: 'DELETE' },
      run: ({ dataPlanes }) => void dataPlanes?.['kv-a']?.objects.splice(0),
    });
    estate.azure.inject({
      kind: 'status',
      status: 502,
      text: 'Bad gateway',
      match: { method: 'DELETE', nth: 1 },
    });
    const report = await estate.change('purge', [await estate.deleted('s')]);
    expect(report.results).toMatchObject([{ outcome: 'verified' }]);
    expect(estate.writes()).toHaveLength(1);
  });
});

describe('a name', () => {
  test('of a part of a certificate is refused', async () => {
    const estate = objectsEstate(
      tenantWithObjects({ objects: [{ type: 'certificate', name: 'c', ...deletedDates }] }),
    );
    const { plane, address } = estate;
    const from = { action: 'recover', plane, address, type: 'secret', entries: [] } as const;
    await expect(chooseObjects(['c'], from, signal)).rejects.toThrow(
      /a part of the certificate of that name/,
    );
  });

  test.for(['../secrets/s', 's/x', '', 'a b', 'x'.repeat(128)])('%j is no name', async (name) => {
    const estate = objectsEstate(oneDeleted());
    const { plane, address } = estate;
    const from = { action: 'recover', plane, address, type: 'secret', entries: [] } as const;
    await expect(chooseObjects([name], from, signal)).rejects.toThrow(/No deleted secret of kv-a is called/);
    expect(estate.paths()).toEqual([]);
  });
});

function tenantResources(properties: JsonObject): readonly JsonObject[] {
  const { resources } = tenantWithObjects({ objects: [] }, properties);
  return Array.isArray(resources) ? resources : [];
}
