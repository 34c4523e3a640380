import type { Loop } from '../syntax/expression.ts';
import { attributeOf, type Body } from './block.ts';

/** The loop of a block: `for_each`, which gives `each.key` and `each.value`, or `count` with its index. */
export function loopOf(body: Body): Loop | undefined {
  const over = attributeOf(body, 'for_each');
  if (over !== undefined) return { over, keyName: 'each.key', valueName: 'each.value', keyedByItem: true };
  const count = attributeOf(body, 'count');
  return count === undefined ? undefined : { over: count, valueName: 'count.index', keyedByItem: false };
}
