import { accept, type Cursor, expect, failure, sees, skipNewlines, take, expectWord } from './cursor.ts';
import { type Expression, textOf, type ForExpression } from './expression.ts';
import { optional } from '../optional.ts';

type Parse = (cursor: Cursor) => Expression;

/** Parses `a, b)` after an opening parenthesis. A lambda is an opaque argument. Throws `SyntaxFailure`. */
export function parseArguments(cursor: Cursor, parse: Parse): readonly Expression[] {
  const values: Expression[] = [];
  for (;;) {
    skipNewlines(cursor);
    if (accept(cursor, ')')) return values;
    const value = parse(cursor);
    const lambda = accept(cursor, '=>');
    if (lambda) skipNewlines(cursor);
    const argument: Expression = lambda ? { kind: 'opaque', parts: [parse(cursor)] } : value;
    skipNewlines(cursor);
    values.push(accept(cursor, '...') ? { kind: 'expansion', of: argument } : argument);
    skipNewlines(cursor);
    if (!accept(cursor, ',') && !sees(cursor, ')')) throw failure(cursor, 'expected , or )');
  }
}

/** Parses what may follow a value: an index, a member, a call of a member, Bicep's `!`; `undefined` where nothing does. */
export function parsePostfix(cursor: Cursor, of: Expression, parse: Parse): Expression | undefined {
  if (accept(cursor, '[') || accept(cursor, '[?')) return parseIndex(cursor, of, parse);
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
  return { kind: 'call', name, arguments: parseArguments(cursor, parse) };
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

function parseIndex(cursor: Cursor, of: Expression, parse: Parse): Expression {
  skipNewlines(cursor);
  if (accept(cursor, '*')) {
    expect(cursor, ']');
    return { kind: 'opaque', parts: [of] };
  }
  const key = parse(cursor);
  skipNewlines(cursor);
  expect(cursor, ']');
  return { kind: 'member', of, key };
}
/** The parameter or variable that `parameters('name')` of ARM names; any other call as it is. Its names are compared in any letter case. */
export function asReference(cursor: Cursor, call: Extract<Expression, { kind: 'call' }>): Expression {
  const kind = cursor.dialect.namedBy?.[call.name.toLowerCase()];
  const name = textOf(call.arguments[0]);
  return kind === undefined || name === undefined ? call : { kind, name: name.toLowerCase() };
}

/**
 * Parses `for` after its word, up to and with the closing bracket. Bicep writes `for (item, index) in list:`,
 * Terraform `for key, value in map :`; one name alone is the item in both.
 */
export function parseFor(
  cursor: Cursor,
  parse: (cursor: Cursor) => Expression,
  closing: ']' | '}',
): ForExpression {
  skipNewlines(cursor);
  const names = parseNames(cursor);
  skipNewlines(cursor);
  expect(cursor, 'in');
  skipNewlines(cursor);
  const over = parse(cursor);
  skipNewlines(cursor);
  expect(cursor, ':');
  skipNewlines(cursor);
  const before = parseCondition(cursor, parse);
  const first = parse(cursor);
  skipNewlines(cursor);
  const { value, condition = before } = parseRest(cursor, parse, closing);
  const filter = optional('condition', condition);
  if (value === undefined) return { kind: 'for', ...names, over, value: first, ...filter };
  return { kind: 'for', ...names, over, key: first, value, ...filter };
}

function parseNames(cursor: Cursor): { readonly valueName: string; readonly keyName?: string } {
  const inParentheses = accept(cursor, '(');
  const first = expectWord(cursor);
  if (!accept(cursor, ',')) {
    if (inParentheses) expect(cursor, ')');
    return { valueName: first };
  }
  const second = expectWord(cursor);
  if (!inParentheses) return { keyName: first, valueName: second };
  expect(cursor, ')');
  return { keyName: second, valueName: first };
}

/** Bicep's `if (…)` before a value; `undefined` where there is none. */
export function parseCondition(
  cursor: Cursor,
  parse: (cursor: Cursor) => Expression,
): Expression | undefined {
  if (!sees(cursor, 'if') || !sees(cursor, '(', 1)) return undefined;
  cursor.index += 2;
  skipNewlines(cursor);
  const condition = parse(cursor);
  skipNewlines(cursor);
  expect(cursor, ')');
  skipNewlines(cursor);
  return condition;
}

/** Parses the value after `=>`, Terraform's grouping dots and its condition. */
function parseRest(
  cursor: Cursor,
  parse: (cursor: Cursor) => Expression,
  closing: ']' | '}',
): { readonly value?: Expression; readonly condition?: Expression } {
  let value: Expression | undefined;
  if (accept(cursor, '=>')) {
    skipNewlines(cursor);
    value = parse(cursor);
    skipNewlines(cursor);
  }
  accept(cursor, '...');
  skipNewlines(cursor);
  const condition = accept(cursor, 'if') ? parse(cursor) : undefined;
  skipNewlines(cursor);
  expect(cursor, closing);
  return { ...optional('value', value), ...optional('condition', condition) };
}
