import { argumentAt, literalText } from '../argument.ts';
import type { FunctionCompiler } from '../context.ts';
import { unsupported } from '../syntax.ts';

const msPer: Readonly<Record<string, number>> = {
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

/** Functions of time. `now` is the emulator's clock, the same in a whole query. */
export const dates = {
  now: (args, call) => {
    const offset = args[0]?.evaluate;
    return (row) => call.now + numberOf(offset?.(row) ?? 0);
  },
  ago: (args, call) => {
    const { evaluate } = argumentAt(args, 0);
    return (row) => call.now - numberOf(evaluate(row));
  },
  datetime_diff: (args) => {
    const unit = literalText(argumentAt(args, 0)).toLowerCase();
    const [later, earlier] = [argumentAt(args, 1).evaluate, argumentAt(args, 2).evaluate];
    const count = periods(unit);
    if (count === undefined) throw unsupported(argumentAt(args, 0).node);
    return (row) => {
      const [a, b] = [later(row), earlier(row)];
      return typeof a === 'number' && typeof b === 'number' ? count(a) - count(b) : null;
    };
  },
} satisfies Record<string, FunctionCompiler>;

/** Which period of that unit a moment falls in: the difference counts the borders that lie between two moments. */
function periods(unit: string): ((ms: number) => number) | undefined {
  if (unit === 'year') return (ms) => new Date(ms).getUTCFullYear();
  if (unit === 'month') return (ms) => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth();
  const length = msPer[unit];
  return length === undefined ? undefined : (ms) => Math.floor(ms / length);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
