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
import { type Entry, type Expression, opaque, textOf } from './expression.ts';

/** Parses a string, with the cursor on its opening: a literal, a template where it holds code, or in HCL a value. */
export function parseString(cursor: Cursor, parse: (cursor: Cursor) => Expression): Expression {
  take(cursor);
  const parts: Expression[] = [];
  const { unwrapsLoneCode } = cursor.dialect;
  for (;;) {
    const { kind, text } = peek(cursor);
    if (kind === 'text') {
      take(cursor);
      parts.push({ kind: 'literal', value: text });
    } else if (kind === 'code') parts.push(parseCode(cursor, parse));
    else if (kind === 'close') {
      take(cursor);
      const [only] = parts;
      return unwrapsLoneCode && parts.length === 1 && only !== undefined ? only : joined(parts);
    } else throw failure(cursor, 'expected the end of the string');
  }
}

function parseCode(cursor: Cursor, parse: (cursor: Cursor) => Expression): Expression {
  if (take(cursor).text.startsWith('%')) return skipDirective(cursor);
  skipNewlines(cursor);
  const value = parse(cursor);
  skipNewlines(cursor);
  accept(cursor, '~');
  if (peek(cursor).kind !== 'endCode') throw failure(cursor, 'expected }');
  take(cursor);
  return value;
}

/** `%{ if … }`: the text inside it is kept, and the directive itself is any other text. */
function skipDirective(cursor: Cursor): Expression {
  while (peek(cursor).kind !== 'endCode') {
    if (peek(cursor).kind === 'end') throw failure(cursor, 'expected }');
    take(cursor);
  }
  take(cursor);
  return opaque;
}

function joined(parts: readonly Expression[]): Expression {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'literal' && typeof only.value === 'string') return only;
  const texts = parts.flatMap((part) =>
    part.kind === 'literal' && typeof part.value === 'string' ? [part.value] : [],
  );
  return texts.length === parts.length
    ? { kind: 'literal', value: texts.join('') }
    : { kind: 'template', parts };
}

type Parse = (cursor: Cursor) => Expression;

/** Parses `[a, b]`, also with one item a line as in Bicep, after its opening bracket. */
export function parseArray(cursor: Cursor, parse: Parse): Expression {
  const items: Expression[] = [];
  for (;;) {
    skipNewlines(cursor);
    if (accept(cursor, ']')) return { kind: 'array', items };
    const spread = accept(cursor, '...');
    const item = parse(cursor);
    items.push(spread ? { kind: 'expansion', of: item } : item);
    const before = cursor.index;
    skipNewlines(cursor);
    const separated = accept(cursor, ',') || cursor.index > before;
    if (!separated && !sees(cursor, ']')) throw failure(cursor, 'expected , or ]');
  }
}

/** Parses `{ key: value }` of Bicep or `{ key = value }` of Terraform, after the opening brace. */
export function parseObject(cursor: Cursor, parse: Parse): Expression {
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
  if (kind === 'open') return textOf(parse(cursor));
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

/** Bicep nests resources in resources: a child of a vault is not a vault. */
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
  parse(cursor);
  accept(cursor, 'existing');
  expect(cursor, '=');
  skipNewlines(cursor);
  if (accept(cursor, 'if')) {
    parse(cursor);
    skipNewlines(cursor);
  }
  parse(cursor);
}
