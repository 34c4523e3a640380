import type { JsonObject, JsonPath } from '../../model/json.ts';
import type { Actual, Comparison, Condition, ExampleKind } from '../../model/rule.ts';
import type { CoverageGap } from '../../model/rule-tests.ts';
import type { Compiled, CompiledComparison, CompiledRule } from '../condition/compiled.ts';
import type { Subject } from '../condition/field.ts';
import { inWords } from '../operators/scalar.ts';
import { inState, statesOf, statesToShow } from './field-states.ts';
import { exampleKinds, exampleOf, kindOfExample } from './judge-examples.ts';
import { assigned, solutions } from './solve-condition.ts';

/** Something that an example has to show, and how to make one that does. */
export interface Trial {
  readonly gap: Omit<CoverageGap, 'location' | 'proposal'>;
  readonly path: JsonPath;
  readonly shows: (body: JsonObject) => boolean;
  /** Bodies that may show it, made from one that may not. */
  readonly bodiesFrom: (base: JsonObject) => readonly JsonObject[];
}

/** Everything that the examples of a rule have to show. */
export function trialsOf(compiled: CompiledRule): readonly Trial[] {
  const comparisons = comparisonsIn(compiled);
  const firstReads = new Map(comparisons.toReversed().map((one) => [one.field, one]));
  const fields = new Set(comparisons.map(({ field }) => field));
  return [
    ...verdictTrials(compiled),
    ...Array.from(fields).flatMap((field) => stateTrials(compiled, field, firstReads.get(field)?.path ?? [])),
    ...comparisons.flatMap((one) => outcomeTrials(compiled, one)),
  ];
}

function verdictTrials(compiled: CompiledRule): readonly Trial[] {
  const kinds: readonly ExampleKind[] =
    compiled.when === undefined ? ['pass', 'fail'] : exampleKinds.slice(0, 3);
  return kinds.map((kind) => ({
    gap: { kind: 'verdict', of: kind, message: verdictWords[kind] },
    path: ['id'],
    shows: (body) => kindOfExample(compiled, body) === kind,
    bodiesFrom: (base) => [base],
  }));
}

const verdictWords: Readonly<Record<ExampleKind, string>> = {
  pass: 'no example passes',
  fail: 'no example fails',
  notApplicable: 'no example is one to which the rule does not apply',
  unknown: 'no example is unknown',
};

function stateTrials({ rule }: CompiledRule, field: string, path: JsonPath): readonly Trial[] {
  const resourceType = rule.resourceTypes[0] ?? '';
  return statesToShow(field, resourceType).map((state) => ({
    gap: {
      kind: 'state',
      of: field,
      is: state === 'value' ? 'unset' : state,
      message: `no example in which ${field} is ${stateWords[state]}`,
    },
    path,
    shows: (body) => statesOf(body, field, resourceType).has(state),
    bodiesFrom: (base) => [inState(base, { path: field, state, resourceType })],
  }));
}

const stateWords = {
  unset: 'unset',
  null: 'null',
  empty: 'an empty list',
  wrongType: 'of a wrong type',
  value: 'set',
} as const;

function outcomeTrials(compiled: CompiledRule, comparison: RuleComparison): readonly Trial[] {
  const { field, condition, path } = comparison;
  const resourceType = compiled.rule.resourceTypes[0] ?? '';
  const subject = condition.operand.kind === 'count' ? `the number of ${field}` : field;
  const { operator, expected } = comparison.compiled;
  return [true, false]
    .filter((holds) => canComeOut(comparison, holds))
    .map((holds) => {
      const words = `${subject} ${operator.phrase(expected, holds, inWords)}`;
      const solvable = { condition, compiled: comparison.compiled };
      return {
        gap: {
          kind: 'outcome',
          of: words,
          is: holds ? 'true' : 'false',
          message: `no example in which ${words}`,
        },
        path,
        shows: (body) => comesOut(compiled, comparison, { body, holds }),
        bodiesFrom: (base) =>
          Array.from(solutions(solvable, holds, resourceType), (assignment) => assigned(base, assignment)),
      };
    });
}

/** False where the value of a parameter decides whatever the field is, as an empty list does. */
function canComeOut({ compiled: { expected, operator } }: RuleComparison, holds: boolean): boolean {
  if (operator.kind !== 'membership' || !Array.isArray(expected) || expected.length > 0) return true;
  return operator.compile(expected)('x') === holds;
}

/** A comparison of a rule with something of a resource. */
interface RuleComparison {
  readonly condition: Comparison;
  readonly compiled: CompiledComparison;
  /** The field that it reads, or the list that it counts. */
  readonly field: string;
  /** Its place in the rule file. */
  readonly path: JsonPath;
  /** The resource that it is about, or each element that is being counted. */
  readonly subjects: (resource: Subject) => readonly Subject[];
}

function itself(resource: Subject): readonly Subject[] {
  return [resource];
}

/** Every comparison of a rule, in the order of its text, but for those between values alone. */
function comparisonsIn({ rule, when, require }: CompiledRule): readonly RuleComparison[] {
  return [
    ...(rule.when === undefined || when === undefined
      ? []
      : comparisonsBelow(rule.when, when, { path: ['when'], subjects: itself })),
    ...comparisonsBelow(rule.require, require, { path: ['require'], subjects: itself }),
  ];
}

function within({ body, gaps, elements }: Subject, element: Actual): Subject {
  return { body, gaps, elements: [...elements, element ?? null] };
}

type Place = Pick<RuleComparison, 'path' | 'subjects'>;

function comparisonsBelow(condition: Condition, compiled: Compiled, place: Place): readonly RuleComparison[] {
  const { path } = place;
  if (condition.kind === 'comparison')
    return compiled.kind === 'comparison' ? comparisonAt(condition, compiled, place) : [];
  if (condition.kind === 'not')
    return compiled.kind === 'not'
      ? comparisonsBelow(condition.condition, compiled.part, { ...place, path: [...path, 'not'] })
      : [];
  if (compiled.kind !== condition.kind) return [];
  return condition.conditions.flatMap((part, index) => {
    const one = compiled.parts[index];
    const at = { ...place, path: [...path, condition.kind, index] };
    return one === undefined ? [] : comparisonsBelow(part, one, at);
  });
}

function comparisonAt(
  condition: Comparison,
  compiled: CompiledComparison,
  place: Place,
): readonly RuleComparison[] {
  const { operand } = condition;
  if (operand.kind === 'field') return [{ condition, compiled, field: operand.path, ...place }];
  if (operand.kind !== 'count') return [];
  const { count } = compiled;
  const own = { condition, compiled, field: operand.field, ...place };
  if (operand.where === undefined || count?.where === undefined) return [own];
  const subjects = (resource: Subject): readonly Subject[] =>
    place
      .subjects(resource)
      .flatMap((around) => count.field.readAll(around).map((element) => within(around, element)));
  const path = [...place.path, 'count', 'where'];
  return [own, ...comparisonsBelow(operand.where, count.where, { path, subjects })];
}

/** True where a comparison comes out so on a value in an example, or in an element of it: what is unset is shown by itself. */
function comesOut(
  rule: CompiledRule,
  { compiled, subjects }: RuleComparison,
  { body: given, holds }: { readonly body: JsonObject; readonly holds: boolean },
): boolean {
  const { body, gaps } = exampleOf(rule, given);
  return subjects({ body, gaps, elements: [] }).some(
    (subject) => compiled.test(subject) === holds && hasValue(compiled, subject),
  );
}

function hasValue({ field, operator }: CompiledComparison, subject: Subject): boolean {
  if (field === undefined || operator.kind === 'presence') return true;
  return field.collection ? field.readAll(subject).length > 0 : field.read(subject) !== undefined;
}
