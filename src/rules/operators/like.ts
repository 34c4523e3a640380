import { likePattern } from '../kql/patterns.ts';
import { negate, type Operator } from './operator.ts';
import { comparable, inWords } from './scalar.ts';

export const like: Operator = {
  kind: 'wildcard',
  note: 'The field matches this pattern; * matches any number of characters.',
  example: { field: 'name', like: 'kv-*-prod' },
  operand: { type: 'string', description: 'A pattern; * stands for any run of characters.' },
  compile(expected) {
    const matches = wildcard(inWords(expected));
    return (actual) => {
      const text = comparable(actual);
      return text !== undefined && matches(text);
    };
  },
  kql: (expected) => likePattern(inWords(expected)),
  describe: (expected, holds) => `${holds ? 'like' : 'not like'} ${inWords(expected)}`,
  phrase: (expected, holds, show) => `${holds ? 'is' : 'is not'} like ${show(expected)}`,
  samples: [{ expected: 'kv-*-prod', holds: ['KV-payments-PROD'], fails: ['kv-prod', undefined] }],
};

export const notLike = negate(like, {
  note: 'The field does not match this pattern, or has no value.',
  example: { field: 'resourceGroup', notLike: '*-sandbox' },
});

/** A matcher for a pattern in which `*` stands for any run of characters; letter case is ignored. */
export function wildcard(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return (text) => text.toLowerCase() === first;
  const middle = parts.slice(1, -1);
  return (given) => {
    const text = given.toLowerCase();
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return at <= end;
  };
}
