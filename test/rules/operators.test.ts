import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { operators } from '../../src/rules/operators/index.ts';

type Row = readonly [operator: string, expected: Json, actual: Json | undefined, holds: boolean];

const rows: readonly Row[] = [
  ['equals', true, true, true],
  ['equals', true, 'true', true],
  ['equals', 'true', true, true],
  ['equals', true, 'TRUE', true],
  ['equals', true, false, false],
  ['equals', true, undefined, false],
  ['equals', true, 1, false],
  ['equals', 'Deny', 'deny', true],
  ['equals', 90, '90', true],
  ['equals', '90', 90, true],
  ['equals', 'a', ['a'], false],
  ['equals', '[object Object]', {}, false],
  ['notEquals', true, undefined, true],
  ['notEquals', 'Deny', 'deny', false],
  ['notEquals', 'a', ['a'], true],
  ['in', ['Disabled', 'SecuredByPerimeter'], 'disabled', true],
  ['in', ['a'], 'b', false],
  ['in', ['a'], undefined, false],
  ['in', [], 'a', false],
  ['in', [true], 'true', true],
  ['notIn', ['a'], undefined, true],
  ['notIn', ['a'], 'A', false],
  ['like', 'kv-*-prod', 'KV-payments-PROD', true],
  ['like', 'kv-*-prod', 'kv-prod', false],
  ['like', '*', '', true],
  ['like', 'a*b*c', 'aXbYc', true],
  ['like', 'a*b*c', 'acb', false],
  ['like', 'ab*ba', 'aba', false],
  ['like', 'kv.x', 'kvax', false],
  ['like', '*', undefined, false],
  ['notLike', 'kv-*', undefined, true],
  ['notLike', 'kv-*', 'kv-a', false],
  ['match', 'kv-##-?', 'kv-12-a', true],
  ['match', 'kv-##-?', 'KV-12-a', false],
  ['match', 'kv-##-?', 'kv-1-a', false],
  ['match', 'a.c', 'a/c', true],
  ['match', 'a(b', 'a(b', true],
  ['match', '#', '12', false],
  ['matchInsensitively', 'kv-##', 'KV-12', true],
  ['notMatch', 'kv-##', 'kv-1', true],
  ['notMatch', 'kv-##', undefined, true],
  ['notMatchInsensitively', 'kv-##', 'KV-12', false],
  ['contains', 'urge', 'Purge', true],
  ['contains', 'purge', ['get', 'PURGE'], true],
  ['contains', 'pur', ['purge'], false],
  ['contains', 'x', undefined, false],
  ['notContains', 'x', undefined, true],
  ['notContains', 'purge', ['get', 'purge'], false],
  ['containsKey', 'Owner', { owner: 'me' }, true],
  ['containsKey', 'owner', {}, false],
  ['containsKey', 'owner', undefined, false],
  ['notContainsKey', 'owner', undefined, true],
  ['notContainsKey', 'owner', { OWNER: '' }, false],
  ['less', 90, 89, true],
  ['less', 90, 90, false],
  ['less', 90, '89', true],
  ['less', 90, undefined, false],
  ['less', 90, true, false],
  ['lessOrEquals', 90, 90, true],
  ['greater', 7, 7, false],
  ['greater', '7', 30, true],
  ['greaterOrEquals', 90, 90, true],
  ['greaterOrEquals', 90, 'ninety', false],
  ['greaterOrEquals', 90, undefined, false],
  ['greaterOrEquals', '2026-01-01', '2026-01-01T00:00:00Z', true],
  ['less', '2026-03-01', '2026-02-28T23:59:59Z', true],
  ['less', '2026-03-01T00:00:00Z', '2026-03-01T01:00:00+02:00', true],
  ['less', 'b', 'A', true],
  ['exists', true, false, true],
  ['exists', true, undefined, false],
  ['exists', 'true', 0, true],
  ['exists', false, undefined, true],
  ['exists', 'False', undefined, true],
  ['exists', false, '', false],
];

describe('operators compare as Azure Policy does', () => {
  test.for(rows)('%s %j on %j: %s', ([name, expected, actual, holds]) => {
    expect(operators[name]?.compile(expected)(actual)).toBe(holds);
  });

  test.for(
    Object.entries(operators).filter(([name]) => `not${name[0]?.toUpperCase()}${name.slice(1)}` in operators),
  )('the negation of %s holds exactly where it does not', ([name, operator]) => {
    const opposite = operators[`not${name[0]?.toUpperCase()}${name.slice(1)}`];
    for (const [, expected, actual] of rows.filter(([other]) => other === name)) {
      expect(opposite?.compile(expected)(actual)).toBe(!operator.compile(expected)(actual));
    }
  });
});
