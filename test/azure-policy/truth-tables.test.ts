import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { about, definitionOf, hsms, resourceOf, ruleOf, vaults, verdictOf } from './policies.ts';
import { compileRule, judge } from '../../src/rules/evaluate.ts';

// Definitions of the shapes that Azure's own have, in other words. What each should say follows from its `if` by hand.

const effect = { type: 'String', allowedValues: ['Audit', 'Deny', 'Disabled'], defaultValue: 'Audit' };
const byParameter = { effect: "[parameters('effect')]", parameters: { effect } };

const alias = (name: string): string => `${vaults}/${name}`;
const notRecovering = { not: { field: alias('createMode'), equals: 'recover' } };
const isOff = (name: string): Json => ({ field: alias(name), equals: 'false' });
const isUnset = (name: string): Json => ({ field: alias(name), exists: 'false' });

const softDelete = definitionOf(
  about(vaults, notRecovering, { anyOf: [isOff('enableSoftDelete'), isUnset('enableSoftDelete')] }),
  byParameter,
);

const version = (operator: string, date: string): Json => ({
  value: '[requestContext().apiVersion]',
  [operator]: date,
});

const deletionProtection = definitionOf(
  about(
    vaults,
    { field: alias('createMode'), notEquals: 'recover' },
    {
      anyOf: [
        {
          allOf: [
            version('less', '2019-09-01'),
            { anyOf: [isOff('enableSoftDelete'), isUnset('enableSoftDelete')] },
          ],
        },
        { allOf: [version('greaterOrEquals', '2019-09-01'), isOff('enableSoftDelete')] },
        isUnset('enablePurgeProtection'),
        isOff('enablePurgeProtection'),
      ],
    },
  ),
  byParameter,
);

const hsmProtection = definitionOf(
  {
    allOf: [
      { field: 'type', equals: 'Microsoft.KeyVault/managedHsms' },
      {
        anyOf: ['enableSoftDelete', 'enablePurgeProtection'].map((name) => ({
          field: `Microsoft.KeyVault/managedHsms/${name}`,
          notEquals: 'true',
        })),
      },
    ],
  },
  byParameter,
);

const unset = Symbol('unset');
const switches = [unset, null, false, true, 'false', 'true', 'False', 'True'] as const;
const modes = [unset, null, 'default', 'recover', 'Recover'] as const;

/** Every vault with one of these values for each of the three. */
const combinations = switches.flatMap((soft) =>
  switches.flatMap((purge) => modes.map((mode) => ({ soft, purge, mode }))),
);

type Combination = (typeof combinations)[number];

function bodyOf({ soft, purge, mode }: Combination, type = vaults): JsonObject {
  const values = { enableSoftDelete: soft, enablePurgeProtection: purge, createMode: mode };
  const properties = Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'symbol' ? [] : [[key, value] as const],
    ),
  );
  return { type, properties };
}

const says = (value: Combination['soft'], word: string): boolean =>
  typeof value !== 'symbol' && String(value).toLowerCase() === word;
const isMissing = (value: Combination['soft']): boolean => value === unset || value === null;
const recovers = ({ mode }: Combination): boolean =>
  typeof mode === 'string' && mode.toLowerCase() === 'recover';

test('all combinations of the three switches are judged', () => {
  expect(combinations).toHaveLength(320);
});

describe('the definitions about recovery agree with their text on all combinations', () => {
  const rules = [
    {
      name: 'soft delete',
      rule: compileRule(ruleOf(softDelete), {}),
      type: vaults,
      fails: ({ soft }: Combination) => says(soft, 'false') || isMissing(soft),
    },
    {
      name: 'deletion protection',
      rule: compileRule(ruleOf(deletionProtection), {}),
      type: vaults,
      fails: ({ soft, purge }: Combination) =>
        says(soft, 'false') || isMissing(purge) || says(purge, 'false'),
    },
  ];

  test.for(rules)('$name of vaults', ({ rule, type, fails }) => {
    for (const one of combinations) {
      const wanted = recovers(one) ? 'notApplicable' : fails(one) ? 'nonCompliant' : 'compliant';
      expect([one, judge(rule, resourceOf(bodyOf(one, type)))]).toEqual([one, wanted]);
    }
  });

  test('purge protection of managed HSMs, which knows no recovery', () => {
    const rule = compileRule(ruleOf(hsmProtection), {});
    for (const one of combinations) {
      const isRight = says(one.soft, 'true') && says(one.purge, 'true');
      expect([one, judge(rule, resourceOf(bodyOf(one, hsms)))]).toEqual([
        one,
        isRight ? 'compliant' : 'nonCompliant',
      ]);
    }
  });
});

describe('what could not be read is unknown where it decides', () => {
  test.for([
    ['properties', { properties: {} }, 'unknown'],
    ['properties.enablePurgeProtection', { properties: { enableSoftDelete: true } }, 'unknown'],
    ['properties.enablePurgeProtection', { properties: { enableSoftDelete: false } }, 'nonCompliant'],
    ['properties.enableSoftDelete', { properties: { enablePurgeProtection: true } }, 'unknown'],
    ['properties.enableSoftDelete', { properties: {} }, 'nonCompliant'],
  ] as const)('%s of %j: %s', ([gap, body, wanted]) => {
    expect(verdictOf(deletionProtection, body, { gaps: [gap] })).toBe(wanted);
  });

  const rules = alias('networkAcls.ipRules[*]');

  test.for([
    '[current()]',
    "[tryGet(current(), 'value')]",
    '[string(length(current()))]',
    `[current('${rules}')]`,
    `[current('${rules}.value')]`,
    `[first(field('${rules}.value'))]`,
  ])('%s of an element of which a part could not be read', (value) => {
    const policy = definitionOf(
      about(vaults, { count: { field: rules, where: { value, equals: 'open' } }, greater: 0 }),
    );
    const body = { properties: { networkAcls: { ipRules: [{}] } } };
    for (const gap of ['', '.ipRules', '.ipRules[*]', '.ipRules[*].value'])
      expect(verdictOf(policy, body, { gaps: [`properties.networkAcls${gap}`] })).toBe('unknown');
    expect(verdictOf(policy, body)).toBe(
      value.includes('.value') || value.includes('first') ? 'compliant' : 'compliant',
    );
  });

  test.for([
    ['[resourceGroup().name]', 'resourceGroup'],
    ['[subscription().subscriptionId]', 'subscriptionId'],
  ] as const)('%s', ([value, field]) => {
    const policy = definitionOf(about(vaults, { value, equals: 'elsewhere' }));
    expect(verdictOf(policy, {})).toBe('compliant');
    expect(verdictOf(policy, {}, { gaps: [field] })).toBe('unknown');
    expect(verdictOf(policy, { [field]: null })).toBe('unknown');
  });
});

describe('an expectation of a form on which Azure fails is unknown', () => {
  const name = { field: 'name' };
  test.for<readonly [JsonObject, string, Json, string]>([
    [{ ...name, in: "[parameters('x')]" }, 'Array', ['other'], 'compliant'],
    [{ ...name, in: "[parameters('x')]" }, 'String', 'other', 'unknown'],
    [{ ...name, in: "[createArray(parameters('x'))]" }, 'Array', ['kv'], 'unknown'],
    [{ ...name, equals: "[parameters('x')]" }, 'Array', ['kv'], 'unknown'],
    [{ ...name, equals: "[parameters('x')]" }, 'Object', { a: 'kv' }, 'unknown'],
    [{ ...name, equals: '[null()]' }, 'String', '', 'unknown'],
    [{ ...name, exists: "[parameters('x')]" }, 'String', 'True', 'nonCompliant'],
    [{ ...name, exists: "[parameters('x')]" }, 'String', 'yes', 'unknown'],
  ])('%j of %s %j: %s', ([comparison, type, defaultValue, wanted]) => {
    const policy = definitionOf(about(vaults, comparison), { parameters: { x: { type, defaultValue } } });
    expect(verdictOf(policy, {})).toBe(wanted);
  });
});

const status = 'privateEndpointConnections[*].privateLinkServiceConnectionState.status';
const link = (...states: readonly string[]): JsonObject => ({
  properties: {
    privateEndpointConnections: states.map((state) => ({
      properties: { privateLinkServiceConnectionState: { status: state } },
    })),
  },
});

describe('definitions with arrays', () => {
  const approved = definitionOf(
    about(vaults, {
      count: {
        field: alias('privateEndpointConnections[*]'),
        where: { field: alias(status), equals: 'Approved' },
      },
      less: 1,
    }),
  );

  test.for([
    [{ properties: {} }, 'nonCompliant'],
    [{ properties: { privateEndpointConnections: null } }, 'nonCompliant'],
    [link(), 'nonCompliant'],
    [link('Pending', 'Rejected'), 'nonCompliant'],
    [link('Pending', 'approved'), 'compliant'],
  ] as const)('an approved private endpoint: %j is %s', ([body, wanted]) => {
    expect(verdictOf(approved, body)).toBe(wanted);
  });

  const anyLink = definitionOf(
    about(vaults, {
      anyOf: [
        { field: alias('privateEndpointConnections'), exists: 'false' },
        { count: { field: alias('privateEndpointConnections[*]') }, equals: 0 },
      ],
    }),
  );

  test.for([
    [{ properties: {} }, 'nonCompliant'],
    [link(), 'nonCompliant'],
    [link('Pending'), 'compliant'],
  ] as const)('any private endpoint: %j is %s', ([body, wanted]) => {
    expect(verdictOf(anyLink, body)).toBe(wanted);
  });

  const serviceEndpoint = definitionOf(
    about(vaults, {
      anyOf: [
        { field: alias('networkAcls.defaultAction'), notEquals: 'Deny' },
        { field: alias('networkAcls.virtualNetworkRules[*].id'), exists: 'false' },
      ],
    }),
  );
  const acls = (networkAcls: JsonObject): JsonObject => ({ properties: { networkAcls } });

  test.for([
    [{ properties: {} }, 'nonCompliant'],
    [acls({ defaultAction: 'Allow', virtualNetworkRules: [{ id: 'a' }] }), 'nonCompliant'],
    [acls({ defaultAction: 'Deny' }), 'nonCompliant'],
    [acls({ defaultAction: 'Deny', virtualNetworkRules: [] }), 'nonCompliant'],
    [acls({ defaultAction: 'deny', virtualNetworkRules: [{ id: 'a' }] }), 'compliant'],
    // A condition on [*] holds where it holds for every element.
    [acls({ defaultAction: 'Deny', virtualNetworkRules: [{ id: 'a' }, {}] }), 'compliant'],
  ] as const)('a service endpoint: %j is %s', ([body, wanted]) => {
    expect(verdictOf(serviceEndpoint, body)).toBe(wanted);
  });
});

describe('a firewall with lists of addresses', () => {
  const within = (list: string): JsonObject => ({
    count: {
      field: alias('networkAcls.ipRules[*]'),
      where: {
        count: {
          value: `[parameters('${list}')]`,
          name: 'range',
          where: {
            value: `[ipRangeContains(current('range'), current('${alias('networkAcls.ipRules[*].value')}'))]`,
            equals: true,
          },
        },
        greater: 0,
      },
    },
  });
  const isGiven = (list: string): Json => ({
    count: { value: `[parameters('${list}')]`, name: 'any' },
    notEquals: 0,
  });
  const firewall = definitionOf(
    about(
      vaults,
      {
        anyOf: [
          { field: alias('networkAcls.defaultAction'), notEquals: 'Deny' },
          {
            allOf: [
              { value: "[parameters('restrict')]", equals: 'Yes' },
              {
                anyOf: [
                  {
                    allOf: [
                      isGiven('allowed'),
                      {
                        not: {
                          ...within('allowed'),
                          equals: `[length(field('${alias('networkAcls.ipRules[*]')}'))]`,
                        },
                      },
                    ],
                  },
                  {
                    allOf: [isGiven('forbidden'), { not: { ...within('forbidden'), equals: 0 } }],
                  },
                ],
              },
            ],
          },
        ],
      },
      {
        anyOf: [
          version('less', '2021-06-01-preview'),
          {
            allOf: [
              version('greaterOrEquals', '2021-06-01-preview'),
              { field: alias('publicNetworkAccess'), notEquals: 'Disabled' },
            ],
          },
        ],
      },
    ),
    {
      parameters: {
        restrict: { type: 'String', allowedValues: ['Yes', 'No'], defaultValue: 'No' },
        allowed: { type: 'Array', defaultValue: [] },
        forbidden: { type: 'Array', defaultValue: [] },
      },
    },
  );
  const vault = (addresses: readonly string[], others: JsonObject = {}): JsonObject => ({
    properties: {
      networkAcls: { defaultAction: 'Deny', ipRules: addresses.map((value) => ({ value })) },
      ...others,
    },
  });

  test.for([
    [vault([]), {}, 'compliant'],
    [{ properties: {} }, {}, 'nonCompliant'],
    [{ properties: { publicNetworkAccess: 'disabled' } }, {}, 'compliant'],
    [vault(['203.0.113.7/32']), {}, 'compliant'],
    [vault(['203.0.113.7/32']), { restrict: 'Yes' }, 'compliant'],
    [vault(['203.0.113.7/32']), { allowed: ['10.0.0.0/8'] }, 'compliant'],
    [vault(['203.0.113.7/32']), { restrict: 'Yes', allowed: ['203.0.113.0/24'] }, 'compliant'],
    [vault(['203.0.113.7/32', '10.1.2.3']), { restrict: 'Yes', allowed: ['203.0.113.0/24'] }, 'nonCompliant'],
    [
      vault(['203.0.113.7', '10.1.2.3']),
      { restrict: 'Yes', allowed: ['10.0.0.0/8', '203.0.113.1-203.0.113.9'] },
      'compliant',
    ],
    [vault([]), { restrict: 'Yes', allowed: ['203.0.113.0/24'] }, 'compliant'],
    [vault(['10.1.2.3']), { restrict: 'Yes', forbidden: ['10.0.0.0/8'] }, 'nonCompliant'],
    [vault(['11.1.2.3']), { restrict: 'Yes', forbidden: ['10.0.0.0/8'] }, 'compliant'],
    // Azure's evaluation fails on two families, and refuses what it cannot evaluate: no pass here.
    [vault(['2001:db8::1']), { restrict: 'Yes', forbidden: ['10.0.0.0/8'] }, 'unknown'],
    [vault(['no address']), { restrict: 'Yes', allowed: ['10.0.0.0/8'] }, 'unknown'],
  ] as const)('%j with %j is %s', ([body, parameters, wanted]) => {
    expect(verdictOf(firewall, body, { parameters })).toBe(wanted);
  });
});

describe('what people write', () => {
  test.for<readonly [string, Json, JsonObject, string]>([
    [
      'keys in other letter cases',
      {
        AllOf: [
          { FIELD: 'TYPE', Equals: vaults.toUpperCase() },
          { field: alias('ENABLEPURGEPROTECTION'), notequals: 'TRUE' },
        ],
      },
      { properties: {} },
      'nonCompliant',
    ],
    [
      'a list of types',
      about(vaults, { field: 'type', in: [vaults, hsms] }, isUnset('enablePurgeProtection')),
      { properties: {} },
      'nonCompliant',
    ],
    [
      'no allOf at the top',
      { field: alias('enablePurgeProtection'), notEquals: true },
      { properties: { enablePurgeProtection: true } },
      'compliant',
    ],
    ['a region with spaces', about(vaults, { field: 'location', notIn: ['West Europe'] }), {}, 'compliant'],
    [
      'a region with spaces that is worked out for each vault',
      about(vaults, { field: 'location', equals: "[if(equals(field('name'), 'kv'), 'West Europe', 'x')]" }),
      {},
      'nonCompliant',
    ],
    [
      'a text computed from two',
      about(vaults, { field: 'name', notLike: "[concat('kv-', '*')]" }),
      { name: 'kv-1' },
      'compliant',
    ],
    [
      'the name of the resource group',
      about(vaults, { field: 'name', notLike: "[concat(resourceGroup().name, '*')]" }),
      { name: 'x', resourceGroup: 'rg' },
      'nonCompliant',
    ],
    ['the full name', about(vaults, { field: 'fullName', equals: 'kv' }), { name: 'kv' }, 'nonCompliant'],
    ['a kind, which no vault has', about(vaults, { field: 'kind', exists: true }), {}, 'compliant'],
    [
      'fewer than two tags',
      about(vaults, { value: "[less(length(field('tags')), 2)]", equals: 'true' }),
      { tags: { a: '1' } },
      'nonCompliant',
    ],
    [
      'two tags',
      about(vaults, { value: "[less(length(field('tags')), 2)]", equals: 'true' }),
      { tags: { a: '1', b: '' } },
      'compliant',
    ],
    [
      'a missing field is an empty text to field()',
      about(vaults, { value: `[empty(field('${alias('createMode')}'))]`, equals: true }),
      { properties: {} },
      'nonCompliant',
    ],
    [
      'if() leaves out the branch that fails',
      about(vaults, {
        value: "[if(greaterOrEquals(length(field('name')), 9), substring(field('name'), 0, 9), 'short')]",
        equals: 'short',
      }),
      { name: 'kv' },
      'nonCompliant',
    ],
    [
      'a call that fails is no pass',
      about(vaults, { value: "[substring(field('name'), 0, 9)]", equals: 'production' }),
      { name: 'kv' },
      'unknown',
    ],
    [
      'a list in the place of an effect',
      { allOf: [{ field: 'type', equals: vaults }, isUnset('createMode')] },
      { properties: {} },
      'nonCompliant',
    ],
  ])('%s', ([, condition, body, wanted]) => {
    expect(verdictOf(definitionOf(condition, { effect: ['audit'] }), body)).toBe(wanted);
  });

  test.for([
    ["[parameters('LEASTDAYS')]", 'integer', 'nonCompliant'],
    ["[ PARAMETERS('leastdays') ]", 'Integer', 'nonCompliant'],
    ["[int(Parameters('LeastDays'))]", 'INTEGER', 'nonCompliant'],
  ] as const)('a parameter in other letter cases: %s', ([less, type, wanted]) => {
    const policy = definitionOf(about(vaults, { field: alias('softDeleteRetentionInDays'), less }), {
      effect: "[parameters('EFFECT')]",
      parameters: { effect, leastDays: { type, defaultValue: 90 } },
    });
    expect(verdictOf(policy, { properties: { softDeleteRetentionInDays: 7 } })).toBe(wanted);
    expect(compileRule(ruleOf(policy), {}).effect).toBe('audit');
  });

  test('a tag whose name is a parameter', () => {
    const policy = definitionOf(
      about(vaults, { field: "[concat('tags[', parameters('tag'), ']')]", exists: 'false' }),
      {
        parameters: { tag: { type: 'String', defaultValue: 'cost center' } },
      },
    );
    expect(verdictOf(policy, { tags: { 'Cost Center': '7' } })).toBe('compliant');
    expect(verdictOf(policy, { tags: { owner: 'me' } })).toBe('nonCompliant');
    expect(verdictOf(policy, { tags: { owner: 'me' } }, { parameters: { tag: 'OWNER' } })).toBe('compliant');
    expect(verdictOf(policy, {}, { gaps: ['tags'] })).toBe('unknown');
  });

  test('tags that are counted by their names', () => {
    const policy = definitionOf(
      about(vaults, {
        count: {
          value: ['owner', 'env'],
          where: { field: "[concat('tags[', current(), ']')]", exists: false },
        },
        greater: 0,
      }),
    );
    expect(verdictOf(policy, { tags: { owner: 'me', env: 'x' } })).toBe('compliant');
    expect(verdictOf(policy, { tags: { owner: 'me' } })).toBe('nonCompliant');
    expect(verdictOf(policy, {})).toBe('nonCompliant');
  });

  test('fields beside a counted array, and field() of the element', () => {
    const rules = alias('networkAcls.ipRules[*].value');
    const policy = definitionOf(
      about(vaults, {
        count: {
          field: alias('networkAcls.ipRules[*]'),
          where: {
            allOf: [
              { field: 'tags.env', equals: 'prod' },
              { value: `[startsWith(first(field('${rules}')), '0.')]`, equals: true },
            ],
          },
        },
        greater: 0,
      }),
    );
    const properties = { networkAcls: { ipRules: [{ value: '0.0.0.0/0' }, { value: '10.0.0.0/8' }] } };
    expect(verdictOf(policy, { tags: { env: 'Prod' }, properties })).toBe('nonCompliant');
    expect(verdictOf(policy, { tags: { env: 'dev' }, properties })).toBe('compliant');
    expect(verdictOf(policy, { tags: { env: 'dev' }, properties }, { gaps: ['tags'] })).toBe('unknown');
  });

  test('an alias of one type is missing on resources of another', () => {
    const policy = definitionOf({
      allOf: [
        { field: 'type', in: [vaults, hsms] },
        { field: alias('enablePurgeProtection'), notEquals: true },
      ],
    });
    const properties = { enablePurgeProtection: true };
    expect(verdictOf(policy, { type: vaults, properties })).toBe('compliant');
    expect(verdictOf(policy, { type: hsms, properties })).toBe('nonCompliant');
  });
});

describe('a count of nested arrays counts what is there, whatever a member of the outer array lacks', () => {
  const field = alias('accessPolicies[*].permissions.secrets[*]');
  const two = { permissions: { secrets: ['get', 'purge'] } };
  const none = [{ permissions: { keys: ['get'] } }, { permissions: { secrets: null } }, {}];

  test.for([
    [[], 0],
    [none, 0],
    [[two], 2],
    [[two, ...none], 2],
    [[...none, two, two], 4],
  ] as const)('%j: %i', ([accessPolicies, count]) => {
    const fails = (operator: string, operand: number) =>
      verdictOf(definitionOf(about(vaults, { count: { field }, [operator]: operand })), {
        properties: { accessPolicies },
      });
    expect(fails('equals', count)).toBe('nonCompliant');
    expect(fails('notEquals', count)).toBe('compliant');
    expect(fails('greater', 0)).toBe(count > 0 ? 'nonCompliant' : 'compliant');
  });
});
