import { containsKey, notContainsKey } from './contains-key.ts';
import { contains, notContains } from './contains.ts';
import { equals, notEquals } from './equals.ts';
import { exists } from './exists.ts';
import { isIn, notIn } from './in.ts';
import { like, notLike } from './like.ts';
import { match, matchInsensitively, notMatch, notMatchInsensitively } from './match.ts';
import type { Operator } from './operator.ts';
import { greater, greaterOrEquals, less, lessOrEquals } from './order.ts';

/** Every word of the condition language; the keys are what a rule file may say. */
export const operators: Readonly<Record<string, Operator>> = {
  equals,
  notEquals,
  like,
  notLike,
  match,
  matchInsensitively,
  notMatch,
  notMatchInsensitively,
  contains,
  notContains,
  in: isIn,
  notIn,
  containsKey,
  notContainsKey,
  less,
  lessOrEquals,
  greater,
  greaterOrEquals,
  exists,
};
