import { accept, type Cursor, expect, failure, nested, peek, sees, skipNewlines, take } from './cursor.ts';
import { combined, type Expression, negation, opaque } from './expression.ts';
import { asReference, parseArguments, parsePostfix, parseFor } from './parse-brackets.ts';
import { parseArray, parseObject, parseString } from './parse-literal.ts';

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
  const used: string[] = [];
  for (let next = nextOperator(cursor); next !== undefined; next = nextOperator(cursor)) {
    used.push(next);
    skipNewlines(cursor);
    operands.push(parseOperand(cursor));
  }
  return combined(operands, used);
}

/** A binary operator may begin the next line; a minus may not, since there it begins a value of its own. */
function nextOperator(cursor: Cursor): string | undefined {
  if (accept(cursor, '-')) return '-';
  const ahead = newlinesAhead(cursor);
  const { kind, text } = peek(cursor, ahead);
  if (kind !== 'punctuator' || !operators.has(text)) return undefined;
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
    const longer = parsePostfix(cursor, value, parseExpression);
    if (longer === undefined) return signs.reduceRight(signed, value);
    value = longer;
  }
}

/** `-1` and `!true` are literals, `!` of anything else is ARM's `not`; what a minus makes of a name is not worked out. */
function signed(value: Expression, sign: string): Expression {
  const literal = value.kind === 'literal' ? value.value : undefined;
  if (sign === '-' && typeof literal === 'number') return { kind: 'literal', value: -literal };
  if (sign === '!' && typeof literal === 'boolean') return { kind: 'literal', value: !literal };
  return sign === '!' ? negation(value) : { kind: 'opaque', parts: [value] };
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
  if (accept(cursor, '[')) return parseList(cursor);
  if (accept(cursor, '{')) return parseBraces(cursor);
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
  // ARM has functions of these names.
  if (constant !== undefined && !sees(cursor, '(')) return { kind: 'literal', value: constant };
  if (accept(cursor, '(')) {
    const called = cursor.dialect.ownFunctions?.[name] ?? name;
    const parts = parseArguments(cursor, parseExpression);
    return asReference(cursor, { kind: 'call', name: called, arguments: parts });
  }
  if (name === cursor.dialect.parameterRoot && sees(cursor, '.') && peek(cursor, 1).kind === 'word') {
    cursor.index += 1;
    return { kind: 'parameter', name: take(cursor).text.toLowerCase() };
  }
  return { kind: 'reference', name };
}

/** `(value)`, or the names of a lambda. */
function parseParenthesis(cursor: Cursor): Expression {
  const parts = parseArguments(cursor, parseExpression);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'opaque', parts };
}

/** `[a, b]` or `[for …]`. */
function parseList(cursor: Cursor): Expression {
  skipNewlines(cursor);
  return accept(cursor, 'for') ? parseFor(cursor, parseExpression, ']') : parseArray(cursor, parseExpression);
}

/** `{ key: value }` or `{ for … }`, in which a property may be called `for`. */
function parseBraces(cursor: Cursor): Expression {
  skipNewlines(cursor);
  if (!sees(cursor, 'for') || peek(cursor, 1).kind !== 'word') return parseObject(cursor, parseExpression);
  take(cursor);
  return parseFor(cursor, parseExpression, '}');
}
