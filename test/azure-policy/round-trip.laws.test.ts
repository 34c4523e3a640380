import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { compareText } from '../../src/model/compare-text.ts';
import type { Rule } from '../../src/model/rule.ts';
import { exportInitiative, exportRule } from '../../src/azure-policy/export-definition.ts';
import { shippedRules as shipped } from '../../src/files/shipped-rules.ts';
import { compileRule, judge } from '../../src/rules/evaluate.ts';
import { runs } from '../runs.ts';
import { loadPolicies, resourceOf, ruleOf } from './policies.ts';
import { bodies } from './vault-bodies.ts';

const options = { effect: 'audit', version: '1.2.3' } as const;

function exported(rule: Rule): Json | undefined {
  const result = exportRule(rule, options);
  return 'definition' in result ? result.definition : undefined;
}

const sayable = shipped
  .filter((rule) => exported(rule) !== undefined)
  .toSorted((a, b) => compareText(a.id, b.id));

/** Every choice of values for the parameters that the shipped rules have. */
function valuesOf({ parameters }: Rule): fc.Arbitrary<Readonly<Record<string, Json>>> {
  const choices = Object.entries(parameters).map(([name, { allowedValues, minimum = 0, maximum = 0 }]) => [
    name,
    allowedValues === undefined
      ? fc.integer({ min: minimum, max: maximum })
      : fc.constantFrom(...allowedValues),
  ]);
  return fc.record(Object.fromEntries(choices));
}

const gaps = fc.constantFrom(
  [],
  [],
  ['properties'],
  ['properties.networkAcls'],
  ['properties.accessPolicies'],
);

describe('a rule that is exported and read back gives the same verdicts', () => {
  test('the rules that can be said are those on vaults and managed HSMs', () => {
    expect(sayable.map(({ id }) => id)).toEqual([
      'AKV001',
      'AKV002',
      'AKV003',
      'AKV004',
      'AKV005',
      'AKV006',
      'AKV007',
      'AKV101',
      'AKV102',
    ]);
  });

  test.for(sayable.map((rule) => [rule.id, rule] as const))('%s', ([, rule]) => {
    const back = ruleOf(exported(rule) ?? null);
    fc.assert(
      fc.property(bodies, valuesOf(rule), gaps, (body, parameters, unread) => {
        const resource = resourceOf(body, unread);
        const [before, after] = [compileRule(rule, parameters), compileRule(back, parameters)];
        expect(after.appliesTo(resource.type)).toBe(before.appliesTo(resource.type));
        if (!before.appliesTo(resource.type)) return;
        const verdict = judge(before, resource);
        const wholeIsUnread = unread[0] === 'properties';
        // Whether a vault that cannot be read is being recovered is not known either.
        expect(judge(after, resource)).toBe(
          wholeIsUnread ? 'unknown' : verdict === 'notApplicable' ? 'compliant' : verdict,
        );
      }),
      { numRuns: Math.max(200, runs(4000)) },
    );
  });

  test('a vault that is being recovered is left alone', () => {
    for (const rule of sayable) {
      const back = compileRule(ruleOf(exported(rule) ?? null), {});
      const [type = ''] = rule.resourceTypes;
      expect(judge(back, resourceOf({ type, properties: { createMode: 'Recover' } }))).toBe('notApplicable');
    }
  });
});

test('what Azure Policy cannot say is refused by name', () => {
  const refusals = shipped.flatMap((rule) => {
    const result = exportRule(rule, options);
    return 'refusals' in result ? [`${rule.id}: ${result.refusals.join(' ')}`] : [];
  });
  expect(refusals).toMatchInlineSnapshot(`
    [
      "AKV201: It is about Microsoft.KeyVault/deletedVaults and Microsoft.KeyVault/deletedManagedHSMs, which Azure Policy does not judge.",
      "AKV202: It is about Microsoft.KeyVault/deletedVaults and Microsoft.KeyVault/deletedManagedHSMs, which Azure Policy does not judge. It reads daysToPurge, of which Azure Policy has no alias.",
      "AKV301: It is about Microsoft.KeyVault/vaults/keys, Microsoft.KeyVault/vaults/secrets and Microsoft.KeyVault/vaults/certificates, which Azure Policy does not judge. It reads vault.properties.enableSoftDelete, vault.properties.enablePurgeProtection, vault.properties.softDeleteRetentionInDays, of which Azure Policy has no alias.",
      "AKV302: It is about Microsoft.KeyVault/vaults/deletedKeys, Microsoft.KeyVault/vaults/deletedSecrets and Microsoft.KeyVault/vaults/deletedCertificates, which Azure Policy does not judge. It reads daysToPurge, of which Azure Policy has no alias.",
      "AKV401: It reads access.principals[*].id, access.principals[*].canPurgeVault, access.principals[*].canPurgeObjects, access.principals[*], access.complete, of which Azure Policy has no alias.",
    ]
  `);
});

test('an initiative passes its parameters on, and its groups are the controls', () => {
  const scope = '/providers/Microsoft.Management/managementGroups/platform';
  const set = exportInitiative(sayable, { ...options, effect: 'deny', scope });
  const { rules, problems, passedOver } = loadPolicies({
    'all.json': [...sayable.map((rule) => exported(rule) ?? null), set],
  });
  expect({ problems, passedOver }).toEqual({ problems: [], passedOver: [] });
  const retention = rules.find(({ id }) => id === 'purgeproof-akv003');
  if (retention === undefined) throw new Error('the rule about retention was exported');
  const days = resourceOf({ properties: { softDeleteRetentionInDays: 30 } });
  expect(judge(compileRule(retention, {}), days)).toBe('nonCompliant');
  expect(judge(compileRule(retention, { AKV003_minimumRetentionDays: 30 }), days)).toBe('compliant');
  expect(compileRule(retention, {}).effect).toBe('deny');
  expect(Object.values(retention.controls).flat()).toEqual(
    Object.entries(sayable.find(({ id }) => id === 'AKV003')?.controls ?? {}).flatMap(([framework, ids]) =>
      ids.map((id) => `${framework}_${id}`),
    ),
  );
});
