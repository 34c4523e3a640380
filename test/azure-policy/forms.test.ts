import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { about, definitionOf, loadPolicies, ruleOf, vaults, verdictOf, wordsOf } from './policies.ts';

const purges = { field: `${vaults}/enablePurgeProtection`, notEquals: true };
const effect = { type: 'String', allowedValues: ['Audit', 'Deny', 'Disabled'], defaultValue: 'Audit' };
const condition = about(vaults, purges);
const policyRule = { if: condition, then: { effect: "[parameters('effect')]" } };
const open = { properties: {} };

/** Every string that begins with a bracket with one more, as ARM exports it. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('[') ? `[${value}` : value;
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escaped(item ?? null)]));
}

const resource = {
  type: 'Microsoft.Authorization/policyDefinitions',
  name: 'a-definition',
  properties: escaped({ mode: 'Indexed', parameters: { effect }, policyRule }),
};

const forms: Readonly<Record<string, Json>> = {
  'a file of Azure/azure-policy': {
    properties: { displayName: 'X', mode: 'Indexed', parameters: { effect }, policyRule },
    id: '/providers/Microsoft.Authorization/policyDefinitions/a-definition',
    name: 'a-definition',
  },
  'az policy definition show': {
    name: 'a-definition',
    mode: 'All',
    parameters: { effect },
    policyRule,
    version: '1.0.0',
  },
  'az policy definition list': [{ name: 'a-definition', mode: 'All', parameters: { effect }, policyRule }],
  'the REST API': { value: [{ name: 'a-definition', properties: { parameters: { effect }, policyRule } }] },
  'a resource of a template': { ...resource, apiVersion: '2023-04-01' },
  'an exported resource without a version': resource,
  'an ARM template': {
    $schema: 'https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#',
    resources: [{ ...resource, apiVersion: '2023-04-01' }, { type: 'Microsoft.Resources/tags' }],
  },
  'a template with named resources': {
    languageVersion: '2.0',
    resources: { one: { ...resource, apiVersion: '2023-04-01' } },
  },
  'keys in other letter cases': {
    Name: 'a-definition',
    Properties: { Mode: 'indexed', Parameters: { effect }, PolicyRule: policyRule },
  },
};

test.for(Object.entries(forms))('%s is read', ([, form]) => {
  const rule = ruleOf(form);
  expect(rule.id).toBe('a-definition');
  expect(verdictOf(rule, open)).toBe('nonCompliant');
  expect(verdictOf(rule, { properties: { enablePurgeProtection: true } })).toBe('compliant');
});

test('the rule and the parameters of a definition beside it are the same once more', () => {
  const { rules, problems } = loadPolicies({
    'a/azurepolicy.json': definitionOf(condition, { name: 'a' }),
    'a/azurepolicy.rules.json': { if: condition, then: { effect: 'audit' } },
    'a/azurepolicy.parameters.json': { effect },
  });
  expect(problems).toEqual([]);
  expect(rules.map(({ id }) => id)).toEqual(['a']);
});

test('a bare rule is called as its file', () => {
  const { rules, problems } = loadPolicies({
    'rules/Purge Protection.json': { if: condition, then: { effect: 'deny' } },
  });
  expect(problems).toEqual([]);
  expect(rules.map(({ id, name, title }) => ({ id, name, title }))).toEqual([
    { id: 'purge-protection', name: 'purge-protection', title: 'Purge Protection' },
  ]);
});

test('what a definition says of itself is kept', () => {
  const rule = ruleOf({
    id: '/providers/Microsoft.Authorization/policyDefinitions/11111111-AAAA-4BBB-8CCC-222222222222',
    name: '11111111-AAAA-4BBB-8CCC-222222222222',
    properties: {
      displayName: '[Preview]: Vaults are\n protected',
      description: 'Why.',
      policyType: 'BuiltIn',
      metadata: { version: '1.2.0', category: 'Key Vault', securityCenter: { severity: 'High' } },
      policyRule: { if: condition, then: { effect: 'Audit' } },
    },
  });
  const { id, name, title, description, severity, resourceTypes, references, policy } = rule;
  expect({ id, name, title, description, severity, resourceTypes, references, policy }).toEqual({
    id: '11111111-aaaa-4bbb-8ccc-222222222222',
    name: 'preview-vaults-are-protected',
    title: '[Preview]: Vaults are protected',
    description: 'Why.',
    severity: 'high',
    resourceTypes: [vaults],
    references: [
      'https://portal.azure.com/#view/Microsoft_Azure_Policy/PolicyDetailBlade/definitionId/%2Fproviders%2FMicrosoft.Authorization%2FpolicyDefinitions%2F11111111-AAAA-4BBB-8CCC-222222222222',
    ],
    policy: {
      definitionId:
        '/providers/Microsoft.Authorization/policyDefinitions/11111111-AAAA-4BBB-8CCC-222222222222',
      version: '1.2.0',
      category: 'Key Vault',
      effect: 'Audit',
    },
  });
});

describe('what cannot be evaluated has its reason', () => {
  const withEffect = (word: string): Json => definitionOf(condition, { effect: word });
  const calling = (value: string): Json => definitionOf(about(vaults, { value, equals: 'x' }));

  test.for<readonly [string, Json, string]>([
    [
      'other resources',
      withEffect('AuditIfNotExists'),
      'Its effect auditIfNotExists looks for other resources, which a scan does not read.',
    ],
    [
      'deployments',
      withEffect('deployIfNotExists'),
      'Its effect deployIfNotExists looks for other resources, which a scan does not read.',
    ],
    ['changes', withEffect('Modify'), 'Its effect modify changes requests instead of judging what exists.'],
    ['additions', withEffect('append'), 'Its effect append changes requests instead of judging what exists.'],
    ['deletions', withEffect('denyAction'), 'Its effect denyAction judges requests to delete.'],
    [
      'data planes',
      definitionOf(
        about('Microsoft.KeyVault.Data/vaults/keys', {
          field: 'Microsoft.KeyVault.Data/vaults/keys/x',
          exists: false,
        }),
        { mode: 'Microsoft.KeyVault.Data' },
      ),
      'Its mode Microsoft.KeyVault.Data is about keys, secrets and certificates in a vault, not about the vault.',
    ],
    [
      'the caller',
      calling("[tryGet(requestContext().identity, 'idtyp')]"),
      'It reads requestContext().identity, which a scan does not know.',
    ],
    [
      'the time',
      calling('[addDays(utcNow(), -1)]'),
      'It calls addDays(), which depends on when it is evaluated.',
    ],
    [
      'tags of a group',
      calling("[resourceGroup().tags['x']]"),
      'It reads resourceGroup().tags, which a scan does not know.',
    ],
  ])('%s', ([, definition, reason]) => {
    expect(ruleOf(definition).policy?.notEvaluated).toBe(reason);
  });

  test('definitions about other resources are passed over, whatever is wrong with them', () => {
    const {
      rules,
      problems,
      passedOver = [],
    } = loadPolicies({
      'storage.json': definitionOf(
        about('Microsoft.Storage/storageAccounts', { field: 'Microsoft.Storage/x', odd: 1 }),
        { name: 'storage' },
      ),
    });
    expect({ rules, problems }).toEqual({ rules: [], problems: [] });
    expect(wordsOf(passedOver)).toEqual([
      '1:1 storage is passed over: it is about Microsoft.Storage/storageAccounts',
    ]);
  });
});

describe('initiatives', () => {
  const one = definitionOf(condition, {
    name: 'one',
    effect: "[parameters('effect')]",
    parameters: { effect },
  });
  const regions = definitionOf(about(vaults, { field: 'location', notIn: "[parameters('allowed')]" }), {
    name: 'regions',
    parameters: { allowed: { type: 'Array' } },
  });
  const set = (members: Json, parameters: JsonObject = {}): JsonObject => ({
    name: 'a-set',
    properties: { displayName: 'A set', parameters, policyDefinitions: members },
  });
  const member = (name: string, parameters: JsonObject = {}, others: JsonObject = {}): JsonObject => ({
    policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${name}`,
    parameters,
    ...others,
  });

  test('its parameters are passed to its members', () => {
    const { rules, problems } = loadPolicies({
      'one.json': one,
      'regions.json': regions,
      'set.json': set(
        [
          member('ONE', { effect: { value: "[parameters('mode')]" } }, { groupNames: ['DP-8'] }),
          member('regions', { allowed: { value: ["[parameters('home')]", 'northeurope'] } }),
        ],
        {
          mode: { type: 'String', defaultValue: 'Deny' },
          home: { type: 'String', defaultValue: 'westeurope' },
        },
      ),
    });
    expect(problems).toEqual([]);
    expect(
      rules.map(({ id, controls, parameters, policy }) => ({
        id,
        controls,
        parameters: Object.keys(parameters),
        initiative: policy?.initiative,
      })),
    ).toEqual([
      { id: 'one', controls: { 'A set': ['DP-8'] }, parameters: ['mode'], initiative: 'A set' },
      { id: 'regions', controls: {}, parameters: ['home'], initiative: 'A set' },
    ]);
    const [, inRegions] = rules;
    if (inRegions === undefined) throw new Error('there are two rules');
    expect(verdictOf(inRegions, {})).toBe('compliant');
    expect(verdictOf(inRegions, { location: 'eastus' })).toBe('nonCompliant');
    expect(verdictOf(inRegions, { location: 'eastus' }, { parameters: { home: 'East US' } })).toBe(
      'compliant',
    );
  });

  test('a value that cannot be worked out is no value, and no text of it is compared', () => {
    const judged = (value: Json): string => {
      const { rules, problems } = loadPolicies({
        'regions.json': regions,
        'set.json': set([member('regions', { allowed: { value } })], {
          home: { type: 'String', defaultValue: 'westeurope' },
          homes: { type: 'Object', defaultValue: { eu: ['[West Europe'] } },
        }),
      });
      expect(problems).toEqual([]);
      const [rule] = rules;
      if (rule === undefined) throw new Error('there is a rule');
      return verdictOf(rule, { location: 'westeurope' });
    };
    expect(judged(["[parameters('HOME')]"])).toBe('compliant');
    expect(judged("[createArray(parameters('home'))]")).toBe('compliant');
    expect(judged("[parameters('homes').eu]")).toBe('nonCompliant');
    expect(judged("[parameters('homes').us]")).toBe('unknown');
    expect(judged("[createArray(field('location'))]")).toBe('unknown');
    expect(judged(null)).toBe('unknown');
  });

  test('text that begins with a bracket, anywhere in a default, is no expression', () => {
    const { rules, problems } = loadPolicies({
      'named.json': definitionOf(about(vaults, { field: 'name', equals: "[parameters('names').first]" }), {
        name: 'named',
        parameters: { names: { type: 'Object', defaultValue: { first: '[kv]' } } },
      }),
      'set.json': set([member('named')]),
    });
    expect(problems).toEqual([]);
    const [rule] = rules;
    if (rule === undefined) throw new Error('there is a rule');
    expect(verdictOf(rule, { name: '[kv]' })).toBe('nonCompliant');
  });

  test('a definition that is a member twice has two rules, by the names of the references', () => {
    const { rules } = loadPolicies({
      'regions.json': regions,
      'set.json': set([
        member(
          'regions',
          { allowed: { value: ['westeurope'] } },
          { policyDefinitionReferenceId: 'Europe only' },
        ),
        member('regions', { allowed: { value: ['eastus'] } }, { policyDefinitionReferenceId: 'US' }),
      ]),
    });
    expect(rules.map(({ id }) => id)).toEqual(['regions-europe-only', 'regions-us']);
  });

  test('a member whose definition is not there is named', () => {
    const { rules, passedOver = [] } = loadPolicies({
      'one.json': one,
      'set.json': set([member('one'), member('gone')]),
    });
    expect(rules.map(({ id }) => id)).toEqual(['one']);
    expect(wordsOf(passedOver)).toEqual([
      '11:7 gone is passed over: A set names it, and its definition is not among the files',
    ]);
  });
});
