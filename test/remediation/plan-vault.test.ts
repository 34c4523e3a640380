import { describe, expect, test } from 'vitest';
import type { Condition, Rule } from '../../src/model/rule.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { type Risk, risks } from '../../src/model/risk.ts';
import { planVault, type VaultPlan } from '../../src/remediation/plan-vault.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { aRule, aVault, anHsm } from '../build.ts';
import { shippedRules } from '../shipped-rules.ts';

const shipped = shippedRules();

function plan(
  resource: Resource,
  rules: readonly CompiledRule[] = shipped,
  allowed: readonly Risk[] = risks,
): VaultPlan {
  return planVault(resource, { rules, isWanted: () => true, risks: allowed });
}

function planFor(ids: readonly string[], properties: JsonObject): VaultPlan {
  return plan(aVault(properties), shippedRules(ids));
}

/** A rule that requires one property to have a value, and sets it, or something else. */
function wants(id: string, field: string, value: boolean | string, rest: Partial<Rule> = {}): CompiledRule {
  const patch = { properties: { [field]: value } };
  return compileRule(
    aRule(
      {
        kind: 'comparison',
        operand: { kind: 'field', path: `properties.${field}` },
        operator: 'equals',
        expected: value,
      },
      { id, name: id.toLowerCase(), remediation: { risk: 'safe', patch }, ...rest },
    ),
    {},
  );
}

describe('the request of a step', () => {
  test.for<[string, readonly string[], JsonObject, JsonObject]>([
    [
      'sends soft delete with purge protection where it is unset',
      ['AKV002'],
      {},
      { enableSoftDelete: true, enablePurgeProtection: true },
    ],
    [
      'sends soft delete with purge protection where it is false',
      ['AKV002'],
      { enableSoftDelete: false },
      { enableSoftDelete: true, enablePurgeProtection: true },
    ],
    [
      'sends purge protection alone where soft delete is on',
      ['AKV002'],
      { enableSoftDelete: true, softDeleteRetentionInDays: 7 },
      { enablePurgeProtection: true },
    ],
    [
      'sends soft delete alone for its own rule',
      ['AKV001'],
      { enableSoftDelete: false },
      { enableSoftDelete: true },
    ],
    [
      'keeps everything else of the firewall, which Azure replaces whole',
      ['AKV006'],
      {
        networkAcls: {
          bypass: 'None',
          defaultAction: 'Allow',
          ipRules: [{ value: '10.0.0.0/24' }],
          virtualNetworkRules: [{ id: '/subscriptions/s/…/subnets/a' }],
        },
      },
      {
        networkAcls: {
          bypass: 'None',
          defaultAction: 'Deny',
          ipRules: [{ value: '10.0.0.0/24' }],
          virtualNetworkRules: [{ id: '/subscriptions/s/…/subnets/a' }],
        },
      },
    ],
    [
      'sends no null that the firewall itself has',
      ['AKV006'],
      { networkAcls: { bypass: 'None', defaultAction: 'Allow', ipRules: null } },
      { networkAcls: { bypass: 'None', defaultAction: 'Deny' } },
    ],
    [
      'says the bypass that an absent firewall implies',
      ['AKV006'],
      {},
      { networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' } },
    ],
    [
      'mends several rules at once',
      ['AKV002', 'AKV004'],
      { enableSoftDelete: true, enableRbacAuthorization: false },
      { enablePurgeProtection: true, enableRbacAuthorization: true },
    ],
  ])('%s', ([, ids, properties, expected]) => {
    const { step, manual } = planFor(ids, properties);
    expect(step?.changes).toEqual({ properties: expected });
    expect(step?.rules.map(({ id }) => id)).toEqual(ids);
    expect(manual).toEqual([]);
  });

  test('sends purge protection to a managed HSM', () => {
    const { step } = plan(anHsm({ enableSoftDelete: true, enablePurgeProtection: false }));
    expect(step?.changes).toEqual({ properties: { enablePurgeProtection: true } });
    expect(step?.risk).toBe('irreversible');
  });

  test('is absent where everything passes', () => {
    const vault = aVault({ enableSoftDelete: true, enablePurgeProtection: true });
    expect(plan(vault, shippedRules(['AKV001', 'AKV002', 'AKV003']))).toEqual({ manual: [], heldBack: 0 });
  });
});

describe('what a step says', () => {
  test('a vault: purge protection is for good and the name is burned for the retention period', () => {
    const { step } = planFor(['AKV002'], { enableSoftDelete: true, softDeleteRetentionInDays: 30 });
    expect(step?.consequences).toEqual([
      'Purge protection can never be switched off again, not even by Microsoft.',
      'Once deleted, it cannot be purged: its name stays reserved for 30 days.',
    ]);
  });

  test('an unset retention period counts as 90 days', () => {
    const { step } = planFor(['AKV002'], {});
    expect(step?.consequences.join(' ')).toContain('reserved for 90 days');
  });

  test('a managed HSM is billed after its deletion', () => {
    const { step } = plan(
      anHsm({ enablePurgeProtection: false, softDeleteRetentionInDays: 28 }),
      shippedRules(['AKV101']),
    );
    expect(step?.consequences.join(' ')).toContain('billed at its full rate until it is purged: for 28 days');
  });

  test('whoever relies on access policies or an open network may be cut off', () => {
    const { step } = planFor(['AKV004', 'AKV006'], { accessPolicies: [{ objectId: 'o' }] });
    const text = step?.consequences.join(' ') ?? '';
    expect(text).toContain('its one access policy stops applying at once');
    expect(text).toContain('assign the matching Key Vault data roles');
    expect(text).toContain("firewall's default becomes Deny, alongside 0 address rules");
    expect(step?.risk).toBe('disruptive');
  });

  test('whoever is in no new access policy loses access', () => {
    const nobody: Condition = {
      kind: 'comparison',
      operand: { kind: 'count', field: 'properties.accessPolicies[*]' },
      operator: 'equals',
      expected: 0,
    };
    const remediation = { risk: 'safe', patch: { properties: { accessPolicies: [] } } } as const;
    const { step } = plan(aVault({ accessPolicies: [{ objectId: 'o' }] }), [
      compileRule(aRule(nobody, { remediation }), {}),
    ]);
    expect(step?.risk).toBe('disruptive');
    expect(step?.consequences).toEqual([
      'The access policies are replaced: anyone not in the new list loses access at once.',
      'accessPolicies is sent whole: a change that another client makes to it in the moment of the write is lost.',
    ]);
  });

  test('whoever has access by Azure RBAC loses it where that is turned off', () => {
    const rule = wants('ORG001', 'enableRbacAuthorization', false);
    const { step } = plan(aVault({ enableRbacAuthorization: true }), [rule]);
    expect(step?.risk).toBe('disruptive');
    expect(step?.consequences).toEqual([
      'Azure makes this switch only for whoever may assign roles on the vault (Microsoft.Authorization/roleAssignments/write, without a condition).',
      'Access policies alone control access: rights granted by Azure RBAC stop applying at once.',
    ]);
  });

  test('the worst risk is the risk of the step', () => {
    expect(planFor(['AKV002', 'AKV006'], {}).step?.risk).toBe('irreversible');
  });
});

describe('what is left to a person', () => {
  test('a retention period that is set is never sent, but explained step by step', () => {
    const { step, manual } = planFor(['AKV003'], { softDeleteRetentionInDays: 7 });
    expect(step).toBeUndefined();
    expect(manual[0]?.reason).toBe('The retention period is set to 7 days, and cannot be changed.');
    const runbook = manual[0]?.runbook ?? [];
    const order = [
      'Create a new vault',
      'backup and restore',
      'Move the users',
      'Only then delete',
      'Scan again',
    ];
    const found = order.map((words) => runbook.findIndex((line) => line.includes(words)));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
  });

  test('an unset retention period: the service may refuse', () => {
    const setsRetention = compileRule(
      aRule(
        {
          kind: 'comparison',
          operand: { kind: 'field', path: 'properties.softDeleteRetentionInDays' },
          operator: 'greaterOrEquals',
          expected: 90,
        },
        { remediation: { risk: 'irreversible', patch: { properties: { softDeleteRetentionInDays: 90 } } } },
      ),
      {},
    );
    for (const [properties, words] of [
      [{}, 'Azure may refuse'],
      [{ softDeleteRetentionInDays: 7 }, 'and cannot be changed'],
    ] as const) {
      const { step, manual } = plan(aVault(properties), [setsRetention]);
      expect(step).toBeUndefined();
      expect(manual[0]?.reason).toContain(words);
    }
  });

  test('a rule without a patch, in its own words', () => {
    const { manual } = planFor(['AKV007'], {});
    expect(manual[0]?.runbook[0]).toContain('Create a private endpoint');
  });

  test('a rule that the step happens to mend stays listed, and says so', () => {
    const accessPolicies = [{ objectId: 'o', permissions: { secrets: ['purge'] } }];
    const { step, manual } = planFor(['AKV004', 'AKV005'], { accessPolicies });
    expect(step?.rules.map(({ id }) => id)).toEqual(['AKV004']);
    expect(manual[0]?.reason).toContain(
      'Once the step for the same resource is applied, it is fixed as well.',
    );
  });

  test('fixes of a risk that was not asked for', () => {
    const { step, manual } = plan(aVault({}), shippedRules(['AKV002', 'AKV006']), ['safe', 'irreversible']);
    expect(step?.rules.map(({ id }) => id)).toEqual(['AKV002']);
    expect(manual.map(({ rule, reason }) => [rule.id, reason])).toEqual([
      ['AKV006', 'Its fix is disruptive, and the plan was made without --allow disruptive.'],
    ]);
  });

  test.for<[string, JsonObject, string]>([
    ['a one-way switch turned back', { enablePurgeProtection: false }, 'can only be set to true'],
    ['a one-way switch unset', { enableSoftDelete: null }, 'can only be set to true'],
    ['a property that would have to be unset', { publicNetworkAccess: null }, 'cannot unset'],
    ['a property that no PATCH changes', { createMode: 'recover' }, 'cannot be changed by a PATCH request'],
    ['the directory', { tenantId: 'other' }, 'cannot be changed by a PATCH request'],
    [
      'a null in a list',
      { networkAcls: { ipRules: [{ value: null }] } },
      'A null inside "properties.networkAcls"',
    ],
    ['a part of the firewall that we do not know', { networkAcls: { novelty: true } }, 'is not known'],
  ])('%s', ([, patch, words]) => {
    const before = { enablePurgeProtection: true, enableSoftDelete: true, publicNetworkAccess: 'Enabled' };
    const rule = wants('ORG001', 'enabledForDeployment', true, {
      remediation: { risk: 'safe', patch: { properties: patch } },
    });
    const { step, manual } = plan(aVault(before), [rule]);
    expect(step).toBeUndefined();
    expect(manual[0]?.reason).toContain(words);
  });

  test.for<[string, JsonObject]>([
    ['all tags removed by null', { tags: null }],
    ['a tag that is no text', { tags: { owner: ['a'] } }],
  ])('%s', ([, patch]) => {
    const untagged = compileRule(
      aRule(
        {
          kind: 'comparison',
          operand: { kind: 'field', path: "tags['env']" },
          operator: 'exists',
          expected: false,
        },
        { remediation: { risk: 'safe', patch } },
      ),
      {},
    );
    const vault = aVault({}, { tags: { env: 'lab' } });
    const { step, manual } = plan({ ...vault, body: { ...vault.body, tags: { env: 'lab' } } }, [untagged]);
    expect(step).toBeUndefined();
    expect(manual[0]?.reason).toBe(
      'Tags can only be sent as names with text values: Azure leaves alone what is null.',
    );
  });

  test('a patch that does not mend this vault', () => {
    const useless = wants('ORG001', 'enabledForDeployment', true, {
      remediation: { risk: 'safe', patch: { properties: { publicNetworkAccess: 'Disabled' } } },
    });
    expect(plan(aVault({}), [useless]).manual[0]?.reason).toContain('does not make it pass');
  });
});

describe('the proof', () => {
  const open = wants('ORG001', 'publicNetworkAccess', 'Enabled');
  const closed = wants('ORG002', 'publicNetworkAccess', 'Disabled');
  const bystander = wants('ORG003', 'enabledForDeployment', true);

  test('leaves both of two rules whose patches fight to a person, and keeps the third', () => {
    const { step, manual } = plan(aVault({ publicNetworkAccess: 'SecuredByPerimeter' }), [
      open,
      closed,
      bystander,
    ]);
    expect(step?.rules.map(({ id }) => id)).toEqual(['ORG003']);
    expect(step?.changes).toEqual({ properties: { enabledForDeployment: true } });
    expect(manual.map(({ rule, reason }) => [rule.id, reason])).toEqual([
      ['ORG001', expect.stringContaining('undo each other')],
      ['ORG002', expect.stringContaining('undo each other')],
    ]);
  });

  test('sees a fight over different properties', () => {
    const quiet = wants('ORG004', 'enabledForDeployment', false, {
      remediation: { risk: 'safe', patch: { properties: { enabledForDeployment: false } } },
    });
    const noisy = wants('ORG005', 'enabledForTemplateDeployment', true, {
      remediation: {
        risk: 'safe',
        patch: { properties: { enabledForDeployment: true, enabledForTemplateDeployment: true } },
      },
    });
    const { step, manual } = plan(aVault({}), [quiet, noisy]);
    expect(step).toBeUndefined();
    expect(manual.map(({ rule }) => rule.id)).toEqual(['ORG004', 'ORG005']);
  });

  test('rejects a patch that breaks a rule that the vault meets now', () => {
    const { step, manual } = plan(aVault({ publicNetworkAccess: 'Enabled' }), [open, closed]);
    expect(step).toBeUndefined();
    expect(manual[0]?.reason).toContain('ORG001 org001, which is met now, would fail');
  });

  test('rejects a patch that makes a rule apply and fail', () => {
    const accessPolicies = [{ objectId: 'o', permissions: { secrets: ['purge'] } }];
    const noRbac = wants('ORG006', 'enableRbacAuthorization', false);
    const vault = aVault({ enableRbacAuthorization: true, accessPolicies });
    const { step, manual } = plan(vault, [...shippedRules(['AKV005']), noRbac]);
    expect(step).toBeUndefined();
    expect(manual[0]?.reason).toContain('AKV005');
  });
});
