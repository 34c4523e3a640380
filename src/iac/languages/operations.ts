import type { Expression } from './expression.ts';

/** Operators from those that bind least; what is left binds more, and is not worked out. */
const levels: readonly ReadonlySet<string>[] = [
  new Set(['??']),
  new Set(['||']),
  new Set(['&&']),
  new Set(['==', '!=', '=~', '!~']),
];

/**
 * The expression that operands with binary operators between them make: a choice for `??`, calls of the functions that ARM
 * has for the logical operators and for equality, and something opaque for any other.
 */
export function combined(operands: readonly Expression[], operators: readonly string[]): Expression {
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  const level = levels.find((one) => operators.some((operator) => one.has(operator)));
  if (level === undefined) return { kind: 'opaque', parts: operands };
  const parts: Expression[] = [];
  const between: string[] = [];
  let start = 0;
  for (let index = 0; index <= operators.length; index += 1) {
    const operator = operators[index];
    if (operator !== undefined && !level.has(operator)) continue;
    parts.push(combined(operands.slice(start, index + 1), operators.slice(start, index)));
    if (operator !== undefined) between.push(operator);
    start = index + 1;
  }
  return operation(parts, between);
}

/** ARM's `not` of a value. */
export function negation(of: Expression): Expression {
  return call('not', [of]);
}

/** Operators of one level between values. */
function operation(parts: readonly Expression[], operators: readonly string[]): Expression {
  const [operator] = operators;
  if (operator === '??') return { kind: 'choice', options: parts };
  if (operator === '||') return call('or', parts);
  if (operator === '&&') return call('and', parts);
  if (parts.length > 2 || (operator !== '==' && operator !== '!=')) return { kind: 'opaque', parts };
  const equality = call('equals', parts);
  return operator === '==' ? equality : negation(equality);
}

function call(name: string, args: readonly Expression[]): Expression {
  return { kind: 'call', name, arguments: args };
}
