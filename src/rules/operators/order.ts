import type { Json } from '../../model/json.ts';
import { inNumericOrder, inTimeOrder, type Signs } from '../kql/order.ts';
import { onValues, presentAtLeast } from '../kql/value.ts';
import type { Actual, Operator } from './operator.ts';
import { inWords } from './scalar.ts';

export const less = ordering('less than', (sign) => sign < 0, { holds: '<', fails: '>=' });
export const lessOrEquals = ordering('at most', (sign) => sign <= 0, { holds: '<=', fails: '>' });
export const greater = ordering('more than', (sign) => sign > 0, { holds: '>', fails: '<=' });
export const greaterOrEquals = ordering('at least', (sign) => sign >= 0, { holds: '>=', fails: '<' });

function ordering(words: string, holds: (sign: number) => boolean, signs: Signs): Operator {
  return {
    operand: { type: ['number', 'string'], description: 'A number, an ISO 8601 date, or text.' },
    compile(expected) {
      const compare = comparisonWith(expected);
      return (actual) => {
        const sign = compare(actual);
        return sign !== undefined && holds(sign);
      };
    },
    kql(expected) {
      const number = toNumber(expected);
      if (number !== undefined) return onValues(inNumericOrder(number, signs));
      const time = toTime(expected);
      return onValues(time === undefined ? presentAtLeast : inTimeOrder(time, signs));
    },
    describe: (expected, holds) => `${holds ? '' : 'not '}${words} ${inWords(expected)}`,
    say: (expected, holds, show) => `${holds ? 'is' : 'is not'} ${words} ${show(expected)}`,
  };
}

/** Numbers compare with numbers, dates with dates, text with text; what cannot be compared satisfies nothing. */
function comparisonWith(expected: Json): (actual: Actual) => number | undefined {
  const number = toNumber(expected);
  if (number !== undefined) return by(toNumber, number);
  const time = toTime(expected);
  if (time !== undefined) return by(toTime, time);
  const text = inWords(expected).toLowerCase();
  return (actual) => (typeof actual === 'string' ? order(actual.toLowerCase(), text) : undefined);
}

function by(read: (value: Actual) => number | undefined, expected: number) {
  return (actual: Actual): number | undefined => {
    const value = read(actual);
    return value === undefined ? undefined : order(value, expected);
  };
}

function order<T extends number | string>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function toNumber(value: Actual): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function toTime(value: Actual): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
