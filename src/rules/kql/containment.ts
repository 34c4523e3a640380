import { always, and, isAlways, or, test } from './expression.ts';
import { memberPath, quote } from './literal.ts';
import { certain } from './pair.ts';
import {
  isBracketed,
  isEscapedInJson,
  isNumeric,
  isPlain,
  jsonShowsKey,
  jsonShowsPart,
  mayFoldTo,
} from './text.ts';
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

/** An object has a key, in any letter case. That it surely has one shows only by the spelling that is asked for. */
export function hasKey(key: string): KqlOperator {
  const spellings = [...new Set([key, key.toLowerCase()])];
  return {
    on: ({ raw, text, present, absentAs }) => {
      if (absentAs === '') return certain(false);
      const shown = jsonShowsKey(text, key);
      const missing = spellings.map((spelling) => test(`isnull(${memberPath(raw, spelling)})`));
      return { mayHold: isAlways(shown) ? present : shown, mayFail: and(missing) };
    },
    within: (json) => ({ mayHold: jsonShowsKey(json, key), mayFail: always }),
  };
}
