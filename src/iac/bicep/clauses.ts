import {
  accept,
  type Cursor,
  expect,
  expectWord,
  failure,
  peek,
  sees,
  skipNewlines,
  take,
} from '../languages/cursor.ts';
import { type Expression, textOf } from '../languages/expression.ts';
import { parseExpression } from '../languages/parse-expression.ts';
import { parseString } from '../languages/parse-literal.ts';
import type { WrittenFunction } from '../programs/template.ts';

/** The values that a type such as `'dev' | 'prod'` admits; each may be on a line of its own. */
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
    if (kind === 'punctuator' && /^[{[(]/.test(text)) depth += 1;
    if (kind === 'punctuator' && /^[}\])]$/.test(text)) depth -= 1;
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

/** A name; one that ARM JSON exports may have to be quoted. */
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

/** The decorators before a statement: they may be at the end of the statement before. */
export interface Decorators {
  allowed?: Expression;
  onlyIfNotExists?: true;
}

/** Parses a decorator, and keeps it where it says something of the statement. Throws `SyntaxFailure`. */
export function parseDecorator(cursor: Cursor, decorators: Decorators): void {
  expect(cursor, '@');
  const decorator = parseExpression(cursor);
  if (decorator.kind !== 'call') return;
  const name = decorator.name.replace(/^sys\./, '');
  const [values] = name === 'allowed' ? decorator.arguments : [];
  if (values !== undefined) decorators.allowed = values;
  if (name === 'onlyIfNotExists') decorators.onlyIfNotExists = true;
}
