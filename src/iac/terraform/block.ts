import {
  accept,
  type Cursor,
  expect,
  expectEnd,
  failure,
  nested,
  peek,
  skipNewlines,
  take,
} from '../languages/cursor.ts';
import { type Entry, type Expression, type Loop, textOf } from '../languages/expression.ts';
import { parseExpression } from '../languages/parse-expression.ts';
import { parseString } from '../languages/parse-literal.ts';

/** A block of HCL: `type "label" "label" { attributes and blocks }`. */
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** Offset of the type. */
  readonly at: number;
  readonly attributes: readonly Entry[];
  readonly blocks: readonly HclBlock[];
}

/** The content of a file, or between the braces of a block. */
export type HclBody = Pick<HclBlock, 'attributes' | 'blocks'>;

/** Words that begin a block of Terraform at the margin; a file is cut at them. */
export const terraformKeywords: ReadonlySet<string> = new Set([
  'resource',
  'module',
  'variable',
  'locals',
  'data',
  'output',
  'provider',
  'terraform',
  'import',
  'moved',
  'removed',
  'check',
  'ephemeral',
]);

/** Parses attributes and blocks to the limit of the cursor. Throws `SyntaxFailure`. */
export function parseFile(cursor: Cursor): HclBody {
  const body = parseBody(cursor);
  expectEnd(cursor);
  return body;
}

/** The value of an attribute. */
export function attributeOf(body: HclBody | undefined, name: string): Expression | undefined {
  return body?.attributes.find(({ key }) => key === name)?.value;
}

function parseBody(cursor: Cursor): HclBody {
  const attributes: Entry[] = [];
  const blocks: HclBlock[] = [];
  for (;;) {
    skipNewlines(cursor);
    const { kind, text, at } = peek(cursor);
    if (kind === 'end' || text === '}') return { attributes, blocks };
    if (kind !== 'word' && kind !== 'open') throw failure(cursor, 'expected an attribute or a block');
    const key = kind === 'open' ? (textOf(parseString(cursor, parseExpression)) ?? '') : take(cursor).text;
    if (accept(cursor, '=')) {
      skipNewlines(cursor);
      attributes.push({ key, at, value: parseExpression(cursor) });
    } else blocks.push(nested(cursor, () => parseBlock(cursor, key, at)));
    accept(cursor, ',');
  }
}

function parseBlock(cursor: Cursor, type: string, at: number): HclBlock {
  const labels: string[] = [];
  for (let next = peek(cursor); next.kind === 'open' || next.kind === 'word'; next = peek(cursor)) {
    if (next.kind === 'word') labels.push(take(cursor).text);
    else labels.push(textOf(parseString(cursor, parseExpression)) ?? '');
  }
  expect(cursor, '{');
  const body = parseBody(cursor);
  expect(cursor, '}');
  return { type, labels, at, ...body };
}

/** The loop of a block: `for_each`, which gives `each.key` and `each.value`, or `count` with its index. */
export function loopOf(body: HclBody): Loop | undefined {
  const over = attributeOf(body, 'for_each');
  if (over !== undefined) return { over, keyName: 'each.key', valueName: 'each.value', keyedByItem: true };
  const count = attributeOf(body, 'count');
  return count === undefined ? undefined : { over: count, valueName: 'count.index', keyedByItem: false };
}
