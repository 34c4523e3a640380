import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Problem } from '../../model/errors.ts';
import { locator, type SourceText } from '../source-text.ts';
import { type Entry, type Expression, opaque } from '../syntax/expression.ts';
import { blankComments } from './blank-comments.ts';

/** What a string of the document means. */
export type ReadText = (text: string) => Expression;

/**
 * Reads JSON, with comments or without, as an expression that knows the offsets of its keys. `undefined`, and a
 * problem, for text that is something else.
 */
export function readJson(
  source: SourceText,
  problems: Problem[],
  readText: ReadText = literal,
): Expression | undefined {
  const text = blankComments(source.text.replace(/^\uFEFF/, ' '));
  if (text === undefined) {
    problems.push({
      file: source.path,
      line: 1,
      column: 1,
      message: 'brackets are not balanced, or too deep',
    });
    return undefined;
  }
  if (!/^\s*[{[]/.test(text)) {
    problems.push({ ...locator(source)(0), message: 'this is not JSON' });
    return undefined;
  }
  const document = parseDocument(text, options);
  const [error] = document.errors;
  if (error === undefined) return expressionOf(document.contents, readText);
  problems.push({ ...locator(source)(error.pos[0]), message: 'this is not JSON' });
  return undefined;
}

/** Keys are not checked for repetition, which would take quadratic time. */
const options = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', schema: 'json' } as const;

function literal(text: string): Expression {
  return { kind: 'literal', value: text };
}

function expressionOf(node: unknown, readText: ReadText): Expression {
  if (isScalar(node)) return scalarOf(node.value, readText);
  if (isSeq(node)) {
    return { kind: 'array', items: node.items.map((item) => expressionOf(item, readText)) };
  }
  if (!isMap(node) || isAlias(node)) return opaque;
  const entries = node.items.flatMap(({ key, value }): Entry[] => {
    if (!isScalar(key) || typeof key.value !== 'string') return [];
    return [{ key: key.value, at: key.range?.[0] ?? 0, value: expressionOf(value, readText) }];
  });
  return { kind: 'object', entries, at: node.range?.[0] ?? 0 };
}

function scalarOf(value: unknown, readText: ReadText): Expression {
  if (typeof value === 'string') return readText(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null)
    return { kind: 'literal', value };
  return opaque;
}
