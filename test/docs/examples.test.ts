import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadExemptions } from '../../src/rules/load/exemptions.ts';
import { loadRules } from '../../src/rules/load/rules.ts';
import { operators } from '../../src/rules/operators/index.ts';
import { fileOf, loadConfig } from '../rules/load/fixtures.ts';
import { shippedRules } from '../shipped-rules.ts';
import { page, yamlBlocks } from './pages.ts';

const frame = {
  id: 'ORG001',
  name: 'an-example',
  title: 'An example of the documentation',
  severity: 'low',
  resourceType: 'Microsoft.KeyVault/vaults',
  description: 'The frame around a part of a rule.',
  require: { field: 'name', exists: true },
};

type Block = readonly [where: string, yaml: string];

const blocks = ['README.md', 'docs/writing-rules.md', 'docs/configuration.md'].flatMap((path) =>
  yamlBlocks(path).map((yaml, index): Block => [`${path}, block ${index + 1}`, yaml]),
);
const isRule = ([, yaml]: Block): boolean => /^id:/mu.test(yaml);
const isPartOfRule = (block: Block): boolean =>
  !isRule(block) && /^(?:require|remediation|parameters|controls):\n/u.test(block[1]);
const isExemptions = ([, yaml]: Block): boolean => /^exemptions:\n/mu.test(yaml);
const isWorkflow = ([, yaml]: Block): boolean => /^(?:- uses|jobs):/mu.test(yaml);
const isConfig = (block: Block): boolean =>
  ![isRule, isPartOfRule, isExemptions, isWorkflow].some((is) => is(block));

describe('what the documentation shows is accepted', () => {
  test.for(blocks.filter(isRule))('the rule of %s, without a warning', ([, yaml]) => {
    expect(loadRules([fileOf(yaml)]).warnings).toEqual([]);
  });

  test.for(blocks.filter(isPartOfRule))('the part of a rule of %s', ([, yaml]) => {
    const rule = stringify({ ...frame, ...parse(yaml) });
    expect(loadRules([fileOf(rule)]).rules).toHaveLength(1);
  });

  test.for(blocks.filter(isExemptions))('the exemptions of %s', ([, yaml]) => {
    const named = shippedRules().map(({ rule }) => rule);
    expect(loadExemptions(fileOf(yaml), { named, areAll: true })).not.toEqual([]);
  });

  test.for(blocks.filter(isConfig))('the configuration of %s', ([, yaml]) => {
    expect(loadConfig(fileOf(yaml)).failOn).toBe('high');
  });

  test.for(blocks.filter(isWorkflow))('the inputs of the action in %s', ([, yaml]) => {
    const { inputs } = parse(page('action.yml'));
    const steps: readonly { readonly with: object }[] = parse(yaml);
    expect(Object.keys(inputs)).toEqual(
      expect.arrayContaining(steps.flatMap((step) => Object.keys(step.with))),
    );
  });

  test('something of each kind', () => {
    for (const is of [isRule, isPartOfRule, isExemptions, isConfig])
      expect(blocks.filter(is).length).toBeGreaterThan(1);
    expect(blocks.filter(isWorkflow)).toHaveLength(1);
  });
});

test.for(Object.entries(operators))(
  'the example of %s is a condition without a warning',
  ([name, { example }]) => {
    expect(Object.keys(example)).toContain(name);
    const rule = stringify({ ...frame, require: example });
    const { warnings } = loadRules([fileOf(rule)]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'there is no example, so nothing shows that the rule works',
    ]);
  },
);
