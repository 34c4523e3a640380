import { accept, type Cursor, failure, sees, skipNewlines } from './cursor.ts';
import type { Expression } from './expression.ts';
import { parseFor } from './parse-for.ts';

/** Parses `[a, b]`, one item a line as in Bicep, or `[for …]`, after its opening bracket. */
export function parseArray(cursor: Cursor, parse: (cursor: Cursor) => Expression): Expression {
  skipNewlines(cursor);
  if (accept(cursor, 'for')) return parseFor(cursor, parse, ']');
  const items: Expression[] = [];
  for (;;) {
    skipNewlines(cursor);
    if (accept(cursor, ']')) return { kind: 'array', items };
    const spread = accept(cursor, '...');
    const item = parse(cursor);
    items.push(spread ? { kind: 'opaque', parts: [item] } : item);
    const before = cursor.index;
    skipNewlines(cursor);
    const separated = accept(cursor, ',') || cursor.index > before;
    if (!separated && !sees(cursor, ']')) throw failure(cursor, 'expected , or ]');
  }
}
