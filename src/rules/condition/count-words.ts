import type { Comparison, Count } from '../../model/condition.ts';
import type { Json } from '../../model/json.ts';
import { operators } from '../operators/index.ts';
import { readTemplate } from './template.ts';

/** A comparison of a count as a sentence; with `where` it ends in a colon, and the condition follows. */
export function countWords(
  { operator, expected }: Comparison,
  { field, where }: Count,
  { holds, said }: { readonly holds: boolean; readonly said: string },
): string {
  const list = `\`${field.endsWith('[*]') ? field.slice(0, -'[*]'.length) : field}\``;
  const quantity = isParameter(expected) ? 'other' : quantityOf(operator, expected, holds);
  if (quantity === 'other') {
    return where === undefined
      ? `the number of elements of ${list} ${said}`
      : `the number of elements of ${list} that meet this condition ${said}:`;
  }
  if (where === undefined)
    return `${list} has ${quantity === 'none' ? 'no elements' : 'at least one element'}`;
  return `${quantity === 'none' ? 'no' : 'at least one'} element of ${list} meets this condition:`;
}

/** People say "none" and "at least one", in whatever of several ways a rule asks for it. */
function quantityOf(operator: string, expected: Json, holds: boolean): 'none' | 'some' | 'other' {
  const test = operators[operator]?.compile(expected);
  const answers = [0, 1, 2, Number.MAX_SAFE_INTEGER].map((count) => test?.(count) === holds);
  const [atZero, ...above] = answers;
  if (atZero === true && !above.includes(true)) return 'none';
  return atZero === false && !above.includes(false) ? 'some' : 'other';
}

function isParameter(expected: Json): boolean {
  return typeof expected === 'string' && 'parameter' in readTemplate(expected);
}
