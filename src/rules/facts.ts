import type { FieldValue } from '../model/evidence.ts';
import type { Json } from '../model/json.ts';
import type { Compiled, CompiledComparison, CompiledCount, Computed, Test } from './condition/compiled.ts';
import type { Field } from './condition/field.ts';
import { not, some } from './condition/truth.ts';
import { inWords } from './operators/scalar.ts';

/** The meaning of an absent field to the service, by field path. */
type UnsetMeanings = Readonly<Record<string, string>>;

/** A comparison of a field, or several of which one is enough: then `expected` joins them by `or`. */
export interface FieldFact {
  readonly kind: 'field';
  readonly field: Field;
  readonly expected: Json;
  /** The value that is shown where there is none. */
  readonly unset: FieldValue;
  readonly options?: readonly FieldFact[];
  readonly test: Test;
}

/** A comparison of a count. */
export interface CountFact {
  readonly kind: 'count';
  readonly count: CompiledCount;
  /** The facts about an element that is counted. */
  readonly where?: Fact;
  readonly expected: Json;
  /** True where no element at all would be right: then each one that was counted is a fault. */
  readonly noneHolds: boolean;
  readonly test: Test;
}

/** A comparison of which one side is worked out for each resource. */
export interface ComputedFact {
  readonly kind: 'computed';
  readonly computed: Computed;
  readonly describe: (expected: Json) => Json;
  readonly test: Test;
}

/** Several facts, all of which are wanted. */
interface AllFacts {
  readonly kind: 'all';
  readonly parts: readonly Fact[];
  readonly test: Test;
  /** True where a literal among them fails: no change of a resource makes it hold. */
  readonly impossible: boolean;
}

/** Alternatives, about more than one field. */
interface AnyFact {
  readonly kind: 'any';
  readonly parts: readonly Fact[];
  readonly test: Test;
}

/** A comparison of a literal: it decides, and is no evidence. */
interface LiteralFact {
  readonly kind: 'literal';
  readonly test: Test;
  readonly impossible: boolean;
}

/** A condition made ready to be explained: without `not`, and with one fact where alternatives are about one field. */
export type Fact = FieldFact | CountFact | ComputedFact | AllFacts | AnyFact | LiteralFact;

/** Prepares the facts of a condition, once for all resources. `inverted`: below an odd number of `not`. */
export function prepareFacts(condition: Compiled, unset: UnsetMeanings, inverted = false): Fact {
  if (condition.kind === 'not') return prepareFacts(condition.part, unset, !inverted);
  const test = inverted ? opposite(condition.test) : condition.test;
  if (condition.kind === 'comparison') return comparisonFact(condition, { unset, inverted, test });
  const parts = condition.parts.map((part) => prepareFacts(part, unset, inverted));
  return (condition.kind === 'allOf') === inverted ? anyOf(parts, test) : allOf(parts, test);
}

function opposite(test: Test): Test {
  return (subject) => not(test(subject));
}

interface Surroundings {
  readonly unset: UnsetMeanings;
  readonly inverted: boolean;
  readonly test: Test;
}

function comparisonFact(comparison: CompiledComparison, { unset, inverted, test }: Surroundings): Fact {
  const { count, field, operator, holds, computed } = comparison;
  if (computed !== undefined)
    return { kind: 'computed', computed, describe: (value) => operator.describe(value, !inverted), test };
  const expected = operator.describe(comparison.expected, !inverted);
  if (count !== undefined) {
    const where = count.where === undefined ? {} : { where: prepareFacts(count.where, unset) };
    return { kind: 'count', count, ...where, expected, noneHolds: holds(0) !== inverted, test };
  }
  if (field === undefined) return { kind: 'literal', test, impossible: test(nothing) === false };
  const meaning = unset[field.path];
  const words = meaning === undefined ? 'unset' : `unset (${meaning})`;
  return { kind: 'field', field, expected, unset: { kind: 'unset', words }, test };
}

const nothing = { body: {}, gaps: [], elements: [] };

function allOf(parts: readonly Fact[], test: Test): Fact {
  const impossible = parts.some(isImpossible);
  const shown = parts.flatMap((part) => (part.kind === 'all' ? part.parts : [part])).filter(isEvidence);
  const [only, ...others] = shown;
  if (only === undefined) return { kind: 'literal', test, impossible };
  return others.length === 0 && !impossible ? only : { kind: 'all', parts: shown, test, impossible };
}

function anyOf(parts: readonly Fact[], test: Test): Fact {
  const possible = parts.filter((part) => !isImpossible(part));
  const [only, ...others] = oneOfEachField(
    possible.flatMap((part) => (part.kind === 'any' ? part.parts : [part])),
  );
  if (only === undefined) return { kind: 'literal', test, impossible: true };
  return others.length === 0 ? only : { kind: 'any', parts: [only, ...others], test };
}

function isEvidence({ kind }: Fact): boolean {
  return kind !== 'literal';
}

function isImpossible(fact: Fact): boolean {
  return 'impossible' in fact && fact.impossible;
}

/** The same alternatives, with those about one field as one fact in the place of the first. */
export function oneOfEachField(alternatives: readonly Fact[]): readonly Fact[] {
  const byField = new Map<string, FieldFact[]>();
  for (const fact of alternatives) {
    if (fact.kind !== 'field') continue;
    const { path } = fact.field;
    byField.set(path, [...(byField.get(path) ?? []), ...(fact.options ?? [fact])]);
  }
  return alternatives.flatMap((fact): readonly Fact[] => {
    if (fact.kind !== 'field') return [fact];
    const options = byField.get(fact.field.path) ?? [];
    byField.delete(fact.field.path);
    return options.length > 1 ? [choice(fact, options)] : options;
  });
}

function choice({ field, unset }: FieldFact, options: readonly FieldFact[]): FieldFact {
  const [first = 'set', ...others] = new Map(
    options.map(({ expected }) => [inWords(expected), expected] as const),
  ).values();
  return {
    kind: 'field',
    field,
    expected: others.length === 0 ? first : [first, ...others].map(inWords).join(' or '),
    unset,
    options,
    test: (subject) => some(options, (option) => option.test(subject)),
  };
}
