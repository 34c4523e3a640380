import type { Compiler, ExpressionCompiler } from '../context.ts';
import { part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate } from '../value.ts';

/** `and`: false if either is false, else null if either is null. */
export const compileAnd: ExpressionCompiler = (node, compiler) => {
  const [left, right] = operands(node, compiler);
  return (row) => {
    const a = left(row);
    if (a === false) return false;
    const b = right(row);
    return b === false ? false : a === null || b === null ? null : true;
  };
};

/** `or`: true if either is true, else null if either is null. */
export const compileOr: ExpressionCompiler = (node, compiler) => {
  const [left, right] = operands(node, compiler);
  return (row) => {
    const a = left(row);
    if (a === true) return true;
    const b = right(row);
    return b === true ? true : a === null || b === null ? null : false;
  };
};

function operands(node: Syntax, compiler: Compiler): readonly [Evaluate, Evaluate] {
  return [boolean(part(node, 'Left'), compiler), boolean(part(node, 'Right'), compiler)];
}

function boolean(node: Syntax, compiler: Compiler): Evaluate {
  if (node.type !== 'bool') throw unsupported(node, 'is not a bool: use tobool()');
  return compiler.compile(node);
}
