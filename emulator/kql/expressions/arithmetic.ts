import type { Compiler, ExpressionCompiler } from '../context.ts';
import { part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate } from '../value.ts';

const arithmetic = new Set(['int', 'long', 'real', 'datetime', 'timespan']);

/** `+`, `-`, `*`: null is sticky. Datetimes and timespans are milliseconds, so they compute like numbers. */
export function arithmeticOperator(apply: (a: number, b: number) => number): ExpressionCompiler {
  return (node, compiler) => binary([part(node, 'Left'), part(node, 'Right')], compiler, apply);
}

/** `/`: between whole numbers the fraction is cut off, and division by zero is null. */
export const compileDivide: ExpressionCompiler = (node, compiler) => {
  const whole = node.type === 'int' || node.type === 'long';
  const divide = (a: number, b: number): number | null =>
    whole ? (b === 0 ? null : Math.trunc(a / b)) : a / b;
  return binary([part(node, 'Left'), part(node, 'Right')], compiler, divide);
};

/** `%`: in Kusto the result is never negative. */
export const compileModulo: ExpressionCompiler = (node, compiler) =>
  binary([part(node, 'Left'), part(node, 'Right')], compiler, modulo);

/** `-x` and `+x`. */
export function signOperator(sign: 1 | -1): ExpressionCompiler {
  return (node, compiler) => {
    const value = number(part(node, 'Expression'), compiler);
    return (row) => {
      const operand = value(row);
      return typeof operand === 'number' ? sign * operand : null;
    };
  };
}

function binary(
  sides: readonly [Syntax, Syntax],
  compiler: Compiler,
  apply: (a: number, b: number) => number | null,
): Evaluate {
  const [left, right] = [number(sides[0], compiler), number(sides[1], compiler)];
  return (row) => {
    const [a, b] = [left(row), right(row)];
    return typeof a === 'number' && typeof b === 'number' ? apply(a, b) : null;
  };
}

function number(node: Syntax, compiler: Compiler): Evaluate {
  if (!arithmetic.has(node.type ?? ''))
    throw unsupported(node, 'is not a number; try adding an explicit cast');
  return compiler.compile(node);
}

function modulo(a: number, b: number): number | null {
  return b === 0 ? null : ((a % b) + Math.abs(b)) % Math.abs(b);
}
