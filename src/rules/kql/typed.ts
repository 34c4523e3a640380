import type { Json } from '../../model/json.ts';
import type { Form } from '../../resource-types/form.ts';
import type { CompiledComparison } from '../condition/compiled.ts';
import { always, and, type Kql, or, test } from './expression.ts';
import { isOfOtherKind } from './irregular.ts';
import { quote } from './literal.ts';
import type { Pair } from './pair.ts';
import type { KqlValue } from './value.ts';

/**
 * The pair of a comparison with a scalar field whose kind is known. The evaluator cannot decide on a value of any other
 * kind, so that both sides hold there. `undefined` for lists and objects, of which `irregular.ts` speaks.
 */
export function typedPair(
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

/** What is none of the known words is left to the evaluator. */
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
