import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt } from '../../src/model/json.ts';
import { type Resource, propertiesOf } from '../../src/model/resource.ts';
import { risks } from '../../src/model/risk.ts';
import { patchProperties } from '../../emulator/key-vault/properties.ts';
import { planVault, type VaultPlan } from '../../src/remediation/plan-vault.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import { compileRule, judge } from '../../src/rules/evaluate.ts';
import { aRule, aVault, anHsm } from '../build.ts';
import { runs } from '../runs.ts';
import { shippedRules } from '../shipped-rules.ts';

const shipped = shippedRules();

const maybe = <T>(...values: readonly T[]): fc.Arbitrary<T | null | undefined> =>
  fc.constantFrom<T | null | undefined>(...values, null, undefined);

const networkAcls = fc.record(
  {
    bypass: fc.constantFrom('AzureServices', 'None'),
    defaultAction: fc.constantFrom('Allow', 'Deny'),
    ipRules: fc.constantFrom([], [{ value: '10.0.0.1' }]),
  },
  { requiredKeys: [] },
);

/** Properties in every state that a vault can be found in. */
const properties: fc.Arbitrary<JsonObject> = fc.record(
  {
    enableSoftDelete: maybe(true, false),
    softDeleteRetentionInDays: maybe(7, 30, 90),
    enableRbacAuthorization: maybe(true, false),
    publicNetworkAccess: maybe('Enabled', 'disabled', 'SecuredByPerimeter'),
    networkAcls: fc.option(networkAcls, { nil: undefined }),
    accessPolicies: fc.constantFrom([], [{ objectId: 'o', permissions: { keys: ['purge'] } }]),
    enabledForDeployment: maybe(true, false),
    unknownToUs: maybe('kept'),
  },
  { requiredKeys: [] },
);

/** Purge protection is never read as false, and never found without soft delete. */
const vault: fc.Arbitrary<Resource> = fc
  .tuple(properties, fc.boolean())
  .map(([found, isProtected]) =>
    aVault(isProtected ? { ...found, enableSoftDelete: true, enablePurgeProtection: true } : found),
  );

const hsm: fc.Arbitrary<Resource> = fc
  .tuple(fc.boolean(), fc.constantFrom(7, 28, 90))
  .map(([enablePurgeProtection, softDeleteRetentionInDays]) =>
    anHsm({ enableSoftDelete: true, enablePurgeProtection, softDeleteRetentionInDays }),
  );

/** A rule that wants a property to have a value, with a patch that does that, and perhaps more. */
interface Wish {
  readonly id: string;
  readonly field: string;
  readonly expected: boolean;
  readonly more: JsonObject;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  id: fc.integer({ min: 1, max: 999 }).map((number) => `ORG${number}`),
  field: fc.constantFrom(
    'enabledForDeployment',
    'enableRbacAuthorization',
    'enablePurgeProtection',
    'enableSoftDelete',
  ),
  expected: fc.boolean(),
  more: fc.dictionary(
    fc.constantFrom(
      'enabledForDeployment',
      'enablePurgeProtection',
      'softDeleteRetentionInDays',
      'publicNetworkAccess',
    ),
    fc.constantFrom(true, false, null, 90),
    { maxKeys: 2 },
  ),
});

const wishes = fc.uniqueArray(wish, { maxLength: 4, selector: ({ id }) => id });

function rulesOf(own: readonly Wish[]): readonly CompiledRule[] {
  return [...shipped, ...own.map(ruleOf)];
}

function ruleOf({ id, field, expected, more }: Wish): CompiledRule {
  const require = {
    kind: 'comparison',
    operand: { kind: 'field', path: `properties.${field}` },
    operator: 'equals',
    expected,
  } as const;
  const patch = { properties: { ...more, [field]: expected } };
  return compileRule(aRule(require, { id, remediation: { risk: 'safe', patch } }), {});
}

function plan(resource: Resource, by: readonly CompiledRule[]): VaultPlan {
  return planVault(resource, { rules: by, isWanted: () => true, risks });
}

/** The vault after the step, as the emulated service leaves it; throws when the service refuses. */
function applied(resource: Resource, { step }: VaultPlan): Resource {
  if (step === undefined) return resource;
  const written = patchProperties(propertiesOf(resource), objectAt(step.changes, 'properties'));
  if ('refusal' in written) throw new Error(written.refusal);
  return { ...resource, body: { ...resource.body, properties: written.properties } };
}

const parameters = { numRuns: runs(500) };

describe('laws of planning', () => {
  test('apply ∘ plan is idempotent: on the vault as the service leaves it, nothing is planned', () => {
    fc.assert(
      fc.property(fc.oneof(vault, hsm), wishes, (resource, own) => {
        const by = rulesOf(own);
        const after = applied(resource, plan(resource, by));
        expect(plan(after, by).step).toBeUndefined();
      }),
      parameters,
    );
  });

  test('no step holds false for a one-way switch, a retention period, or anything that is not changed', () => {
    fc.assert(
      fc.property(fc.oneof(vault, hsm), wishes, (resource, own) => {
        const by = rulesOf(own);
        const { step } = plan(resource, by);
        const changed = objectAt(step?.changes ?? {}, 'properties');
        expect(changed['enableSoftDelete'] ?? true).toBe(true);
        expect(changed['enablePurgeProtection'] ?? true).toBe(true);
        expect(changed).not.toHaveProperty('softDeleteRetentionInDays');
        for (const [name, value] of Object.entries(changed)) {
          expect(value).not.toBeNull();
          expect(value).not.toEqual(propertiesOf(resource)[name]);
        }
      }),
      parameters,
    );
  });

  test('every rule that a step claims passes after, and no rule that did not fail before fails after', () => {
    fc.assert(
      fc.property(fc.oneof(vault, hsm), wishes, (resource, own) => {
        const by = rulesOf(own);
        const planned = plan(resource, by);
        const after = applied(resource, planned);
        const claimed = new Set(planned.step?.rules.map(({ id }) => id));
        const mustPass = by.filter(({ rule }) => claimed.has(rule.id));
        const mustNotFail = by.filter(
          (rule) => rule.appliesTo(resource.type) && judge(rule, resource) !== 'nonCompliant',
        );
        expect(mustPass.filter((rule) => judge(rule, after) !== 'compliant')).toEqual([]);
        expect(mustNotFail.filter((rule) => judge(rule, after) === 'nonCompliant')).toEqual([]);
      }),
      parameters,
    );
  });

  test('every failed rule is either in the step or left to a person, never both and never neither', () => {
    fc.assert(
      fc.property(fc.oneof(vault, hsm), wishes, (resource, own) => {
        const by = rulesOf(own);
        const { step, manual } = plan(resource, by);
        const told = [...(step?.rules.map(({ id }) => id) ?? []), ...manual.map(({ rule }) => rule.id)];
        const failed = by
          .filter((rule) => rule.appliesTo(resource.type) && judge(rule, resource) === 'nonCompliant')
          .map(({ rule }) => rule.id);
        expect(told.toSorted()).toEqual(failed.toSorted());
        for (const { runbook, reason } of manual) expect([reason, ...runbook]).not.toContain('');
      }),
      parameters,
    );
  });

  test('the plan does not depend on the order of the rules', () => {
    fc.assert(
      fc.property(fc.oneof(vault, hsm), wishes, (resource, own) => {
        const by = rulesOf(own);
        const [one, other] = [plan(resource, by), plan(resource, by.toReversed())];
        expect(other.step?.changes).toEqual(one.step?.changes);
        expect(other.step?.rules.map(({ id }) => id).toSorted()).toEqual(
          one.step?.rules.map(({ id }) => id).toSorted(),
        );
        expect(other.manual).toEqual(one.manual);
      }),
      parameters,
    );
  });
});
