import { analyze } from './language.ts';
import type { Syntax, TableSchema } from './syntax.ts';

/**
 * The words of KQL that a query uses: functions and aggregates as `name()`, operators as they are written, and shapes:
 * `summarize … union` for an operator that follows one that makes new rows.
 */
export function vocabularyOf(query: string, tables: readonly TableSchema[]): ReadonlySet<string> {
  const words = new Set<string>();
  visit(analyze(query, tables).tree, words);
  return words;
}

function visit(node: Syntax, words: Set<string>): void {
  for (const word of wordsOf(node)) words.add(word);
  for (const child of node.children) visit(child, words);
}

function wordsOf(node: Syntax): readonly string[] {
  const { kind } = node;
  if (kind === 'FunctionCallExpression') return [`${nameOf(node)}()`];
  if (kind === 'PipeExpression') return pipeWords(node);
  if (kind === 'ElementExpression') return ['[ ]'];
  if (kind === 'PathExpression') return ['.'];
  if (kind === 'DateTimeLiteralExpression') return ['datetime()'];
  if (kind === 'UnaryMinusExpression') return ['-'];
  return binaryWord(node);
}

function nameOf(node: Syntax): string {
  return node.text.slice(0, node.text.indexOf('(')).trim();
}

/** The operators of a pipe, and each with those before it that make new rows. */
function pipeWords(node: Syntax): readonly string[] {
  const operator = node.children.find(({ role }) => role === 'Operator');
  if (operator === undefined) return [];
  const word = operatorWord(operator);
  const before = earlier(node).filter((one) => one === 'summarize' || one === 'union');
  return [`| ${word}`, ...before.map((one) => `${one} … ${word}`)];
}

function earlier(node: Syntax): readonly string[] {
  const left = node.children.find(({ role }) => role === 'Expression');
  if (left?.kind !== 'PipeExpression') return [];
  const operator = left.children.find(({ role }) => role === 'Operator');
  return [...earlier(left), ...(operator === undefined ? [] : [operatorWord(operator)])];
}

function operatorWord(operator: Syntax): string {
  const [first = ''] = /^[\w-]+/.exec(operator.text) ?? [];
  return first === 'sort' ? 'order' : first;
}

/** The sign of a comparison, a sum or a logical expression, which stands between its sides. */
function binaryWord(node: Syntax): readonly string[] {
  const sides = ['Left', 'Right'].map((role) => node.children.find((child) => child.role === role));
  const operator = node.children.find(({ role }) => role === 'Operator');
  return operator === undefined || sides[0] === undefined ? [] : [operator.text.replaceAll(/\s+/g, ' ')];
}
