import { describe, expect, test } from 'vitest';
import { PolicyError, UsageError } from '../../src/model/errors.ts';
import { isJsonObject, type Json, parseJson } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { risks } from '../../src/model/risk.ts';
import { parsePlan, sealPlan } from '../../src/remediation/plan-file.ts';
import { planVault } from '../../src/remediation/plan-vault.ts';
import { aVault, anHsm, planFileText } from '../build.ts';
import { shippedRules } from '../shipped-rules.ts';

const rules = shippedRules();

function aPlan(): Plan {
  const vaults = [aVault({ softDeleteRetentionInDays: 7 }), anHsm({ enablePurgeProtection: false })];
  const planned = vaults.map((vault) => planVault(vault, { rules, isWanted: () => true, risks }));
  return sealPlan({
    schemaVersion: '1.0',
    tool: { name: 'purgeproof', version: '1.0.0' },
    createdAt: '2026-11-24T12:00:00.000Z',
    expiresAt: '2026-11-25T12:00:00.000Z',
    tenantId: 'tenant',
    scope: { subscriptions: [{ id: 's', name: 'one' }], managementGroups: [] },
    steps: planned.flatMap(({ step }) => (step === undefined ? [] : [step])),
    manual: planned.flatMap(({ manual }) => manual),
  });
}

function read(text: string): Plan {
  return parsePlan(new TextEncoder().encode(text), 'plan.json');
}

/** Every place in a value, with the value changed there alone. */
function* changedEverywhere(value: Json): Iterable<Json> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const changed of changedEverywhere(item)) yield value.with(index, changed);
    }
    return;
  }
  if (!isJsonObject(value)) {
    yield typeof value === 'string' ? `${value}x` : typeof value === 'number' ? value + 1 : !value;
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    for (const changed of changedEverywhere(member ?? null)) yield { ...value, [key]: changed };
    const { [key]: _, ...without } = value;
    yield without;
  }
}

const refused = /hash does not fit|^plan\.json:\d+:\d+ {2}/;

function refusalOf(edited: Json): string {
  try {
    read(JSON.stringify(edited));
    return `accepted ${JSON.stringify(edited)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a plan file', () => {
  test('comes back as it was written, whatever the order of its keys', () => {
    const plan = aPlan();
    expect(plan.steps).toHaveLength(2);
    expect(read(planFileText(plan))).toEqual(plan);
    const reversed = Object.fromEntries(Object.entries(plan).toReversed());
    expect(read(JSON.stringify(reversed))).toEqual(plan);
  });

  test('is refused after any edit, wherever it was made', () => {
    const edits = [...changedEverywhere(parseJson(planFileText(aPlan())))];
    expect(edits.length).toBeGreaterThan(250);
    expect(edits.map(refusalOf).filter((words) => !refused.test(words))).toEqual([]);
  });

  test('tells every place where it is not a plan', () => {
    const text = planFileText({ ...aPlan(), tenantId: 'other' })
      .replace('"schemaVersion": "1.0"', '"schemaVersion": "2.0"')
      .replace('"risk": "irreversible"', '"risk": "harmless"');
    expect(() => read(text)).toThrow(PolicyError);
    expect(() => read(text)).toThrow(/plan\.json:2:20 {2}/);
    expect(() => read(text)).toThrow(/harmless/);
  });

  test.for(['', '{', '[]', 'steps: []', '{"steps": []}', '\u0000', '{} trailing'])(
    '%j is not one',
    (text) => {
      expect(() => read(text)).toThrow(PolicyError);
    },
  );

  test.for([
    ['"steps": [', '"steps": [],\n  "steps": ['],
    ['"enablePurgeProtection": true', '"enablePurgeProtection": false, "enablePurgeProtection": true'],
    ['"hash":', '"hash": "0",\n  "hash":'],
  ])(
    'that repeats a key is refused, although its last values are those that were hashed: %s',
    ([key = '', twice = '']) => {
      const text = planFileText(aPlan());
      expect(text).toContain(key);
      expect(() => read(text.replace(key, twice))).toThrow(/^plan\.json:\d+:\d+ {2}key .* is given twice/);
    },
  );

  test('is refused when two steps change one vault', () => {
    const plan = aPlan();
    const twice = sealPlan({ ...plan, steps: [...plan.steps, ...plan.steps] });
    expect(() => read(planFileText(twice))).toThrow(UsageError);
    expect(() => read(planFileText(twice))).toThrow(/two of its steps change/);
  });

  test.for([
    { enablePurgeProtection: false },
    { enableSoftDelete: false },
    { softDeleteRetentionInDays: 90 },
    { createMode: 'recover' },
  ])('with a good hash is still refused when a step would send %o', (properties) => {
    const plan = aPlan();
    const [step] = plan.steps;
    const forged = sealPlan({ ...plan, steps: [{ ...step!, changes: { properties } }] });
    expect(() => read(planFileText(forged))).toThrow(/may not be sent/);
  });
});
