import { always, and, or, test } from './expression.ts';
import { quote } from './literal.ts';
import { anyOf, certain, type Pair, unsure } from './pair.ts';
import { isEscapedInJson, isNumeric, isPlain, jsonShowsString, mayFoldTo } from './text.ts';
import { type KqlOperator, type KqlValue, presentAtLeast } from './value.ts';

/** Equality with one of some scalars in the form in which they compare; what is no scalar equals nothing. */
export function equalToOneOf(wanted: readonly (string | undefined)[]): KqlOperator {
  const scalars = [...new Set(wanted.filter((one) => one !== undefined))];
  const simple = scalars.filter(isSimple);
  const others = scalars.filter((one) => !isSimple(one));
  return {
    on: (value) => anyOf([simplePair(simple, value), ...others.map((one) => otherPair(one, value))]),
    within: (json) =>
      scalars.length === 0
        ? certain(false)
        : { mayHold: or(scalars.map((one) => jsonShowsString(json, one))), mayFail: always },
    notShown(json, name) {
      const shown = simple.filter((one) => !isEscapedInJson(one)).map((one) => `"${name}":"${one}"`);
      return shown.length === 0
        ? undefined
        : and(shown.map((member) => test(`${json} !contains ${quote(member)}`)));
    },
  };
}

/** Text that compares exactly, whatever type it is compared with. */
function isSimple(wanted: string): boolean {
  return wanted !== '' && isPlain(wanted) && !isNumeric(wanted) && !/^[[{]/.test(wanted);
}

function simplePair(wanted: readonly string[], { text }: KqlValue): Pair {
  const [first, second] = wanted;
  if (first === undefined) return certain(false);
  const list = `(${wanted.map(quote).join(', ')})`;
  const same = second === undefined ? `${text} =~ ${quote(first)}` : `${text} in~ ${list}`;
  const other = second === undefined ? `${text} !~ ${quote(first)}` : `${text} !in~ ${list}`;
  return {
    mayHold: or([test(same), ...wanted.map((one) => mayFoldTo(one, text, 'whole'))]),
    mayFail: test(other),
  };
}

function otherPair(wanted: string, value: KqlValue): Pair {
  const { text, present } = value;
  if (wanted === '') return { mayHold: and([present, test(`isempty(${text})`)]), mayFail: always };
  if (!isPlain(wanted)) return unsure;
  // A number may be written in many ways, and Kusto compares it as one.
  if (wholeNumber.test(wanted)) {
    return { mayHold: test(`toreal(${text}) == ${wanted}`), mayFail: test(`${text} !~ ${quote(wanted)}`) };
  }
  return presentAtLeast(value);
}

const wholeNumber = /^-?(0|[1-9]\d{0,14})$/;

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
