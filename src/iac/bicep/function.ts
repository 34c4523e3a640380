import { accept, type Cursor, expect, expectWord, sees, skipNewlines } from '../syntax/cursor.ts';
import { parseExpression } from '../syntax/parse-expression.ts';
import type { WrittenFunction } from '../template.ts';
import { skipUntil } from './type.ts';

/** Parses `name(team string) string => 'kv-${team}'`, after the word `func`. Throws `SyntaxFailure`. */
export function parseFunction(cursor: Cursor): { readonly name: string } & WrittenFunction {
  const name = expectWord(cursor);
  expect(cursor, '(');
  const parameters: string[] = [];
  for (skipNewlines(cursor); !accept(cursor, ')'); skipNewlines(cursor)) {
    parameters.push(expectWord(cursor));
    skipUntil(cursor, () => sees(cursor, ','));
    if (!accept(cursor, ',') && !sees(cursor, ')')) expect(cursor, ')');
  }
  skipUntil(cursor, () => sees(cursor, '=>'));
  expect(cursor, '=>');
  skipNewlines(cursor);
  return { name, parameters, body: parseExpression(cursor) };
}
