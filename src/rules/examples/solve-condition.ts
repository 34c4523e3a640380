import { parsePath } from '../../model/field-path.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Comparison, Condition } from '../../model/rule.ts';
import type { Compiled, CompiledComparison } from '../condition/compiled.ts';
import type { OperatorKind } from '../operators/operator.ts';
import { inWords } from '../operators/scalar.ts';
import type { Form } from '../../resource-types/form.ts';
import { changedAt, formOfField, withField } from './field-states.ts';

/** Values of fields by path, `undefined` for a field that is unset. */
type Assignment = ReadonlyMap<string, Json | undefined>;

/** A condition in both forms, which have the same parts. */
export interface Solvable {
  readonly condition: Condition;
  readonly compiled: Compiled;
}

/** The most assignments of a part that are tried together with those of other parts. */
const mostOfPart = 8;

/**
 * Values for the fields of a condition with which it probably holds, or does not: first those closest to what it asks for. The
 * parts of a condition may depend on each other in ways that are not looked at, so whoever uses one tries it.
 */
export function* solutions(
  { condition, compiled }: Solvable,
  wanted: boolean,
  resourceType: string,
): Iterable<Assignment> {
  if (condition.kind === 'comparison') {
    if (compiled.kind === 'comparison')
      yield* ofComparison({ comparison: condition, compiled, wanted }, resourceType);
  } else if (condition.kind === 'not') {
    if (compiled.kind === 'not')
      yield* solutions({ condition: condition.condition, compiled: compiled.part }, !wanted, resourceType);
  } else if (compiled.kind === 'allOf' || compiled.kind === 'anyOf') {
    const parts = condition.conditions.flatMap((part, index) => {
      const one = compiled.parts[index];
      return one === undefined ? [] : [{ condition: part, compiled: one }];
    });
    const solved = parts.map((part) => () => solutions(part, wanted, resourceType));
    if ((condition.kind === 'allOf') === wanted) yield* together(solved);
    else for (const each of solved) yield* each();
  }
}

/** Assignments that hold for all parts at once; those that contradict each other are left out. */
function* together([first, ...rest]: readonly (() => Iterable<Assignment>)[]): Iterable<Assignment> {
  if (first === undefined) {
    yield new Map();
    return;
  }
  let tried = 0;
  for (const one of first()) {
    if (tried >= mostOfPart) return;
    tried += 1;
    for (const others of together(rest)) {
      const agree = [...others].every(([path, value]) => !one.has(path) || isSame(one.get(path), value));
      if (agree) yield new Map([...one, ...others]);
    }
  }
}

function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

interface Wanted {
  readonly comparison: Comparison;
  readonly compiled: CompiledComparison;
  readonly wanted: boolean;
}

function* ofComparison(one: Wanted, resourceType: string): Iterable<Assignment> {
  const { comparison, compiled, wanted } = one;
  const { operand } = comparison;
  if (operand.kind === 'value') {
    if (compiled.test({ body: {}, gaps: [], elements: [] }) === wanted) yield new Map();
  } else if (operand.kind === 'field') {
    const form = formOfField(operand.path, resourceType);
    for (const value of [...valuesNear(compiled, form), undefined])
      if (compiled.holds(value) === wanted) yield new Map([[operand.path, value]]);
  } else if (operand.kind === 'count') yield* ofCount(one, operand.field, resourceType);
}

/** Lists with as many elements of the wanted kind as make the comparison come out, and with one of the other kind. */
function* ofCount(
  { comparison, compiled, wanted }: Wanted,
  field: string,
  type: string,
): Iterable<Assignment> {
  const { operand } = comparison;
  const expected = Number(compiled.expected);
  const where = operand.kind === 'count' ? operand.where : undefined;
  const part = compiled.count?.where;
  const counted =
    where === undefined || part === undefined
      ? [elementOf(field, new Map(), type)]
      : [...solutions({ condition: where, compiled: part }, true, type)]
          .slice(0, mostOfPart)
          .map((assignment) => elementOf(field, assignment, type));
  const list = field.slice(0, -'[*]'.length);
  for (const amount of new Set([expected, expected - 1, expected + 1, 0, 1]))
    if (amount >= 0 && amount <= mostOfPart && compiled.holds(amount) === wanted)
      for (const element of counted)
        yield new Map([[list, Array.from({ length: amount }, (): Json => element)]]);
}

function elementOf(list: string, assignment: Assignment, resourceType: string): Json {
  const isObject = formOfField(list, resourceType)?.type !== 'string';
  let element: Json = isObject ? {} : 'x';
  for (const [path, value] of assignment)
    element = changedAt(element, parsePath(path.slice(list.length)), value) ?? element;
  return element;
}

/** A body with the values of an assignment. */
export function assigned(body: JsonObject, assignment: Assignment): JsonObject {
  return [...assignment].reduce((changed, [path, value]) => withField(changed, path, value), body);
}

/** Values on both sides of a comparison, the nearest first. */
function valuesNear({ operator, expected }: CompiledComparison, form: Form | undefined): readonly Json[] {
  return [...nearby[operator.kind](expected, form), ...samplesOf(form)];
}

type Nearby = (expected: Json, form: Form | undefined) => readonly Json[];

const nearby: Readonly<Record<OperatorKind, Nearby>> = {
  presence: () => [],
  equality: (expected) => [expected, ...(typeof expected === 'string' ? [`not-${expected}`] : [])],
  membership: (expected) => (Array.isArray(expected) ? expected : [expected]),
  order: (expected) => [expected, ...besides(expected)],
  wildcard: (expected) => [inWords(expected).replaceAll('*', 'x')],
  pattern: (expected) => [inWords(expected).replaceAll('#', '1').replaceAll('?', 'a').replaceAll('.', 'x')],
  containment: (expected, form) => (form?.type === 'array' ? [[expected], []] : [expected]),
  key: (expected) => [{ [inWords(expected)]: 'x' }, {}],
};

const day = 86_400_000;

/** The number or the day before and the one after. */
function besides(expected: Json): readonly Json[] {
  const text = inWords(expected);
  if (/^-?\d+(?:\.\d+)?$/u.test(text)) return [Number(text) - 1, Number(text) + 1];
  const time = /^\d{4}-\d\d-\d\d/u.test(text) ? Date.parse(text.slice(0, 10)) : Number.NaN;
  if (Number.isNaN(time)) return ['', `${text}x`];
  return [time - day, time + day].map((one) => new Date(one).toISOString().slice(0, 10));
}

function samplesOf(form: Form | undefined): readonly Json[] {
  if (form === undefined) return ['x'];
  if (form.type === 'boolean') return [true, false];
  if (form.type === 'integer') return [90, 7];
  if (form.type === 'array') return [[]];
  return form.type === 'object' ? [{}] : (form.values ?? ['x']);
}
