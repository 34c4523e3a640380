import { accept, type Cursor, expect, failure, nested, peek, sees, skipNewlines, take } from './cursor.ts';
import { type Expression, opaque, textOf } from './expression.ts';
import { parseArray } from './parse-array.ts';
import { parseObject } from './parse-object.ts';
import { parseString } from './parse-string.ts';

/**
 * Parses an expression of Bicep, Terraform or ARM. What cannot name anything (arithmetic, comparisons, lambdas) is
 * kept as opaque. Throws `SyntaxFailure`.
 */
export function parseExpression(cursor: Cursor): Expression {
  return nested(cursor, () => {
    const value = parseOperation(cursor);
    if (!acceptAcrossLines(cursor, '?')) return value;
    skipNewlines(cursor);
    const yes = parseExpression(cursor);
    skipNewlines(cursor);
    expect(cursor, ':');
    skipNewlines(cursor);
    return { kind: 'choice', condition: value, options: [yes, parseExpression(cursor)] };
  });
}

const operators = new Set([
  '??',
  '&&',
  '||',
  '==',
  '!=',
  '=~',
  '!~',
  '<=',
  '>=',
  '<',
  '>',
  '+',
  '*',
  '/',
  '%',
]);

function parseOperation(cursor: Cursor): Expression {
  const operands = [parseOperand(cursor)];
  let coalesces = true;
  for (;;) {
    const operator = nextOperator(cursor);
    if (operator === undefined) break;
    coalesces &&= operator === '??';
    skipNewlines(cursor);
    operands.push(parseOperand(cursor));
  }
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  return coalesces ? { kind: 'choice', options: operands } : { kind: 'opaque', parts: operands };
}

/** A binary operator may begin the next line; a minus may not, since there it begins a value of its own. */
function nextOperator(cursor: Cursor): string | undefined {
  if (accept(cursor, '-')) return '-';
  const ahead = newlinesAhead(cursor);
  const { kind, text } = peek(cursor, ahead);
  if (kind !== 'mark' || !operators.has(text)) return undefined;
  cursor.index += ahead + 1;
  return text;
}

function acceptAcrossLines(cursor: Cursor, text: string): boolean {
  const ahead = newlinesAhead(cursor);
  if (!sees(cursor, text, ahead)) return false;
  cursor.index += ahead + 1;
  return true;
}

function newlinesAhead(cursor: Cursor): number {
  let ahead = 0;
  while (peek(cursor, ahead).kind === 'newline') ahead += 1;
  return ahead;
}

function parseOperand(cursor: Cursor): Expression {
  const signs: string[] = [];
  while (sees(cursor, '!') || sees(cursor, '-')) signs.push(take(cursor).text);
  let value = parsePrimary(cursor);
  for (;;) {
    const longer = parsePostfix(cursor, value);
    if (longer === undefined) return signs.reduceRight(signed, value);
    value = longer;
  }
}

/** `-1` and `!true` are literals; what other signs come to is not worked out. */
function signed(value: Expression, sign: string): Expression {
  const literal = value.kind === 'literal' ? value.value : undefined;
  if (sign === '-' && typeof literal === 'number') return { kind: 'literal', value: -literal };
  if (sign === '!' && typeof literal === 'boolean') return { kind: 'literal', value: !literal };
  return { kind: 'opaque', parts: [value] };
}

function parsePrimary(cursor: Cursor): Expression {
  const { kind, text } = peek(cursor);
  if (kind === 'open') return parseString(cursor, parseExpression);
  if (kind === 'number' || kind === 'heredoc') {
    take(cursor);
    return kind === 'number' ? { kind: 'literal', value: Number(text) } : opaque;
  }
  if (kind === 'word') return parseWord(cursor);
  if (accept(cursor, '(')) return parseParenthesis(cursor);
  if (accept(cursor, '[')) return parseArray(cursor, parseExpression);
  if (accept(cursor, '{')) return parseObject(cursor, parseExpression);
  throw failure(cursor, 'expected a value');
}

const constants = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function parseWord(cursor: Cursor): Expression {
  const name = take(cursor).text;
  const constant = constants.get(name);
  if (constant !== undefined) return { kind: 'literal', value: constant };
  if (accept(cursor, '(')) return named(cursor, { kind: 'call', name, arguments: parseArguments(cursor) });
  if (name === cursor.dialect.parameterRoot && sees(cursor, '.') && peek(cursor, 1).kind === 'word') {
    cursor.index += 1;
    return { kind: 'parameter', name: take(cursor).text.toLowerCase() };
  }
  return { kind: 'reference', name };
}

/** `parameters('name')` of ARM is the parameter itself. Its names are compared in any letter case. */
function named(cursor: Cursor, call: Extract<Expression, { kind: 'call' }>): Expression {
  const kind = cursor.dialect.namedBy?.[call.name.toLowerCase()];
  const name = textOf(call.arguments[0]);
  return kind === undefined || name === undefined ? call : { kind, name: name.toLowerCase() };
}

/** `(value)`, or the names of a lambda. */
function parseParenthesis(cursor: Cursor): Expression {
  const parts = parseArguments(cursor);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'opaque', parts };
}

function parseArguments(cursor: Cursor): readonly Expression[] {
  const values: Expression[] = [];
  for (;;) {
    skipNewlines(cursor);
    if (accept(cursor, ')')) return values;
    const value = parseExpression(cursor);
    const lambda = accept(cursor, '=>');
    if (lambda) skipNewlines(cursor);
    const argument: Expression = lambda ? { kind: 'opaque', parts: [parseExpression(cursor)] } : value;
    skipNewlines(cursor);
    values.push(accept(cursor, '...') ? { kind: 'expansion', of: argument } : argument);
    skipNewlines(cursor);
    if (!accept(cursor, ',') && !sees(cursor, ')')) throw failure(cursor, 'expected , or )');
  }
}

function parsePostfix(cursor: Cursor, of: Expression): Expression | undefined {
  if (accept(cursor, '[') || accept(cursor, '[?')) return parseIndex(cursor, of);
  if (sees(cursor, '!') && of.kind !== 'literal') {
    cursor.index += 1;
    return of;
  }
  if (!accept(cursor, '.') && !accept(cursor, '.?') && !accept(cursor, '::')) return undefined;
  const { kind, text } = take(cursor);
  if (text === '*') return { kind: 'opaque', parts: [of] };
  if (kind === 'number') return text.split('.').reduce<Expression>(indexed, of);
  if (kind !== 'word') throw failure({ ...cursor, index: cursor.index - 1 }, 'expected a name');
  if (!accept(cursor, '(')) return { kind: 'member', of, key: { kind: 'literal', value: text } };
  const name = qualifiedName(of, text, cursor.dialect.namespaces);
  return { kind: 'call', name, arguments: parseArguments(cursor) };
}

/** `list.0.1` of old Terraform: the lexer reads its indexes as one number. */
function indexed(of: Expression, digits: string): Expression {
  return { kind: 'member', of, key: { kind: 'literal', value: Number(digits) } };
}

/** `shared.name` of `shared.name()`, which no function of the language itself is called. */
function qualifiedName(of: Expression, name: string, namespaces: ReadonlySet<string>): string {
  if (of.kind === 'reference') return namespaces.has(of.name) ? name : `${of.name}.${name}`;
  if (of.kind !== 'member' || of.key.kind !== 'literal') return `.${name}`;
  return `${qualifiedName(of.of, String(of.key.value), new Set())}.${name}`;
}

function parseIndex(cursor: Cursor, of: Expression): Expression {
  skipNewlines(cursor);
  if (accept(cursor, '*')) {
    expect(cursor, ']');
    return { kind: 'opaque', parts: [of] };
  }
  const key = parseExpression(cursor);
  skipNewlines(cursor);
  expect(cursor, ']');
  return { kind: 'member', of, key };
}
