import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Condition } from '../../src/model/rule.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { compileRule, decisiveEvidence, judge, type Verdict } from '../../src/rules/evaluate.ts';
import { isAtOrBelow } from '../../src/model/field-path.ts';
import { evidenceWords } from '../../src/reporters/words/values.ts';
import { mergePatch } from '../../src/rules/merge-patch.ts';
import { aRule, aVault } from '../build.ts';
import { runs } from '../runs.ts';

const names = ['a', 'b', 'list'] as const;
const scalar = fc.constantFrom<Json>(true, false, 'true', 'Purge', 'purge', 7, 90, '90', null);
const properties: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom(...names),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
);
const path = fc.constantFrom('properties.a', 'properties.b', 'properties.list', 'properties.list[*]');
const comparison: fc.Arbitrary<Condition> = fc
  .tuple(
    path,
    fc.oneof(
      fc.tuple(
        fc.constantFrom('equals', 'notEquals', 'contains', 'notContains'),
        fc.constantFrom(true, 'purge', 90),
      ),
      fc.tuple(fc.constantFrom('less', 'greaterOrEquals'), fc.constantFrom(7, 90)),
      fc.tuple(fc.constantFrom('in', 'notIn'), fc.constant(['purge', '90'])),
      fc.tuple(fc.constant('exists'), fc.boolean()),
    ),
  )
  .map(([field, [operator, expected]]) => ({
    kind: 'comparison',
    operand: { kind: 'field', path: field },
    operator,
    expected,
  }));
const counted: fc.Arbitrary<Condition> = fc
  .tuple(comparison, fc.constantFrom('equals', 'less', 'greaterOrEquals'), fc.integer({ min: 0, max: 3 }))
  .map(([where, operator, expected]) => ({
    kind: 'comparison',
    operand: { kind: 'count', field: 'properties.list[*]', where },
    operator,
    expected,
  }));
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    counted,
    fc
      .array(tie('condition'), { maxLength: 3 })
      .map((conditions): Condition => ({ kind: 'allOf', conditions })),
    fc
      .array(tie('condition'), { maxLength: 3 })
      .map((conditions): Condition => ({ kind: 'anyOf', conditions })),
    tie('condition').map((inner): Condition => ({ kind: 'not', condition: inner })),
  ),
}));
const gaps = fc.subarray(['properties.a', 'properties.b', 'properties.list']);
const applies = fc.option(condition, { nil: undefined });

function verdict(
  require: Condition,
  subject: { properties: JsonObject; gaps?: readonly string[]; when?: Condition | undefined },
): Verdict {
  const rule = aRule(require, subject.when === undefined ? {} : { when: subject.when });
  return judge(compileRule(rule, {}), aVault(subject.properties, { gaps: subject.gaps ?? [] }));
}

describe('laws of evaluation', () => {
  test('not not c is c', () => {
    fc.assert(
      fc.property(condition, properties, gaps, (c, body, hidden) => {
        const twice: Condition = { kind: 'not', condition: { kind: 'not', condition: c } };
        expect(verdict(twice, { properties: body, gaps: hidden })).toBe(
          verdict(c, { properties: body, gaps: hidden }),
        );
      }),
      { numRuns: runs(1000) },
    );
  });

  test('filling a gap never turns compliant, or any other decided verdict, into something else', () => {
    let decided = 0;
    fc.assert(
      fc.property(condition, properties, gaps, applies, (c, body, hidden, when) => {
        const before = verdict(c, { properties: body, gaps: hidden, when });
        if (before === 'unknown') return;
        if (hidden.length > 0) decided += 1;
        expect(verdict(c, { properties: body, when })).toBe(before);
      }),
      { numRuns: runs(3000) },
    );
    expect(decided).toBeGreaterThan(runs(100));
  });

  test('what a gap hides cannot matter: the value behind it changes no verdict', () => {
    fc.assert(
      fc.property(condition, properties, properties, (c, body, other) => {
        const hidden = ['properties.a', 'properties.list'];
        const swapped = mergePatch(body, { a: other['a'] ?? null, list: other['list'] ?? null });
        expect(verdict(c, { properties: swapped, gaps: hidden })).toBe(
          verdict(c, { properties: body, gaps: hidden }),
        );
      }),
      { numRuns: runs(1000) },
    );
  });

  test('a merge patch is idempotent', () => {
    const nested = fc.dictionary(fc.constantFrom(...names), fc.oneof(scalar, properties));
    fc.assert(
      fc.property(nested, nested, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });
});

/** The facts that stand alone, and those of each group of alternatives. */
function apart(evidence: readonly Evidence[]): readonly (readonly Evidence[])[] {
  const groups = new Map<string, readonly Evidence[]>();
  for (const [index, fact] of evidence.entries()) {
    const key = fact.alternative === undefined ? `alone ${index}` : `group ${outermost(fact)}`;
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...groups.values()];
}

function outermost({ alternative }: Evidence): number | undefined {
  let level = alternative;
  while (level?.within !== undefined) level = level.within;
  return level?.group;
}

const alternatives = fc.tuple(comparison, comparison, condition).map(([first, second, rest]): Condition => ({
  kind: 'anyOf',
  conditions: [first, { kind: 'allOf', conditions: [second, rest] }],
}));
const rules = fc.oneof(condition, alternatives);

describe('laws of evidence', () => {
  test('a rule fails for as long as what one fact, or one group of alternatives, is about stays as it is', () => {
    const checked = { alone: 0, groups: 0 };
    fc.assert(
      fc.property(rules, properties, properties, (c, body, other) => {
        const rule = compileRule(aRule(c), {});
        if (judge(rule, aVault(body)) !== 'nonCompliant') return;
        for (const facts of apart(decisiveEvidence(rule, aVault(body)))) {
          // A count rests on the fields of its elements as well.
          if (facts.some(({ field }) => field.startsWith('count('))) continue;
          if (facts.some(({ expected }) => expected === 'no such element')) continue;
          const kept = names.filter((name) =>
            facts.some(({ field }) => isAtOrBelow(field, `properties.${name}`)),
          );
          const changed = Object.fromEntries(
            names.flatMap((name) => {
              const value = (kept.includes(name) ? body : other)[name];
              return value === undefined ? [] : [[name, value] as const];
            }),
          );
          expect(judge(rule, aVault(changed))).toBe('nonCompliant');
          if (kept.length < names.length) checked[facts.length > 1 ? 'groups' : 'alone'] += 1;
        }
      }),
      { numRuns: runs(3000) },
    );
    expect(checked.alone).toBeGreaterThan(runs(20));
    expect(checked.groups).toBeGreaterThan(runs(20));
  });

  test('the options of a group follow each other, counted from 1, and there are at least two', () => {
    let groups = 0;
    fc.assert(
      fc.property(rules, properties, gaps, (c, body, hidden) => {
        const evidence = decisiveEvidence(compileRule(aRule(c), {}), aVault(body, { gaps: hidden }));
        const options = new Map<number, number[]>();
        for (const { alternative } of evidence)
          for (let level = alternative; level !== undefined; level = level.within)
            options.set(level.group, [...(options.get(level.group) ?? []), level.option]);
        for (const found of options.values()) {
          expect([...new Set(found)]).toEqual(
            Array.from({ length: Math.max(2, ...found) }, (_, at) => at + 1),
          );
          expect(found).toEqual(found.toSorted((one, next) => one - next));
        }
        const numbers = [...options.keys()].toSorted((one, next) => one - next);
        expect(numbers).toEqual(numbers.map((_, at) => at + 1));
        groups += numbers.length;
      }),
      { numRuns: runs(1000) },
    );
    expect(groups).toBeGreaterThan(runs(20));
  });

  test('alternatives are one sentence', () => {
    fc.assert(
      fc.property(rules, properties, gaps, (c, body, hidden) => {
        const evidence = decisiveEvidence(compileRule(aRule(c), {}), aVault(body, { gaps: hidden }));
        const sentences = evidenceWords(evidence);
        expect(sentences).toHaveLength(apart(evidence).length);
        for (const [index, facts] of apart(evidence).entries())
          expect(sentences[index]?.includes(', expected either ')).toBe(facts[0]?.alternative !== undefined);
      }),
      { numRuns: runs(1000) },
    );
  });
});
