import type { Compiler, ExpressionCompiler } from '../context.ts';
import { converterTo, toReal } from '../conversion.ts';
import { part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate, Value } from '../value.ts';

type Compare = (a: Value, b: Value) => boolean | null;

const numeric = new Set(['int', 'long', 'real']);

/**
 * `==` and `!=`. Two nulls give null; null against a value is unequal, which is false for `==` and true for `!=`
 * (Kusto, "Null values"). A dynamic is cast to the type it is compared with.
 */
export function equality(negated: boolean): ExpressionCompiler {
  return (node, compiler) => {
    const [left, right] = comparable(node, compiler);
    return (row) => equal(left(row), right(row), negated);
  };
}

/** `<`, `<=`, `>`, `>=`: null when either side is null. */
export function ordering(holds: (sign: number) => boolean): ExpressionCompiler {
  return (node, compiler) => {
    const [left, right] = comparable(node, compiler);
    return (row) => ordered(left(row), right(row), holds);
  };
}

/** `between (a .. b)` includes both ends; its negation keeps null as null. */
export function between(negated: boolean): ExpressionCompiler {
  return (node, compiler) => {
    const range = part(node, 'Right');
    const [low, high] = [part(range, 'First'), part(range, 'Second')];
    const value = part(node, 'Left');
    const atLeast = pair([value, low], node, compiler);
    const atMost = pair([value, high], node, compiler);
    return (row) => {
      const above = ordered(atLeast[0](row), atLeast[1](row), (sign) => sign >= 0);
      const below = ordered(atMost[0](row), atMost[1](row), (sign) => sign <= 0);
      if (above === null || below === null) return null;
      return (above && below) !== negated;
    };
  };
}

const equal = (a: Value, b: Value, negated: boolean): ReturnType<Compare> =>
  a === null && b === null ? null : (a === b) !== negated;

function ordered(a: Value, b: Value, holds: (sign: number) => boolean): ReturnType<Compare> {
  if (a === null || b === null) return null;
  return holds(a < b ? -1 : a > b ? 1 : 0);
}

function comparable(node: Syntax, compiler: Compiler): readonly [Evaluate, Evaluate] {
  return pair([part(node, 'Left'), part(node, 'Right')], node, compiler);
}

function pair(
  sides: readonly [Syntax, Syntax],
  node: Syntax,
  compiler: Compiler,
): readonly [Evaluate, Evaluate] {
  const [left, right] = sides;
  const type = commonType(left.type ?? '', right.type ?? '');
  if (type === undefined) {
    throw unsupported(
      node,
      `compares values of types ${left.type} and ${right.type}; try adding explicit casts`,
    );
  }
  return [cast(left, type, compiler), cast(right, type, compiler)];
}

function commonType(a: string, b: string): string | undefined {
  if (numeric.has(a) && numeric.has(b)) return 'real';
  if (a === b) return a === 'dynamic' ? undefined : a;
  if (a === 'dynamic') return numeric.has(b) ? 'real' : b;
  if (b === 'dynamic') return numeric.has(a) ? 'real' : a;
  return undefined;
}

function cast(node: Syntax, type: string, compiler: Compiler): Evaluate {
  const evaluate = compiler.compile(node);
  if (node.type !== 'dynamic') return evaluate;
  const convert = type === 'real' ? toReal : converterTo(type);
  if (convert === undefined) throw unsupported(node, `cannot be compared with a ${type}`);
  return (row) => convert(evaluate(row));
}
