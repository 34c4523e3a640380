import { always, and, isAlways, test } from './expression.ts';
import { memberPath } from './literal.ts';
import { certain } from './pair.ts';
import { jsonShowsKey } from './text.ts';
import type { KqlOperator } from './value.ts';

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
