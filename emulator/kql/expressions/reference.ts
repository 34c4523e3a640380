import { isJsonObject } from '../../../src/model/json.ts';
import type { ExpressionCompiler } from '../context.ts';
import { toLong, toText } from '../conversion.ts';
import { literalOf } from '../literal.ts';
import { nameOf, part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate, Value } from '../value.ts';

/** A column by its name, or a literal. */
export const compileName: ExpressionCompiler = (node) => {
  const name = nameOf(node);
  const missing: Value = node.type === 'string' ? '' : null;
  return (row) => row[name] ?? missing;
};

/** A constant. */
export const compileLiteral: ExpressionCompiler = (node) => {
  const value = literalOf(node);
  if (value === undefined) throw unsupported(node);
  return () => value;
};

/** `bag.key` and `bag.['key']`: the key's case counts, and what is not there is null. */
export const compilePath: ExpressionCompiler = (node, compiler) => {
  const of = compiler.compile(dynamicPart(node));
  const selector = part(node, 'Selector');
  const key = selector.kind === 'BracketedExpression' ? constantKey(selector) : nameOf(selector);
  return (row) => member(of(row), key);
};

/** `bag['key']`, `bag[column]` and `array[0]`; a negative index counts from the end. */
export const compileElement: ExpressionCompiler = (node, compiler) => {
  const of = compiler.compile(dynamicPart(node));
  const index = part(part(node, 'Selector'), 'Expression');
  const literal = literalOf(index);
  if (typeof literal === 'string') return (row) => member(of(row), literal);
  const at = compiler.compile(index);
  if (index.type === 'string') return (row) => member(of(row), toText(at(row), 'string'));
  if (index.type !== 'int' && index.type !== 'long') throw unsupported(index, 'cannot index a dynamic value');
  return element(of, at);
};

function dynamicPart(node: Syntax): Syntax {
  const inner = part(node, 'Expression');
  if (inner.type !== 'dynamic') throw unsupported(node, 'is a path into something that is not dynamic');
  return inner;
}

function constantKey(selector: Syntax): string {
  const key = literalOf(part(selector, 'Expression'));
  if (typeof key !== 'string') throw unsupported(selector);
  return key;
}

function member(value: Value, key: string): Value {
  return isJsonObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

function element(of: Evaluate, at: Evaluate): Evaluate {
  return (row) => {
    const array = of(row);
    const index = toLong(at(row));
    return Array.isArray(array) && index !== null ? (array.at(index) ?? null) : null;
  };
}
