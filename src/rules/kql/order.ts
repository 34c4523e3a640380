import { and, or, test } from './expression.ts';
import type { Pair } from './pair.ts';
import { type KqlValue, presentAtLeast } from './value.ts';

/** A comparison in KQL, and the one that is true where it is false. */
export interface Signs {
  readonly holds: string;
  readonly fails: string;
}

/** Order of numbers and of text that is one. Only whole numbers of up to 15 digits are read alike by both sides. */
export function inNumericOrder(expected: number, signs: Signs): (value: KqlValue) => Pair {
  const number = String(expected);
  if (!/^-?\d{1,15}(\.\d{1,6})?$/.test(number)) return presentAtLeast;
  const convert = number.includes('.') ? 'toreal' : 'tolong';
  return ({ text, present }) => {
    const other = test(`not(${text} matches regex '^-?[0-9]{1,15}$')`);
    return {
      mayHold: and([present, or([other, test(`${convert}(${text}) ${signs.holds} ${number}`)])]),
      mayFail: or([other, test(`${convert}(${text}) ${signs.fails} ${number}`)]),
    };
  };
}

/** Order in time. Only UTC to the millisecond is read alike by both sides. */
export function inTimeOrder(expected: number, signs: Signs): (value: KqlValue) => Pair {
  const moment = `datetime(${new Date(expected).toISOString()})`;
  if (!/\(\d{4}-/.test(moment)) return presentAtLeast;
  return ({ text, present }) => {
    const time = `todatetime(${text})`;
    const other = or([
      test(`not(${text} matches regex '^[0-9-]{10}(T[0-9:]{8}([.][0-9]{1,3})?Z)?$')`),
      test(`isnull(${time})`),
    ]);
    return {
      mayHold: and([present, or([other, test(`${time} ${signs.holds} ${moment}`)])]),
      mayFail: or([other, test(`${time} ${signs.fails} ${moment}`)]),
    };
  };
}
