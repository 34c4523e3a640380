import { describe, expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { readReport, run } from './run.ts';

const unset = Symbol('unset');
const softDelete = [unset, false, true] as const;
const purgeProtection = [unset, false, true] as const;
const retention = [unset, 7, 30, 90] as const;

const combinations = softDelete.flatMap((enableSoftDelete) =>
  purgeProtection.flatMap((enablePurgeProtection) =>
    retention.map((softDeleteRetentionInDays) => ({
      enableSoftDelete,
      enablePurgeProtection,
      softDeleteRetentionInDays,
    })),
  ),
);

type Combination = (typeof combinations)[number];

/** The truth of the design, written out again: not taken from the rules. */
function failuresOfVault(c: Combination, minimum = 90, unsetIsOff = false): readonly string[] {
  const failed: string[] = [];
  if (c.enableSoftDelete === false || (unsetIsOff && c.enableSoftDelete === unset)) failed.push('AKV001');
  if (c.enablePurgeProtection !== true) failed.push('AKV002');
  if (typeof c.softDeleteRetentionInDays === 'number' && c.softDeleteRetentionInDays < minimum)
    failed.push('AKV003');
  return failed;
}

function failuresOfHsm(c: Combination): readonly string[] {
  const days = c.softDeleteRetentionInDays;
  return [
    ...(c.enablePurgeProtection === true ? [] : ['AKV101']),
    ...(typeof days === 'number' && days < 90 ? ['AKV102'] : []),
  ];
}

/** Every combination as a row; `nulls` writes unset as null instead of leaving it out. */
function inventory(type: string, nulls: boolean): readonly JsonObject[] {
  return combinations.map((combination, index) => ({
    id: `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/${type}/r${String(index).padStart(2, '0')}`,
    name: `r${String(index).padStart(2, '0')}`,
    type: type.toLowerCase(),
    location: 'westeurope',
    properties: Object.fromEntries(written(combination, nulls)),
  }));
}

function written(combination: Combination, nulls: boolean): readonly (readonly [string, Json])[] {
  const entries: readonly (readonly [string, Json | symbol])[] = Object.entries(combination);
  return entries
    .filter(([, value]) => nulls || typeof value !== 'symbol')
    .map(([key, value]) => [key, typeof value === 'symbol' ? null : value]);
}

async function scan(rows: readonly JsonObject[], flags: readonly string[] = []): Promise<ScanReport> {
  const ids = ['AKV001', 'AKV002', 'AKV003', 'AKV101', 'AKV102'].flatMap((id) => ['--rule', id]);
  const outcome = await run(['scan', '--inventory', '-', '--output', 'json', ...ids, ...flags], {
    stdin: JSON.stringify(rows),
  });
  expect(outcome).toMatchObject({ code: 1, stderr: '' });
  return readReport(outcome.stdout);
}

function failuresByName(report: ScanReport): Record<string, readonly string[]> {
  const names = combinations.map((_, index) => `r${String(index).padStart(2, '0')}`);
  return Object.fromEntries(
    names.map((name) => [
      name,
      report.findings
        .filter((f) => f.resource.name === name && f.compliance === 'nonCompliant')
        .map((f) => f.ruleId),
    ]),
  );
}

function expected(
  failures: (combination: Combination) => readonly string[],
): Record<string, readonly string[]> {
  return Object.fromEntries(
    combinations.map((c, index) => [`r${String(index).padStart(2, '0')}`, failures(c)]),
  );
}

describe('36 states of a vault and of an HSM', () => {
  test('there are 36', () => {
    expect(combinations).toHaveLength(36);
  });

  test.for([false, true])('vaults, unset written as null: %s', async (nulls) => {
    const report = await scan(inventory('Microsoft.KeyVault/vaults', nulls));
    expect(failuresByName(report)).toEqual(expected((c) => failuresOfVault(c)));
    expect(report).toMatchObject({ complete: true, summary: { resources: 36, unknown: 0, exempt: 0 } });
  });

  test.for([false, true])('managed HSMs, unset written as null: %s', async (nulls) => {
    const report = await scan(inventory('Microsoft.KeyVault/managedHSMs', nulls));
    expect(failuresByName(report)).toEqual(expected(failuresOfHsm));
  });

  test('a shorter minimum is honoured on vaults', async () => {
    const report = await scan(inventory('Microsoft.KeyVault/vaults', false), [
      '--param',
      'minimumRetentionDays=30',
    ]);
    expect(failuresByName(report)).toEqual(expected((c) => failuresOfVault(c, 30)));
  });

  test('treatUnsetAs=nonCompliant gives the verdict of the built-in policy', async () => {
    const report = await scan(inventory('Microsoft.KeyVault/vaults', false), [
      '--param',
      'AKV001.treatUnsetAs=nonCompliant',
    ]);
    expect(failuresByName(report)).toEqual(expected((c) => failuresOfVault(c, 90, true)));
  });

  test('evidence distinguishes unset from false', async () => {
    const report = await scan(inventory('Microsoft.KeyVault/vaults', false));
    const evidence = report.findings.filter((f) => f.ruleId === 'AKV002').flatMap((f) => f.evidence);
    expect(new Set(evidence.map(({ actual }) => JSON.stringify(actual)))).toEqual(
      new Set(['{"kind":"read","value":false}', '{"kind":"unset","words":"unset (off)"}']),
    );
  });

  test('a passing unset soft delete says that it is the service default', async () => {
    const report = await scan(inventory('Microsoft.KeyVault/vaults', false), ['--include-compliant']);
    const evidence = report.findings
      .filter((f) => f.ruleId === 'AKV001' && f.compliance === 'compliant')
      .flatMap((f) => f.evidence);
    expect(evidence).toContainEqual({
      field: 'properties.enableSoftDelete',
      expected: 'unset',
      actual: { kind: 'unset', words: 'unset (service default)' },
    });
  });
});
