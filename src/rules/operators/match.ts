import type { Actual } from '../../model/rule.ts';
import { matchingPattern } from '../kql/patterns.ts';
import { textUnlike } from '../../documents/schema/json-schema.ts';
import { negate, type Operator } from './operator.ts';
import { inWords, regularExpression } from './scalar.ts';

const operand = textUnlike(
  regularExpression('\\$$', '\\\\[dwsDWS]', '\\.[*+]'),
  'a pattern rather than a regular expression (# is a digit, ? a letter, . any character; for * use like)',
  'A pattern of the whole value: # is a digit, ? a letter, . any character, all else itself.',
);

export const match: Operator = {
  kind: 'pattern',
  note: 'The field matches this pattern, case-sensitively: # is a digit, ? a letter, . any character.',
  example: { field: 'name', match: 'kv-???-##' },
  operand,
  compile: (expected) => matcher(inWords(expected), 'u'),
  kql: (expected) => matchingPattern(inWords(expected), { anyCase: false }),
  describe: (expected, holds) => `${holds ? 'a' : 'no'} match for ${inWords(expected)}`,
  phrase: (expected, holds, show) => `${holds ? 'matches' : 'does not match'} ${show(expected)}`,
  samples: [{ expected: 'kv-##-?', holds: ['kv-12-a'], fails: ['KV-12-a', 'kv-1-a', undefined] }],
};

export const matchInsensitively: Operator = {
  kind: 'pattern',
  note: 'Like match, ignoring case.',
  example: { field: "tags['cost center']", matchInsensitively: 'cc-####' },
  operand,
  compile: (expected) => matcher(inWords(expected), 'iu'),
  kql: (expected) => matchingPattern(inWords(expected), { anyCase: true }),
  describe: (expected, holds) => `${inWords(match.describe(expected, holds))} in any letter case`,
  phrase: (expected, holds, show) => `${match.phrase(expected, holds, show)} in any letter case`,
  samples: [{ expected: 'kv-##', holds: ['KV-12'], fails: ['kv-1', undefined] }],
};

export const notMatch = negate(match, {
  note: 'The field does not match this pattern, or has no value.',
  example: { field: 'tags.release', notMatch: '####-##-##' },
});

export const notMatchInsensitively = negate(matchInsensitively, {
  note: 'Like notMatch, ignoring case.',
  example: { field: 'name', notMatchInsensitively: 'tmp-####' },
});

const placeholders: Readonly<Record<string, string>> = { '#': '[0-9]', '?': '[A-Za-z]', '.': '.' };

function matcher(pattern: string, flags: string): (actual: Actual) => boolean {
  const source = Array.from(pattern, (char) => placeholders[char] ?? literal(char)).join('');
  const expression = new RegExp(`^${source}$`, `${flags}s`);
  return (actual) => typeof actual === 'string' && expression.test(actual);
}

function literal(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
