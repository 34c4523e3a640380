import { always, or, test } from './expression.ts';
import { quote } from './literal.ts';
import { certain } from './pair.ts';
import { isBracketed, isEscapedInJson, isNumeric, isPlain, jsonShowsPart, mayFoldTo } from './text.ts';
import { type KqlOperator, onValues, presentAtLeast } from './value.ts';

/** A text holds `part`, or an array holds an element that equals it. */
export function holdsPart(part: string | undefined): KqlOperator {
  if (part === undefined) return { on: () => certain(false), within: () => certain(false) };
  if (!isPlain(part) || isNumeric(part)) return onValues(presentAtLeast);
  // `true` is written as text, but holds none.
  const mayBeBoolean = 'true'.includes(part) || 'false'.includes(part);
  return {
    on: ({ text }) => ({
      mayHold: or([
        test(`${text} contains ${quote(part)}`),
        mayFoldTo(part, text, 'part'),
        ...(isEscapedInJson(part) ? [isBracketed(text)] : []),
      ]),
      mayFail: mayBeBoolean ? always : or([test(`${text} !contains ${quote(part)}`), isBracketed(text)]),
    }),
    within: (json) => ({ mayHold: jsonShowsPart(json, part), mayFail: always }),
  };
}
