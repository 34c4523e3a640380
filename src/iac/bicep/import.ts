import {
  accept,
  type Cursor,
  expect,
  expectWord,
  failure,
  peek,
  skipNewlines,
  take,
} from '../syntax/cursor.ts';
import { type Expression, textOf } from '../syntax/expression.ts';
import { parseExpression } from '../syntax/parse-expression.ts';
import { parseString } from '../syntax/parse-string.ts';

/** The names that an `import` takes from another file: by the name there, or all of them, under the name here. */
export interface ImportedNames {
  readonly names: ReadonlyMap<string, string | undefined>;
  readonly target: Expression;
}

/**
 * Parses `{ team, env as stage } from 'shared.bicep'` or `* as shared from 'shared.bicep'`, after the word `import`;
 * `undefined` for the import of an extension. Throws `SyntaxFailure`.
 */
export function parseImport(cursor: Cursor): ImportedNames | undefined {
  if (accept(cursor, '*')) {
    expect(cursor, 'as');
    const name = expectWord(cursor);
    return { names: new Map([[name, undefined]]), target: parseTarget(cursor) };
  }
  if (!accept(cursor, '{')) return undefined;
  const names = new Map<string, string | undefined>();
  for (skipNewlines(cursor); !accept(cursor, '}'); skipNewlines(cursor)) {
    const name = parseName(cursor);
    names.set(accept(cursor, 'as') ? expectWord(cursor) : name, name);
    accept(cursor, ',');
  }
  return { names, target: parseTarget(cursor) };
}

/** What is exported by ARM JSON may have a name that has to be quoted. */
function parseName(cursor: Cursor): string {
  const { kind } = peek(cursor);
  if (kind === 'word') return take(cursor).text;
  const quoted = kind === 'open' ? textOf(parseString(cursor, parseExpression)) : undefined;
  if (quoted === undefined) throw failure(cursor, 'expected a name');
  return quoted;
}

function parseTarget(cursor: Cursor): Expression {
  skipNewlines(cursor);
  expect(cursor, 'from');
  skipNewlines(cursor);
  if (peek(cursor).kind !== 'open') throw failure(cursor, 'expected a string');
  return parseString(cursor, parseExpression);
}
