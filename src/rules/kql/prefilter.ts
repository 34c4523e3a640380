import type { PushedDown, RowFilter } from '../../model/rows-wanted.ts';
import type { Compiled, CompiledComparison } from '../condition/compiled.ts';
import type { CompiledRule } from '../condition/compiled.ts';
import { always, and, type Kql, or, render, test } from './expression.ts';
import { type ConditionContext, isInElement } from './field.ts';
import { columnPath, quote } from './literal.ts';
import { allOf, anyOf, certain, opposite, type Pair, unknownToo, unsure } from './pair.ts';
import { fieldPair } from './comparison.ts';
import { countPair } from './count.ts';
import { irregularAround, irregularTags, reads } from './irregular.ts';

/** A filter for the table `resources`. It over-approximates: verdicts come from the evaluator alone. */
export interface Prefilter {
  /** A KQL predicate on one line. It keeps no row of types that none of the rules is about. */
  readonly predicate: string;
}

/** The rules about the same resource types, which their rows have to be of. */
export interface TypeGroup {
  readonly ofTypes: Kql;
  readonly rules: readonly { readonly rule: CompiledRule; readonly keeps: Kql }[];
}

const properties = columnPath('properties');

/**
 * Rows whose properties the evaluator cannot read as Azure means them, whatever the rule: they are no object, or the object
 * has two spellings of a name. A bag has each name once, so that of two spellings one is left in lower case.
 * Source: https://learn.microsoft.com/kusto/query/scalar-data-types/dynamic ("indexed by the unique string values")
 */
export const unreadableProperties: Kql = or([
  test(`isnull(bag_keys(${properties}))`),
  test(`${namesIn(properties)} > coalesce(${namesIn(`parse_json(tolower(${properties}))`)}, 0)`),
]);

function namesIn(bag: string): string {
  return `array_length(bag_keys(${bag}))`;
}

/** A KQL predicate that keeps every row on which at least one of the rules is non-compliant or unknown. */
export function compilePrefilter(rules: readonly CompiledRule[]): Prefilter {
  const groups = groupByTypes(rules);
  const kept = groups.map(({ ofTypes, rules }) =>
    and([ofTypes, or([unreadableProperties, ...rules.map(({ keeps }) => keeps)])]),
  );
  return { predicate: render(or(kept)) };
}

/** Brings together the rules about the same resource types, in the order of the first of each. */
export function groupByTypes(rules: readonly CompiledRule[]): readonly TypeGroup[] {
  const filters = filtersOf(rules);
  const groups = new Map<string, TypeGroup>();
  for (const [index, rule] of rules.entries()) {
    const types = typesOf(rule);
    const key = types.join(' ');
    const group = groups.get(key) ?? { ofTypes: typeTest(types), rules: [] };
    groups.set(key, { ...group, rules: [...group.rules, { rule, keeps: filters[index] ?? always }] });
  }
  return [...groups.values()];
}

/** The resource types of a rule as Resource Graph spells them. */
export function typesOf({ rule }: CompiledRule): readonly string[] {
  return [...new Set(rule.resourceTypes.map((type) => type.toLowerCase()))].toSorted();
}

/** `type` is one of those. */
export function typeTest(types: readonly string[]): Kql {
  const [first, second] = types;
  if (first !== undefined && second === undefined) return test(`type =~ ${quote(first)}`);
  return test(`type in~ (${types.map(quote).join(', ')})`);
}

// How long a query Resource Graph takes is not documented. These leave room, and a rule that needs more keeps its rows.
const longestFilter = 4000;
const longestQuery = 16_000;

/** The rules that may take the place of one, by what the parameters of scopes are; `undefined` where they are too many. */
export type VariantsOf = (rule: CompiledRule) => readonly CompiledRule[] | undefined;

/** The rows of its types that each rule keeps: all of them where saying so would take too long a query. */
export function filtersOf(
  rules: readonly CompiledRule[],
  variantsOf: VariantsOf = (rule) => [rule],
): readonly Kql[] {
  let length = 0;
  return rules.map((rule) => {
    const keeps = keptByAny(variantsOf(rule));
    const size = render(keeps).length;
    if (size > longestFilter || length + size > longestQuery) return always;
    length += size;
    return keeps;
  });
}

/** The pair of a rule's `when`. */
export function whenPair(rule: CompiledRule): Pair {
  return rule.when === undefined ? certain(true) : conditionPair(rule.when, surroundings(rule));
}

function surroundings(rule: CompiledRule): ConditionContext {
  return { types: typesOf(rule), scopes: [] };
}

/** Rows that some rule may fail on. Those to which it does not apply are counted once: they must be the same for all. */
function keptByAny(rules: readonly CompiledRule[] = []): Kql {
  const applies = new Set(rules.map((each) => render(whenPair(each).mayHold)));
  return applies.size === 1 ? or(rules.map(keptBy)) : always;
}

/** Rows that the rule may fail on, or of which KQL cannot say whether it applies. */
function keptBy(rule: CompiledRule): Kql {
  const { mayFail } = conditionPair(rule.require, surroundings(rule));
  const when = whenPair(rule);
  const readsTags = [rule.require, rule.when].some((part) => part !== undefined && reads(part, 'tags'));
  return or([and([when.mayHold, or([mayFail, when.mayFail])]), ...(readsTags ? [irregularTags] : [])]);
}

/** The pair of a condition on rows of some types that is no part of a rule. */
export function conditionOnRows(condition: Compiled, types: readonly string[]): Pair {
  const pair = conditionPair(condition, { types, scopes: [] });
  return reads(condition, 'tags') ? unknownToo(pair, irregularTags) : pair;
}

/** Compiles a condition to its pair. */
function conditionPair(condition: Compiled, around: ConditionContext): Pair {
  if (condition.kind === 'comparison') return comparisonPair(condition, around);
  if (condition.kind === 'not') return opposite(conditionPair(condition.part, around));
  const pairs = condition.parts.map((part) => conditionPair(part, around));
  return condition.kind === 'allOf' ? allOf(pairs) : anyOf(pairs);
}

function comparisonPair(comparison: CompiledComparison, around: ConditionContext): Pair {
  if (comparison.computed !== undefined) return unsure;
  const { field, count } = comparison;
  const read = field ?? count?.field;
  const pair =
    field !== undefined
      ? fieldPair(comparison, field, around)
      : count !== undefined
        ? countPair(comparison, count, { ...around, conditionPair })
        : literalPair(comparison);
  // What is irregular in an element that is counted is so in the list, which is asked for as a whole.
  if (read === undefined || isInElement(read.path, around)) return pair;
  return unknownToo(pair, irregularAround(read.path, around.types));
}

function literalPair({ test }: CompiledComparison): Pair {
  const truth = test({ body: {}, gaps: [], elements: [] });
  return truth === 'unknown' ? unsure : certain(truth);
}

/** A row that a filter may yet leave out is returned, and not counted. */
export function unlessUnsure(pushedDown: PushedDown, filter: RowFilter | undefined): PushedDown {
  const { unsure } = filter ?? {};
  if (unsure === undefined) return pushedDown;
  return {
    get where() {
      return `(${pushedDown.where}) or (${unsure})`;
    },
    get tallies() {
      return pushedDown.tallies;
    },
  };
}
