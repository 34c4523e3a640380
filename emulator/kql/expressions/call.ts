import type { ExpressionCompiler } from '../context.ts';
import { KqlError } from '../error.ts';
import { functions } from '../functions/index.ts';
import { items, nameOf, part } from '../syntax.ts';

/** A function call. A function of Kusto that this engine does not have is refused. */
export const compileCall: ExpressionCompiler = (node, compiler) => {
  const name = nameOf(part(node, 'Name'));
  const make = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (make === undefined) throw new KqlError('UnknownFunction', `Unknown function: '${name}'.`);
  const args = items(part(node, 'ArgumentList'), 'Expressions').map((arg) => ({
    node: arg,
    type: arg.type ?? '',
    evaluate: compiler.compile(arg),
  }));
  return make(args, { now: compiler.now, type: node.type ?? '' });
};
