import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { loadRules } from '../../../src/rules/load/rules.ts';
import { configSchema } from '../../../src/rules/schema/config-schema.ts';
import { shippedRuleFiles, shippedRules } from '../../../src/files/shipped-rules.ts';
import { expectationOf, fileOf, fixture, fixtureNames, linesOf, refusalOf } from './fixtures.ts';

const invalid = 'policies/invalid';
const valid = 'policies/valid';
const duplicates = 'policies/duplicate-ids';

describe('a rule file with mistakes', () => {
  test.for(fixtureNames(invalid))('%s is refused in the words of its expectation', async (name) => {
    expect(existsSync(expectationOf(invalid, name))).toBe(true);
    const problems = refusalOf(() => loadRules([fixture(invalid, name)]));
    await expect(linesOf(problems)).toMatchFileSnapshot(expectationOf(invalid, name));
  });

  test('does not hide the mistakes of the other files', () => {
    const names = fixtureNames(invalid);
    const apart = names.flatMap((name) => refusalOf(() => loadRules([fixture(invalid, name)])));
    const together = refusalOf(() => loadRules(names.map((name) => fixture(invalid, name))));
    const taken = together.filter(({ message }) => message.includes('has it already'));
    expect(together.filter((problem) => !taken.includes(problem))).toEqual(apart);
    expect(taken.length).toBeGreaterThan(50);
  });
});

test('a configuration among rules is told by any one of its keys', () => {
  const keys = Object.keys(Object(configSchema(['json'])['properties']));
  const own = keys.filter((key) => !['$schema', 'parameters'].includes(key));
  expect(own.length).toBeGreaterThan(10);
  const missed = own.filter((key) => {
    const [problem] = refusalOf(() => loadRules([fileOf(`${key}: some`)]));
    return problem?.message.startsWith('this is a configuration, not a rule') !== true;
  });
  expect(missed).toEqual([]);
});

describe('a rule file without mistakes', () => {
  test.for(fixtureNames(valid))('%s is loaded, with the warnings of its expectation', (name) => {
    const { rules, warnings } = loadRules([fixture(valid, name)]);
    expect(rules).toHaveLength(1);
    const expectation = expectationOf(valid, name);
    const expected = existsSync(expectation) ? readFileSync(expectation, 'utf8') : '';
    expect(linesOf(warnings)).toBe(expected);
  });

  test('means the same in YAML and in JSON', () => {
    const [fromYaml] = loadRules([fixture(valid, 'as-yaml.yaml')]).rules;
    const [fromJson] = loadRules([fixture(valid, 'as-json.json')]).rules;
    expect({ ...fromJson, location: undefined }).toEqual({ ...fromYaml, location: undefined });
  });

  test('becomes a rule with canonical fields and trimmed words', () => {
    const [rule] = loadRules([fixture(valid, 'every-key.yaml')]).rules;
    expect(rule).toMatchObject({
      id: 'ORG001',
      severity: 'high',
      resourceTypes: ['Microsoft.KeyVault/vaults'],
      when: {
        kind: 'comparison',
        operand: { kind: 'field', path: "tags['env']" },
        operator: 'equals',
        expected: "[parameters('environment')]",
      },
      require: { kind: 'comparison', operand: { path: 'properties.enablePurgeProtection' }, expected: true },
      unset: { 'properties.enablePurgeProtection': 'off' },
      remediation: { risk: 'irreversible', manual: 'It can never be switched off again.' },
      location: { file: 'every-key.yaml', line: 1, column: 5 },
      builtIn: false,
    });
  });

  test.for(['alias-in-any-letter-case.yaml', 'field-in-any-letter-case.yaml'])(
    '%s is compiled with the field as Azure spells it',
    (name) => {
      const [rule] = loadRules([fixture(valid, name)]).rules;
      expect(rule?.require).toMatchObject({ operand: { path: 'properties.enablePurgeProtection' } });
    },
  );

  test('names resource types as Azure spells them', () => {
    const [rule] = loadRules([fixture(valid, 'two-types.yaml')]).rules;
    expect(rule?.resourceTypes).toEqual(['Microsoft.KeyVault/vaults', 'Microsoft.KeyVault/managedHSMs']);
  });
});

describe('ids', () => {
  test('that are taken are told with both places', () => {
    const files = fixtureNames(duplicates).map((name) => fixture(duplicates, name));
    expect(linesOf(refusalOf(() => loadRules(files)))).toBe(
      'second.yaml:2:5  the id "ORG001" is already used; first.yaml:1:5 has it already\n',
    );
  });

  test('of built-in rules may be kept by copies that replace them', () => {
    const { rules } = loadRules([fixture('policies/reserved', 'reserved-id.yaml')]);
    expect(rules.map(({ id }) => id)).toEqual(['AKV900']);
  });

  test('that look like built-in ones are refused beside them', () => {
    const own = fixture('policies/reserved', 'reserved-id.yaml');
    expect(linesOf(refusalOf(() => loadRules([own], { shipped: shippedRules })))).toBe(
      'reserved-id.yaml:1:5  "AKV900" is reserved: AKV and digits make the ids of purgeproof\'s own rules\n',
    );
  });

  test('of built-in rules cannot be taken', () => {
    const own = fixture(valid, 'as-yaml.yaml');
    const text = new TextDecoder().decode(own.bytes).replace('ORG001', 'AKV002');
    expect(linesOf(refusalOf(() => loadRules([fileOf(text)], { shipped: shippedRules })))).toBe(
      'rule.yaml:1:5  "AKV002" is reserved: AKV and digits make the ids of purgeproof\'s own rules; ' +
        'policies/vaults/AKV002-purge-protection.yaml:2:5 has it already\n',
    );
  });
});

test('the rules that ship with purgeproof stand the checks of a user’s, without a warning', () => {
  const verified = loadRules(shippedRuleFiles(), { verifyBuiltIn: true });
  expect(verified.warnings).toEqual([]);
  expect(verified.rules.length).toBeGreaterThanOrEqual(9);
  expect(shippedRules).toEqual(verified.rules);
});
