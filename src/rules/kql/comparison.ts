import type { CompiledComparison } from '../condition/compiled.ts';
import type { Field } from '../condition/field.ts';
import type { Holds } from '../operators/operator.ts';
import type { Step } from '../../model/field-path.ts';
import { type Form, formOfPath } from '../../resource-types/form.ts';
import { type Elements, everyElement, listElements, someElement } from './elements.ts';
import { always, and, type Kql, never, or, test } from './expression.ts';
import { type ConditionContext, isInElement, locate, memberOf, type Place, valueAt } from './field.ts';
import { certain, type Pair, unsure } from './pair.ts';
import type { KqlValue } from './value.ts';
import type { Json } from '../../model/json.ts';
import { isOfOtherKind } from './irregular.ts';
import { quote } from './literal.ts';

/** The pair of a comparison of a field. With `[*]` it means every element. */
export function fieldPair(comparison: CompiledComparison, field: Field, around: ConditionContext): Pair {
  const { start, steps } = locate(field.path, around.scopes);
  if (field.collection) return everyPair(comparison, listElements(start, steps));
  const form = isInElement(field.path, around) ? undefined : formOfPath(field.path, around.types);
  return valuePair(comparison, follow(start, steps), form);
}

function everyPair(comparison: CompiledComparison, elements: Elements): Pair {
  const { operator, expected, holds } = comparison;
  const guarded = !holds(undefined);
  const shown = elements.json === undefined ? unsure : operator.kql(expected).within(elements.json);
  const pairOf = (place: Place): Pair => valuePair(comparison, place);
  return {
    mayHold: everyElement(elements, { of: ({ place }) => pairOf(place).mayHold, guarded }),
    mayFail: or([
      someElement(elements, { of: ({ place }) => pairOf(place).mayFail, guarded }, shown.mayFail),
      elements.doubtful,
    ]),
  };
}

/** `form` is that of a field of the resource itself; the elements of a list are checked with the list. */
function valuePair(comparison: CompiledComparison, place: Place, form?: ReturnType<typeof formOfPath>): Pair {
  const { operator, expected, holds } = comparison;
  if (place.kind === 'outside') return unsure;
  if (place.kind === 'missing') return certain(holds(undefined));
  const value = valueAt(place);
  const pair = operator.kql(expected).on(value);
  const { mayHold, mayFail } =
    (place.kind === 'dynamic' && typeof form === 'object'
      ? typedPair(comparison, form, { value, pair })
      : undefined) ?? pair;
  const doubtful = doubtfulAbsence(value, holds);
  // What is absent is on one side already.
  return holds(undefined)
    ? { mayHold, mayFail: or([mayFail, doubtful]) }
    : { mayHold: or([mayHold, doubtful]), mayFail };
}

/** Rows in which a value that is absent in KQL may yet decide otherwise. */
function doubtfulAbsence(value: KqlValue, holds: Holds): Kql {
  if (value.respelt !== undefined) return value.respelt;
  const { absentAs } = value;
  return absentAs === undefined || holds(absentAs) === holds(undefined) ? never : value.absent;
}

function follow(start: Place, steps: readonly Step[]): Place {
  return steps.reduce(
    (place, step) => (step.kind === 'key' ? memberOf(place, step.key) : { kind: 'outside' }),
    start,
  );
}

/**
 * The pair of a comparison with a scalar field whose kind is known. The evaluator cannot decide on a value of any other
 * kind, so that both sides hold there. `undefined` for lists and objects, which `irregular.ts` is about.
 */
function typedPair(
  comparison: CompiledComparison,
  form: Form,
  { value, pair }: { readonly value: KqlValue; readonly pair: Pair },
): Pair | undefined {
  if (form.type === 'object' || form.type === 'array') return undefined;
  const words = wordsOf(form);
  return words === undefined
    ? kindPair(comparison, form, { value, pair })
    : wordPair(comparison, words, value);
}

function kindPair(
  comparison: CompiledComparison,
  form: Form,
  { value, pair: { mayHold, mayFail } }: { readonly value: KqlValue; readonly pair: Pair },
): Pair {
  const irregular = and([value.present, isOfOtherKind(form, value.text)]);
  return {
    mayHold: or([mayHold, irregular]),
    mayFail: failsOnOthers(comparison, form) ? mayFail : or([mayFail, irregular]),
  };
}
/** Everything that a value can say, each as JSON and as text, and in any letter case. */
function wordsOf({ type, values }: Form): ReadonlyMap<string, readonly Json[]> | undefined {
  if (type === 'boolean')
    return new Map([true, false].map((word) => [String(word), [word, ...inAnyCase(String(word))]]));
  return values === undefined
    ? undefined
    : new Map(values.map((word) => [word.toLowerCase(), inAnyCase(word)]));
}

function inAnyCase(word: string): readonly string[] {
  return [word, word.toLowerCase(), word.toUpperCase()];
}

/** The pair of a comparison with words: any other word is left to the evaluator. */
function wordPair(
  { holds }: CompiledComparison,
  words: ReadonlyMap<string, readonly Json[]>,
  value: KqlValue,
): Pair {
  const holding = keysWhere(words, holds);
  const failing = keysWhere(words, (word) => !holds(word));
  const absentHolds = holds(undefined);
  return {
    mayHold: and([absentHolds ? always : value.present, isNoneOf(failing, value)]),
    mayFail: and([absentHolds ? value.present : always, isNoneOf(holding, value)]),
  };
}

function keysWhere(
  words: ReadonlyMap<string, readonly Json[]>,
  is: (word: Json) => boolean,
): readonly string[] {
  return [...words].filter(([, spellings]) => spellings.every(is)).map(([word]) => word);
}

function isNoneOf(words: readonly string[], { text }: KqlValue): Kql {
  const [first, second] = words;
  if (first === undefined) return always;
  return test(
    second === undefined ? `${text} !~ ${quote(first)}` : `${text} !in~ (${words.map(quote).join(', ')})`,
  );
}

/** True for a comparison with numbers alone that fails on whatever is no number: then `mayFail` covers it already. */
function failsOnOthers({ expected, holds }: CompiledComparison, { type }: Form): boolean {
  const others: readonly Json[] = ['', 'x', true, [], {}];
  const numbers: readonly Json[] = Array.isArray(expected) ? expected : [expected];
  return type === 'integer' && numbers.every(isNumber) && !others.some(holds);
}

function isNumber(value: Json): boolean {
  return value !== '' && typeof value !== 'boolean' && Number.isFinite(Number(value));
}
