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
} from './cursor.ts';
import { type Entry, type Expression, textOf } from './expression.ts';
import { parseFor, parseCondition } from './parse-for.ts';
import { parseString } from './parse-string.ts';

type Parse = (cursor: Cursor) => Expression;

/** Parses `{ key: value }` of Bicep, `{ key = value }` of Terraform, or `{ for … }`, after the opening brace. */
export function parseObject(cursor: Cursor, parse: Parse): Expression {
  skipNewlines(cursor);
  if (sees(cursor, 'for') && peek(cursor, 1).kind === 'word') {
    take(cursor);
    return parseFor(cursor, parse, '}');
  }
  const entries: Entry[] = [];
  for (;;) {
    skipNewlines(cursor);
    if (accept(cursor, '}')) return { kind: 'object', entries };
    if (isChildResource(cursor)) skipChildResource(cursor, parse);
    else entries.push(parseEntry(cursor, parse));
    const before = cursor.index;
    skipNewlines(cursor);
    const separated = accept(cursor, ',') || cursor.index > before;
    if (!separated && !sees(cursor, '}')) throw failure(cursor, 'expected , or }');
  }
}

function parseEntry(cursor: Cursor, parse: Parse): Entry {
  const { at } = peek(cursor);
  if (accept(cursor, '...')) return { at, value: parse(cursor) };
  const key = parseKey(cursor, parse);
  skipNewlines(cursor);
  if (!accept(cursor, ':')) expect(cursor, '=');
  skipNewlines(cursor);
  const value = parse(cursor);
  return key === undefined ? { at, value: { kind: 'opaque', parts: [value] } } : { key, at, value };
}

/** The text of a key; `undefined` for one that is computed. */
function parseKey(cursor: Cursor, parse: Parse): string | undefined {
  const { kind, text } = peek(cursor);
  if (kind === 'open') return textOf(parseString(cursor, parse));
  if (kind === 'word' || kind === 'number') {
    take(cursor);
    if (sees(cursor, ':') || sees(cursor, '=')) return text;
    cursor.index -= 1;
  }
  if (kind === 'word') return pathText(parse(cursor));
  if (accept(cursor, '(')) {
    parse(cursor);
    accept(cursor, ')');
    return undefined;
  }
  throw failure(cursor, 'expected a key');
}

/** `azurerm.hub`, as Terraform's `providers` has it; nowhere else may a key be written so. */
function pathText(key: Expression): string | undefined {
  if (key.kind === 'reference') return key.name;
  const [root, name] = key.kind === 'member' ? [pathText(key.of), textOf(key.key)] : [];
  return root === undefined || name === undefined ? undefined : `${root}.${name}`;
}

/** Bicep nests resources in resources: a child of a vault is no vault. */
function isChildResource(cursor: Cursor): boolean {
  return sees(cursor, '@') || (sees(cursor, 'resource') && peek(cursor, 1).kind === 'word');
}

function skipChildResource(cursor: Cursor, parse: Parse): void {
  while (accept(cursor, '@')) {
    parse(cursor);
    skipNewlines(cursor);
  }
  if (!accept(cursor, 'resource')) return void parseEntry(cursor, parse);
  expectWord(cursor);
  parseString(cursor, parse);
  accept(cursor, 'existing');
  expect(cursor, '=');
  skipNewlines(cursor);
  parseCondition(cursor, parse);
  parse(cursor);
}
