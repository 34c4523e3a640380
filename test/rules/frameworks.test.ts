import { describe, expect, test } from 'vitest';
import type { MappedBy } from '../../src/model/control.ts';
import type { Rule } from '../../src/model/rule.ts';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import { findFramework, frameworkNames } from '../../src/rules/find-rule.ts';
import { knownFrameworks, mappingsOf, servedFrameworks } from '../../src/rules/frameworks.ts';
import azure from '../fixtures/frameworks/azure-initiatives.json' with { type: 'json' };

/** The groups of policy definitions by the names of the definitions. */
type Groups = Readonly<Record<string, readonly string[]>>;

const initiatives: Readonly<
  Record<string, { readonly initiatives: readonly string[]; readonly policies: Groups }>
> = azure.frameworks;

/** The recommendations that rules check, by the versions 2.0, 2.1, 3.0, 4.0, 5.0 and 6.0 of the benchmark. */
const benchmark: Readonly<Record<string, readonly (string | undefined)[]>> = {
  AKV001: ['8.5', '8.5', '3.3.5', '9.3.5', undefined, undefined],
  AKV002: ['8.5', '8.5', '3.3.5', '9.3.5', '8.3.5', '8.3.5'],
  AKV004: ['8.6', '8.6', '3.3.6', '9.3.6', '8.3.6', '8.3.6'],
  AKV007: ['8.7', '8.7', '3.3.7', '9.3.8', '8.3.8', '8.3.8'],
};
const versions = ['2.0', '2.1', '3.0', '4.0', '5.0', '6.0'];

function mapped(rule: Rule, ...by: readonly MappedBy[]): readonly string[] {
  return mappingsOf(rule)
    .filter(({ mappedBy }) => by.includes(mappedBy))
    .map(({ framework, control }) => `${framework}/${control}`)
    .toSorted();
}

/** What the initiatives of Azure say of the definitions that a rule corresponds to. */
function groupsOf({ azurePolicies = [] }: Rule): readonly string[] {
  return Object.entries(initiatives)
    .flatMap(([name, { policies }]) =>
      azurePolicies.flatMap((id) => (policies[id] ?? []).map((group) => `${name}/${group}`)),
    )
    .toSorted();
}

describe('the mappings of the rules that ship', () => {
  test.each(shippedRules.map((rule) => [rule.id, rule] as const))(
    '%s: official ones are facts',
    (id, rule) => {
      const own = (benchmark[id] ?? []).flatMap((control, index) =>
        control === undefined ? [] : [`CIS-Azure-${versions[index]}/${control}`],
      );
      expect(mapped(rule, 'framework')).toEqual(own.toSorted());
      expect(mapped(rule, 'azurePolicy')).toEqual(groupsOf(rule).filter((group) => !own.includes(group)));
    },
  );

  test.each(shippedRules.map((rule) => [rule.id, rule] as const))(
    '%s: what is official is not ours',
    (_, rule) => {
      expect(mapped(rule, 'author').filter((one) => groupsOf(rule).includes(one))).toEqual([]);
    },
  );

  test('are of frameworks that are known, and of controls that have titles', () => {
    for (const { framework, control, title } of shippedRules.flatMap(mappingsOf))
      expect([framework, control, title]).toEqual([
        framework,
        control,
        expect.stringMatching(/^\S.*[^.\s]$/),
      ]);
    expect(frameworkNames(shippedRules)).toEqual([...knownFrameworks.keys()].toSorted());
  });

  test('a control is whole only where the rules that check all of it are there', () => {
    const wholeIn = (rules: readonly Rule[]): readonly string[] =>
      servedFrameworks(rules, frameworkNames(rules)).flatMap(({ name, controls }) =>
        controls.filter(({ isWhole }) => isWhole).map(({ control }) => `${name}/${control}`),
      );
    const all = versions.flatMap((version, index) =>
      ['AKV002', 'AKV004', 'AKV007'].map((id) => `CIS-Azure-${version}/${benchmark[id]?.[index]}`),
    );
    expect(wholeIn(shippedRules)).toEqual(all);
    const without = (id: string) => wholeIn(shippedRules.filter((rule) => rule.id !== id));
    expect(without('AKV001')).toEqual(
      all.filter((one) => !/2\.[01]\/8\.5|3\.0\/3\.3\.5|4\.0\/9\.3\.5/.test(one)),
    );
    expect(without('AKV002').some((one) => one.endsWith('.5'))).toBe(false);
    const impostor: Rule = { ...shippedRules[0]!, id: 'ORG001', controls: { 'CIS-Azure-6.0': ['8.3.5'] } };
    const { controlMappings: _, ...plain } = impostor;
    expect(wholeIn([plain])).toEqual([]);
  });
});

describe('what no rule serves is named', () => {
  const served = servedFrameworks(shippedRules, frameworkNames(shippedRules));

  test.each(
    served.filter(({ name }) => !name.startsWith('CIS-Azure-')).map((one) => [one.name, one] as const),
  )('what Azure has about key vaults in %s', (name, { controls, notCovered }) => {
    const ours = new Set(controls.map(({ control }) => control));
    const groups = new Set(Object.values(initiatives[name]?.policies ?? {}).flat());
    const missing = [...groups].filter((group) => !ours.has(group));
    expect(notCovered.map(({ control }) => control).toSorted()).toEqual(missing.toSorted());
  });

  test('what the benchmark has about key vaults', () => {
    const [cis] = servedFrameworks(shippedRules, ['CIS-Azure-6.0']);
    expect(cis?.notCovered.map(({ control }) => control)).toEqual(
      '6.1.1.4 8.1.8.1 8.3.1 8.3.2 8.3.3 8.3.4 8.3.7 8.3.9 8.3.10 8.3.11'.split(' '),
    );
  });

  test('and the initiatives are those of Azure', () => {
    for (const { name, known } of served)
      expect([name, ...(known?.initiatives ?? [])]).toEqual([
        name,
        ...(initiatives[name]?.initiatives.toSorted() ?? []),
      ]);
  });
});

test('a framework is found in any letter case, by the name that the rules have', () => {
  expect(findFramework('cis-azure-6.0', shippedRules)).toBe('CIS-Azure-6.0');
  expect(findFramework('CIS', shippedRules)).toBeUndefined();
});

test('names that every object has are names like others', () => {
  const { controlMappings: _, ...rule } = shippedRules[0]!;
  const controls = { MCSB: ['constructor', 'toString'], constructor: ['valueOf'] };
  const [mcsb, own] = servedFrameworks([{ ...rule, controls }], ['MCSB', 'constructor']);
  expect(mcsb?.controls.map(({ control, title, isWhole }) => [control, title, isWhole])).toEqual([
    ['constructor', undefined, false],
    ['toString', undefined, false],
  ]);
  expect(own).toMatchObject({ known: undefined, notCovered: [], controls: [{ control: 'valueOf' }] });
});
