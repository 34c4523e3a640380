import { accept, type Cursor, expect, expectWord, peek, sees, skipNewlines, take } from '../syntax/cursor.ts';
import type { Expression } from '../syntax/expression.ts';
import { parseExpression } from '../syntax/parse-expression.ts';
import { parseString } from '../syntax/parse-string.ts';
import type { WrittenFunction } from '../template.ts';

/** The values that a type such as `'dev' | 'prod'` admits; each may stand on a line of its own. */
export function parseLiteralTypes(cursor: Cursor): Expression | undefined {
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

/** Steps over a type, up to `=` or to the end of a line outside its brackets that no `|` carries on. */
export function skipType(cursor: Cursor): void {
  skipUntil(cursor, () => sees(cursor, '=') || (peek(cursor).kind === 'newline' && !sees(cursor, '|', 1)));
}

/** Steps over tokens until `ends` holds outside all brackets, or a bracket closes that was not opened here. */
function skipUntil(cursor: Cursor, ends: () => boolean): void {
  let depth = 0;
  for (;;) {
    const { kind, text } = peek(cursor);
    if (kind === 'end' || (depth === 0 && ends())) return;
    if (kind === 'mark' && /^[{[(]/.test(text)) depth += 1;
    if (kind === 'mark' && /^[}\])]$/.test(text)) depth -= 1;
    if (depth < 0) return;
    take(cursor);
  }
}

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
