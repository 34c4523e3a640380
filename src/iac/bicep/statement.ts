import {
  accept,
  type Cursor,
  expect,
  expectWord,
  failure,
  peek,
  sees,
  skipNewlines,
  SyntaxFailure,
  take,
} from '../syntax/cursor.ts';
import type { Expression } from '../syntax/expression.ts';
import { parseExpression } from '../syntax/parse-expression.ts';
import { parseFor, skipCondition } from '../syntax/parse-for.ts';
import { parseString } from '../syntax/parse-string.ts';

/** The statements of Bicep that a name can depend on. `at` is the offset of the keyword. */
export type Statement =
  | {
      readonly kind: 'param';
      readonly at: number;
      readonly name: string;
      readonly value?: Expression;
      readonly allowed?: Expression;
    }
  | { readonly kind: 'var'; readonly at: number; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'resource' | 'module';
      readonly at: number;
      readonly name: string;
      /** The resource type with its version, or the path of the module. */
      readonly target: Expression;
      readonly existing: boolean;
      readonly body: Expression;
    }
  | { readonly kind: 'using'; readonly at: number; readonly target: Expression };

/** Statements that no name depends on. */
const passedOver: ReadonlySet<string> = new Set(
  'assert extends extension func import metadata output provider targetScope test type'.split(' '),
);

/** Marks and words that begin a statement; a file is cut at them. */
export const keywords: ReadonlySet<string> = new Set(
  ['@', 'param', 'var', 'resource', 'module', 'using'].concat(...passedOver),
);

/** Parses the statements from the cursor to its limit. Throws `SyntaxFailure`; other kinds are skipped. */
export function* parseStatements(cursor: Cursor, decorators: Decorators): Generator<Statement> {
  for (;;) {
    skipNewlines(cursor);
    const { kind, text, at } = peek(cursor);
    if (kind === 'end') return;
    if (text === '@') parseDecorator(cursor, decorators);
    else {
      take(cursor);
      const statement = parseStatement(cursor, { keyword: text, at, decorators });
      delete decorators.allowed;
      if (statement === undefined) return;
      yield statement;
    }
  }
}

/** What stands before a statement: it may be at the end of the statement before. */
export interface Decorators {
  allowed?: Expression;
}

function parseDecorator(cursor: Cursor, decorators: Decorators): void {
  expect(cursor, '@');
  const decorator = parseExpression(cursor);
  const [values] = decorator.kind === 'call' && decorator.name === 'allowed' ? decorator.arguments : [];
  if (values !== undefined) decorators.allowed = values;
}

interface Beginning {
  readonly keyword: string;
  readonly at: number;
  readonly decorators: Decorators;
}

function parseStatement(cursor: Cursor, { keyword, at, decorators }: Beginning): Statement | undefined {
  if (keyword === 'param') return { kind: 'param', at, ...parseParameter(cursor, decorators) };
  if (keyword === 'var') {
    const name = expectWord(cursor);
    skipType(cursor);
    expect(cursor, '=');
    skipNewlines(cursor);
    return { kind: 'var', at, name, value: parseExpression(cursor) };
  }
  if (keyword === 'using') return { kind: 'using', at, target: parseExpression(cursor) };
  if (passedOver.has(keyword)) return undefined;
  if (keyword !== 'resource' && keyword !== 'module') throw new SyntaxFailure('this begins no statement', at);
  const name = expectWord(cursor);
  if (peek(cursor).kind !== 'open') throw failure(cursor, 'expected a string');
  const target = parseString(cursor, parseExpression);
  const existing = accept(cursor, 'existing');
  expect(cursor, '=');
  skipNewlines(cursor);
  return { kind: keyword, at, name, target, existing, body: parseBody(cursor) };
}

/** `{ … }`, `if (…) { … }`, `[for …: { … }]`. */
function parseBody(cursor: Cursor): Expression {
  skipCondition(cursor, parseExpression);
  if (!accept(cursor, '[')) return parseExpression(cursor);
  skipNewlines(cursor);
  expect(cursor, 'for');
  return parseFor(cursor, parseExpression, ']');
}

function parseParameter(
  cursor: Cursor,
  { allowed }: Decorators,
): { readonly name: string; readonly value?: Expression; readonly allowed?: Expression } {
  const name = expectWord(cursor);
  const admitted = allowed ?? parseLiteralTypes(cursor);
  skipType(cursor);
  const value = accept(cursor, '=') ? (skipNewlines(cursor), parseExpression(cursor)) : undefined;
  return {
    name,
    ...(value === undefined ? {} : { value }),
    ...(admitted === undefined ? {} : { allowed: admitted }),
  };
}

/** `'dev' | 'prod'` as a type admits these two; each may stand on a line of its own. */
function parseLiteralTypes(cursor: Cursor): Expression | undefined {
  const items: Expression[] = [];
  acceptBar(cursor);
  while (peek(cursor).kind === 'open') {
    items.push(parseString(cursor, parseExpression));
    if (!acceptBar(cursor)) break;
    skipNewlines(cursor);
  }
  return items.length === 0 ? undefined : { kind: 'array', items };
}

function acceptBar(cursor: Cursor): boolean {
  if (peek(cursor).kind === 'newline' && sees(cursor, '|', 1)) skipNewlines(cursor);
  return accept(cursor, '|');
}

/** A type ends at `=`, or at the end of a line outside its brackets that no `|` carries on. */
function skipType(cursor: Cursor): void {
  let depth = 0;
  for (;;) {
    const { kind, text } = peek(cursor);
    const ends = text === '=' || (kind === 'newline' && !sees(cursor, '|', 1));
    if (kind === 'end' || (depth <= 0 && ends)) return;
    if (kind === 'mark' && /^[{[(]/.test(text)) depth += 1;
    if (kind === 'mark' && /^[}\])]$/.test(text)) depth -= 1;
    take(cursor);
  }
}
