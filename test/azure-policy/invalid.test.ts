import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectationOf, fixture, fixtureNames, linesOf } from '../rules/load/fixtures.ts';
import { checkPolicyFiles } from '../../src/usecases/settings/user-files.ts';
import { about, definitionOf, loadPolicies, vaults, wordsOf } from './policies.ts';

const invalid = 'azure-policy/invalid';

test.for(fixtureNames(invalid))('%s is refused in the words of its expectation', async (name) => {
  expect(existsSync(expectationOf(invalid, name))).toBe(true);
  const { problems, rules } = checkPolicyFiles([fixture(invalid, name)], { shipped: [] });
  expect(problems.length).toBeGreaterThan(0);
  expect(rules).toEqual([]);
  await expect(linesOf(problems)).toMatchFileSnapshot(expectationOf(invalid, name));
});

const purges = { field: `${vaults}/enablePurgeProtection`, notEquals: true };

test('names that every object has are no functions and no types', () => {
  const { problems } = loadPolicies({
    'call.json': definitionOf(about(vaults, { value: '[constructor()]', equals: 1 })),
    'proto.json': definitionOf(about(vaults, { value: '[__proto__()]', equals: 1 })),
    'type.json': definitionOf(about(vaults, purges), { parameters: { a: { type: 'constructor' } } }),
  });
  expect(problems.map(({ file, message }) => `${file} ${message}`)).toEqual([
    'call.json there is no function constructor()',
    'proto.json there is no function __proto__()',
    'type.json "type" of "a" is "constructor", which is no type of Azure Policy.',
  ]);
});

test('every mistake of every file comes at once', () => {
  const { problems } = loadPolicies({
    'a.json': definitionOf(about(vaults, { ...purges, notEqual: 1 })),
    'b.json': definitionOf(about(vaults, purges), { effect: 'stop', name: 'b' }),
  });
  expect(problems.map(({ file }) => file)).toEqual(['a.json', 'b.json']);
});

test('a member of an initiative is passed only parameters that it has', () => {
  const { problems } = loadPolicies({
    'one.json': definitionOf(about(vaults, purges), { name: 'one' }),
    'set.json': {
      name: 'set',
      properties: {
        policyDefinitions: [
          {
            policyDefinitionId: '/providers/x/policyDefinitions/one',
            parameters: { efect: { value: 'Deny' } },
          },
        ],
      },
    },
  });
  expect(wordsOf(problems)).toEqual(['8:11 the definition has no parameter "efect"']);
});

test('two definitions of one name are refused, and so is the id of a rule', () => {
  const definition = definitionOf(about(vaults, purges), { name: 'Twice' });
  const { problems } = loadPolicies({ 'a.json': definition, 'b.json': definition });
  expect(problems).toEqual([
    {
      file: 'b.json',
      line: 1,
      column: 1,
      message: 'the definition "twice" is at a.json:1:1 already; keep one of them',
    },
  ]);
});
