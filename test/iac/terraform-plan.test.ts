import { describe, expect, test } from 'vitest';
import { readPlan } from '../../src/iac/terraform-plan/read-plan.ts';
import { type Json, type JsonObject, objectAt } from '../../src/model/json.ts';
import { declaredResources } from '../../src/sources/undeployed/code-source.ts';
import { verdictsOfPlan } from './declared-verdicts.ts';

/** A vault as the provider azurerm 4 plans it. */
const planned: JsonObject = {
  access_policy: [],
  enabled_for_deployment: false,
  location: 'northeurope',
  name: 'kv-ledger-qa',
  network_acls: [
    { bypass: 'AzureServices', default_action: 'Deny', ip_rules: [], virtual_network_subnet_ids: [] },
  ],
  public_network_access_enabled: true,
  purge_protection_enabled: true,
  rbac_authorization_enabled: true,
  resource_group_name: 'rg-ledger',
  sku_name: 'standard',
  soft_delete_retention_days: 90,
  tags: null,
  tenant_id: '11111111-1111-1111-1111-111111111111',
  timeouts: null,
};

const id =
  '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-ledger/providers/Microsoft.KeyVault/vaults/kv-ledger-qa';

interface Change {
  readonly address?: string;
  readonly type?: string;
  readonly actions?: readonly string[];
  readonly after?: JsonObject | null;
  readonly unknown?: Json;
  readonly sensitive?: Json;
  readonly before?: JsonObject | null;
  readonly more?: JsonObject;
}

function changeOf(change: Change): JsonObject {
  const { address = 'azurerm_key_vault.ledger', type = 'azurerm_key_vault', actions = ['create'] } = change;
  const { after = planned, unknown = {}, sensitive = {}, before = null, more = {} } = change;
  const name = /(\w+)(?:\[[^\]]*\])?$/.exec(address)?.[1] ?? '';
  return {
    address,
    mode: 'managed',
    type,
    name,
    change: {
      actions,
      before,
      after,
      after_unknown: unknown,
      before_sensitive: false,
      after_sensitive: sensitive,
    },
    ...more,
  };
}

function planOf(changes: readonly JsonObject[], more: JsonObject = {}): Json {
  return {
    format_version: '1.2',
    terraform_version: '1.9.8',
    planned_values: { root_module: {} },
    resource_changes: changes,
    ...more,
  };
}

/** The verdicts on AKV001, AKV002, AKV003 and AKV006 of each vault. */
function verdicts(plan: Json): readonly string[] {
  return verdictsOfPlan(plan).verdicts.map((found) =>
    ['AKV001', 'AKV002', 'AKV003', 'AKV006'].map((rule) => short[found[rule] ?? '']).join(' '),
  );
}

const short: Readonly<Record<string, string>> = {
  compliant: 'pass',
  nonCompliant: 'fail',
  unknown: 'unknown',
};

function resourcesOf(plan: Json) {
  const { declarations } = readPlan({ path: 'plan.json', text: JSON.stringify(plan, undefined, 1) });
  return declaredResources(declarations);
}

describe('the provider turns soft delete on when it creates', () => {
  const hsm = 'azurerm_key_vault_managed_hardware_security_module';
  const wanted = (change: Change): unknown => {
    const [resource] = resourcesOf(planOf([changeOf(change)]));
    const { enableSoftDelete } = objectAt(resource?.body ?? {}, 'properties');
    return resource?.gaps.includes('properties.enableSoftDelete') === true ? 'unknown' : enableSoftDelete;
  };

  test.for<[string, Change, unknown]>([
    ['a vault', {}, true],
    ['a managed HSM', { type: hsm, address: `${hsm}.main` }, true],
    ['by an old provider that was told not to', { after: { ...planned, soft_delete_enabled: false } }, false],
    ['by an old provider that was told nothing', { after: { ...planned, soft_delete_enabled: null } }, true],
    ['not of a vault that is there', { actions: ['no-op'], before: { ...planned, id } }, 'unknown'],
  ])('%s', ([, change, softDelete]) => {
    expect(wanted(change)).toBe(softDelete);
  });
});

describe('what a change makes of a vault is judged', () => {
  test.for<[string, Change, readonly string[]]>([
    ['create', {}, ['pass pass pass pass']],
    [
      'purge protection null',
      { after: { ...planned, purge_protection_enabled: null } },
      ['pass fail pass pass'],
    ],
    ['seven days', { after: { ...planned, soft_delete_retention_days: 7 } }, ['pass pass fail pass']],
    ['no firewall', { after: { ...planned, network_acls: [] } }, ['pass pass pass fail']],
    ['delete', { actions: ['delete'], after: null, before: planned }, []],
    ['forget', { actions: ['forget'], after: null, before: planned }, []],
    [
      'replace under the same name: the old one may be recovered, so only what both have is certain',
      {
        actions: ['delete', 'create'],
        before: { ...planned, id, soft_delete_retention_days: 7 },
      },
      ['pass pass unknown pass'],
    ],
    [
      'replace under the same name: the firewall is new',
      { actions: ['create', 'delete'], before: { ...planned, id, network_acls: [] } },
      ['pass pass pass unknown'],
    ],
    [
      'replace under another name: as it will be',
      {
        actions: ['delete', 'create'],
        before: { ...planned, id, name: 'kv-ledger', soft_delete_retention_days: 7 },
      },
      ['pass pass pass pass'],
    ],
    [
      'replace in another region: as it will be',
      {
        actions: ['delete', 'create'],
        before: { ...planned, id, location: 'West Europe', soft_delete_retention_days: 7 },
      },
      ['pass pass pass pass'],
    ],
    [
      'replace under a name that is known after apply',
      {
        actions: ['delete', 'create'],
        before: { ...planned, id, purge_protection_enabled: false },
        after: { ...planned, name: null },
        unknown: { name: true },
      },
      ['pass unknown pass pass'],
    ],
    [
      'update: purge protection is turned off, which fails on apply',
      {
        actions: ['update'],
        before: { ...planned, id },
        after: { ...planned, purge_protection_enabled: false },
      },
      ['unknown fail pass pass'],
    ],
    [
      'no change: it cannot prove soft delete',
      { actions: ['no-op'], before: { ...planned, id } },
      ['unknown pass pass pass'],
    ],
    ['a data source', { actions: ['read'], more: { mode: 'data' } }, []],
    ['a deposed one', { actions: ['delete'], more: { deposed: 'abc' } }, []],
    [
      'known after apply',
      {
        after: { name: 'kv-ledger-qa', soft_delete_retention_days: 90 },
        unknown: { purge_protection_enabled: true, network_acls: true, access_policy: true },
      },
      ['pass unknown pass unknown'],
    ],
    [
      'a nested value that is known after apply',
      {
        after: { ...planned, network_acls: [{ bypass: 'None', default_action: null }] },
        unknown: { network_acls: [{ default_action: true }] },
      },
      ['pass pass pass unknown'],
    ],
    [
      'a sensitive value',
      {
        after: { ...planned, purge_protection_enabled: false },
        sensitive: { purge_protection_enabled: true },
      },
      ['pass unknown pass pass'],
    ],
  ])('%s', ([, change, expected]) => {
    expect(verdicts(planOf([changeOf(change)]))).toEqual(expected);
  });

  test('one that another address deletes under the same name and region may be recovered', () => {
    const gone = changeOf({
      address: 'azurerm_key_vault.old',
      actions: ['delete'],
      before: { ...planned, id, location: 'North Europe', soft_delete_retention_days: 7 },
      after: null,
    });
    expect(verdicts(planOf([gone, changeOf({})]))).toEqual(['pass pass unknown pass']);
    const other = changeOf({ after: { ...planned, name: 'kv-other' } });
    expect(verdicts(planOf([gone, other]))).toEqual(['pass pass pass pass']);
  });

  test('with the names of old versions', () => {
    const after = { name: 'kv', soft_delete_enabled: false, enable_rbac_authorization: true };
    expect(verdicts(planOf([changeOf({ after })]))).toEqual(['fail fail pass fail']);
  });

  test('azapi, with a body as an object and as text', () => {
    const body = { properties: { enablePurgeProtection: 'true', softDeleteRetentionInDays: '30' } };
    for (const written of [body, JSON.stringify(body)]) {
      const after = { type: 'Microsoft.KeyVault/vaults@2023-07-01', name: 'kv', body: written };
      const change = changeOf({ address: 'azapi_resource.v', type: 'azapi_resource', after });
      expect(verdicts(planOf([change]))).toEqual(['pass pass fail fail']);
      const hidden = {
        root_module: {
          resources: [{ type: 'azapi_resource', name: 'v', expressions: { sensitive_body: {} } }],
        },
      };
      expect(verdicts(planOf([change], { configuration: hidden }))).toEqual([
        'unknown unknown unknown unknown',
      ]);
    }
  });

  test('each instance of a module, of count and of for_each', () => {
    const addresses = [
      'module.kv["a"].azurerm_key_vault.main[0]',
      'module.kv["b"].azurerm_key_vault.main[1]',
    ];
    const resources = resourcesOf(planOf(addresses.map((address) => changeOf({ address }))));
    expect(resources.map((resource) => resource.id)).toEqual(
      addresses.map((address) => `undeployed:plan.json#${address}`),
    );
  });

  test('an access policy of its own may change those of the vault', () => {
    const policy = changeOf({
      address: 'azurerm_key_vault_access_policy.p',
      type: 'azurerm_key_vault_access_policy',
      after: {},
    });
    const vault = changeOf({ after: { ...planned, rbac_authorization_enabled: false } });
    expect(verdictsOfPlan(planOf([vault, policy])).verdicts[0]).toMatchObject({ AKV005: 'unknown' });
    expect(verdictsOfPlan(planOf([vault])).verdicts[0]).toMatchObject({ AKV005: 'compliant' });
  });
});

test('one that is there already has its id, and each its line', () => {
  const [resource] = resourcesOf(planOf([changeOf({ actions: ['update'], before: { ...planned, id } })]));
  expect(resource?.id).toBe(id.toLowerCase());
  expect(resource?.declared?.properties.get('properties.enablepurgeprotection')?.line).toBeGreaterThan(10);
});

function declaring(address: string): JsonObject {
  return { root_module: { resources: [{ address, mode: 'managed', type: 'azurerm_key_vault' }] } };
}

describe('a plan that is not whole', () => {
  const there = {
    values: {
      root_module: {
        resources: [{ address: 'azurerm_key_vault.old', mode: 'managed', type: 'azurerm_key_vault' }],
      },
    },
  };
  test.for<[string, Json, readonly string[]]>([
    ['a whole one', planOf([changeOf({})]), []],
    ['one that failed', planOf([changeOf({})], { errored: true, complete: false }), ['could not finish']],
    ['with targets', planOf([changeOf({})], { complete: false }), ['not complete']],
    ['with targets, of OpenTofu', planOf([changeOf({})], { prior_state: there }), ['azurerm_key_vault.old']],
    [
      'that only refreshes',
      { format_version: '1.2', planned_values: { root_module: {} }, prior_state: there },
      ['azurerm_key_vault.old'],
    ],
    [
      'that leaves out what is declared once',
      planOf([], {
        configuration: {
          root_module: {
            resources: [
              { address: 'azurerm_key_vault.new', mode: 'managed', type: 'azurerm_key_vault' },
              {
                address: 'azurerm_key_vault.many',
                mode: 'managed',
                type: 'azurerm_key_vault',
                count_expression: {},
              },
            ],
          },
        },
      }),
      ['azurerm_key_vault.new'],
    ],
    [
      'whose instances stand for what the configuration declares, though it does not say that it is repeated',
      planOf([changeOf({ address: 'module.m["a.b[0]/\\"c"].azurerm_key_vault.new["x"]' })], {
        configuration: {
          root_module: {
            module_calls: {
              m: {
                module: {
                  resources: [
                    { address: 'azurerm_key_vault.new', mode: 'managed', type: 'azurerm_key_vault' },
                  ],
                },
              },
            },
          },
        },
      }),
      [],
    ],
    [
      'that is complete, and has no instance of what is declared',
      planOf([changeOf({})], { complete: true, configuration: declaring('azurerm_key_vault.none') }),
      [],
    ],
    [
      'that has no word on whether it is complete, and no instance of what is declared',
      planOf([changeOf({})], { configuration: declaring('azurerm_key_vault.none') }),
      ['azurerm_key_vault.none'],
    ],
    [
      'that only refreshes, and calls that complete',
      planOf([], { complete: true, configuration: declaring('azurerm_key_vault.none') }),
      ['azurerm_key_vault.none'],
    ],
    [
      'that defers a vault',
      planOf([], { deferred_changes: [{ reason: 'instance_count_unknown', resource_change: changeOf({}) }] }),
      ['leaves azurerm_key_vault.ledger to a later plan'],
    ],
    [
      'whose planned values have a vault that no change names',
      {
        format_version: '1.2',
        planned_values: {
          root_module: {
            resources: [{ address: 'azurerm_key_vault.lost', mode: 'managed', type: 'azurerm_key_vault' }],
          },
        },
      },
      ['azurerm_key_vault.lost'],
    ],
    [
      'that destroys all',
      planOf([changeOf({ address: 'azurerm_key_vault.old', actions: ['delete'], after: null })], {
        prior_state: there,
      }),
      [],
    ],
  ])('%s', ([, plan, words]) => {
    const { missing } = verdictsOfPlan(plan);
    expect(missing).toHaveLength(words.length);
    words.forEach((word, index) => expect(missing[index]).toContain(word));
  });
});

test('no value of a plan that is sensitive is kept', () => {
  const secret = 'hunter2-hunter2';
  const after = { ...planned, tags: { token: secret }, location: secret };
  const plan = planOf([changeOf({ after, sensitive: { tags: true, location: true } })], {
    variables: { secret: { value: secret } },
  });
  const { declarations } = readPlan({ path: 'plan.json', text: JSON.stringify(plan) });
  expect(JSON.stringify(declaredResources(declarations))).not.toContain(secret);
});
