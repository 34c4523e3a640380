import type { Actual } from '../../model/rule.ts';
import type { Json } from '../../model/json.ts';
import { inNumericOrder, inTimeOrder, type Signs } from '../kql/equality-and-order.ts';
import { onValues, presentAtLeast } from '../kql/value.ts';
import type { Operator } from './operator.ts';
import { inWords } from './scalar.ts';

export const less = ordering({
  words: 'less than',
  holds: (sign) => sign < 0,
  signs: { holds: '<', fails: '>=' },
  note: 'The field is less than this number, or before this date. Never true for a field without a value.',
  example: { field: 'tags.reviewed', less: '2027-01-01' },
  samples: [
    { expected: 90, holds: [89, '89'], fails: [90, true, undefined] },
    { expected: '2026-03-01', holds: ['2026-02-28T23:59:59Z'], fails: ['2026-03-01T00:00:00Z'] },
  ],
});

export const lessOrEquals = ordering({
  words: 'at most',
  holds: (sign) => sign <= 0,
  signs: { holds: '<=', fails: '>' },
  note: 'The field is at most this number or date. Never true for a field without a value.',
  example: { field: 'properties.softDeleteRetentionInDays', lessOrEquals: 30 },
  samples: [{ expected: 90, holds: [90, 7], fails: [91, undefined] }],
});

export const greater = ordering({
  words: 'more than',
  holds: (sign) => sign > 0,
  signs: { holds: '>', fails: '<=' },
  note: 'The field is more than this number, or after this date. Never true for a field without a value.',
  example: { field: 'properties.softDeleteRetentionInDays', greater: 7 },
  samples: [{ expected: '7', holds: [30], fails: [7, undefined] }],
});

export const greaterOrEquals = ordering({
  words: 'at least',
  holds: (sign) => sign >= 0,
  signs: { holds: '>=', fails: '<' },
  note: 'The field is at least this number or date. Never true for a field without a value.',
  example: { field: 'properties.softDeleteRetentionInDays', greaterOrEquals: 90 },
  samples: [
    { expected: 90, holds: [90, '90'], fails: [89, 'ninety', undefined] },
    { expected: '2026-01-01', holds: ['2026-01-01T00:00:00Z'], fails: ['2025-12-31T23:59:59Z'] },
  ],
});

interface Ordering extends Pick<Operator, 'note' | 'example' | 'samples'> {
  readonly words: string;
  readonly holds: (sign: number) => boolean;
  readonly signs: Signs;
}

function ordering({ words, holds, signs, ...documentation }: Ordering): Operator {
  return {
    ...documentation,
    kind: 'order',
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
    phrase: (expected, holds, show) => `${holds ? 'is' : 'is not'} ${words} ${show(expected)}`,
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
