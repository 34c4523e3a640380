import { createHash } from 'node:crypto';
import { argumentAt, realOf, textOf } from '../argument.ts';
import type { FunctionCompiler } from '../context.ts';
import type { Value } from '../value.ts';

/** Functions of numbers, and `hash()`. */
export const numbers = {
  abs: rounded(Math.abs),
  ceiling: rounded(Math.ceil),
  round: (args) => {
    const value = realOf(argumentAt(args, 0));
    const digits = args[1] === undefined ? () => 0 : realOf(args[1]);
    return (row) => {
      const [number, places] = [value(row), digits(row)];
      if (number === null || places === null) return null;
      return Math.round(number * 10 ** places) / 10 ** places;
    };
  },
  bin,
  floor: bin,
  min_of: extreme((a, b) => a < b),
  max_of: extreme((a, b) => a > b),
  hash: (args) => {
    const text = textOf(argumentAt(args, 0));
    const modulus = args[1] === undefined ? undefined : realOf(args[1]);
    return (row) => {
      const value = hash(text(row));
      const by = modulus?.(row);
      return by === undefined || by === null ? value : ((value % by) + by) % by;
    };
  },
} satisfies Record<string, FunctionCompiler>;

function rounded(change: (value: number) => number): FunctionCompiler {
  return (args) => {
    const value = realOf(argumentAt(args, 0));
    return (row) => {
      const number = value(row);
      return number === null ? null : change(number);
    };
  };
}

function bin(args: Parameters<FunctionCompiler>[0]): ReturnType<FunctionCompiler> {
  const [value, size] = [argumentAt(args, 0).evaluate, argumentAt(args, 1).evaluate];
  return (row) => {
    const [number, width] = [value(row), size(row)];
    if (typeof number !== 'number' || typeof width !== 'number' || width <= 0) return null;
    return Math.floor(number / width) * width;
  };
}

function extreme(wins: (a: Exclude<Value, null>, b: Exclude<Value, null>) => boolean): FunctionCompiler {
  return (args) => (row) => {
    let best: Value = null;
    for (const { evaluate } of args) {
      const value = evaluate(row);
      if (value !== null && (best === null || wins(value, best))) best = value;
    }
    return best;
  };
}

// Kusto's is xxhash64, which it says may change; what queries may rely on is only that it spreads, and has a sign.
function hash(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE(0);
}
