import {
  accept,
  type Cursor,
  expect,
  expectWord,
  failure,
  peek,
  skipNewlines,
  SyntaxFailure,
  take,
} from '../languages/cursor.ts';
import type { Expression } from '../languages/expression.ts';
import { parseExpression } from '../languages/parse-expression.ts';
import { parseCondition, parseFor } from '../languages/parse-brackets.ts';
import { parseString } from '../languages/parse-literal.ts';
import { optional } from '../optional.ts';
import type { WrittenFunction } from '../programs/template.ts';
import {
  parseDecorator,
  parseFunction,
  parseImport,
  parseLiteralTypes,
  skipType,
  type Decorators,
  type ImportedNames,
} from './clauses.ts';

/** The statements of Bicep that a name can depend on. `at` is the offset of the keyword. */
export type Statement =
  | {
      readonly kind: 'param';
      readonly at: number;
      readonly name: string;
      readonly value?: Expression;
      readonly allowed?: Expression;
      readonly isNullable?: boolean;
    }
  | {
      readonly kind: 'var' | 'output';
      readonly at: number;
      readonly name: string;
      readonly value: Expression;
    }
  | ({ readonly kind: 'resource' | 'module'; readonly at: number } & Declaration)
  | { readonly kind: 'using' | 'extends'; readonly at: number; readonly target: Expression }
  | ({ readonly kind: 'import'; readonly at: number } & ImportedNames)
  | ({ readonly kind: 'func'; readonly at: number; readonly name: string } & WrittenFunction);

/** Statements that no name depends on. */
const skippedStatements: ReadonlySet<string> = new Set(
  'assert extension metadata provider targetScope test type'.split(' '),
);

/** Punctuators and words that begin a statement; a file is cut at them. */
export const bicepKeywords: ReadonlySet<string> = new Set(
  '@ param var resource module using extends import func output'.split(' ').concat(...skippedStatements),
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
      delete decorators.onlyIfNotExists;
      if (statement === undefined) return;
      yield statement;
    }
  }
}

interface StatementHead {
  readonly keyword: string;
  readonly at: number;
  readonly decorators: Decorators;
}

function parseStatement(cursor: Cursor, { keyword, at, decorators }: StatementHead): Statement | undefined {
  switch (keyword) {
    case 'param':
      return { kind: keyword, at, ...parseParameter(cursor, decorators) };
    case 'var':
    case 'output':
      return { kind: keyword, at, ...parseNamedValue(cursor) };
    case 'resource':
    case 'module':
      return { kind: keyword, at, ...parseDeclaration(cursor, decorators) };
    case 'using':
    case 'extends':
      return { kind: keyword, at, target: parseExpression(cursor) };
    case 'func':
      return { kind: keyword, at, ...parseFunction(cursor) };
    case 'import': {
      const imported = parseImport(cursor);
      return imported === undefined ? undefined : { kind: keyword, at, ...imported };
    }
    default:
      if (skippedStatements.has(keyword)) return undefined;
      throw new SyntaxFailure('this begins no statement', at);
  }
}

function parseNamedValue(cursor: Cursor): { readonly name: string; readonly value: Expression } {
  const name = expectWord(cursor);
  skipType(cursor);
  expect(cursor, '=');
  skipNewlines(cursor);
  return { name, value: parseExpression(cursor) };
}

interface Declaration {
  readonly name: string;
  /** The resource type with its version, or the path of the module. */
  readonly target: Expression;
  readonly existing: boolean;
  /** True where one that is there already keeps what it has. */
  readonly onlyIfNotExists?: true;
  /** The condition before a body; that of a loop is in the loop. */
  readonly condition?: Expression;
  readonly body: Expression;
}

function parseDeclaration(cursor: Cursor, { onlyIfNotExists }: Decorators): Declaration {
  const name = expectWord(cursor);
  if (peek(cursor).kind !== 'open') throw failure(cursor, 'expected a string');
  const target = parseString(cursor, parseExpression);
  const existing = accept(cursor, 'existing');
  expect(cursor, '=');
  skipNewlines(cursor);
  const condition = parseCondition(cursor, parseExpression);
  return {
    name,
    target,
    existing,
    body: parseBody(cursor),
    ...optional('condition', condition),
    ...optional('onlyIfNotExists', onlyIfNotExists),
  };
}

/** `{ … }` or `[for …: { … }]`. */
function parseBody(cursor: Cursor): Expression {
  if (!accept(cursor, '[')) return parseExpression(cursor);
  skipNewlines(cursor);
  expect(cursor, 'for');
  return parseFor(cursor, parseExpression, ']');
}

function parseParameter(
  cursor: Cursor,
  { allowed }: Decorators,
): Pick<Extract<Statement, { kind: 'param' }>, 'name' | 'value' | 'allowed' | 'isNullable'> {
  const name = expectWord(cursor);
  const admitted = allowed ?? parseLiteralTypes(cursor);
  skipType(cursor);
  const isNullable = cursor.tokens[cursor.index - 1]?.text === '?';
  const value = accept(cursor, '=') ? (skipNewlines(cursor), parseExpression(cursor)) : undefined;
  return {
    name,
    isNullable,
    ...(value === undefined ? {} : { value }),
    ...(admitted === undefined ? {} : { allowed: admitted }),
  };
}
