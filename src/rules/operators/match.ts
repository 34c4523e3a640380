import { matchingPattern } from '../kql/patterns.ts';
import { type Actual, negate, type Operator } from './operator.ts';
import { inWords } from './scalar.ts';

const operand = {
  type: 'string',
  description: 'A pattern of the whole value: # is a digit, ? a letter, . any character, all else itself.',
} as const;

export const match: Operator = {
  operand,
  compile: (expected) => matcher(inWords(expected), 'u'),
  kql: (expected) => matchingPattern(inWords(expected), { anyCase: false }),
  describe: (expected, holds) => `${holds ? 'a' : 'no'} match for ${inWords(expected)}`,
  say: (expected, holds, show) => `${holds ? 'matches' : 'does not match'} ${show(expected)}`,
};

export const matchInsensitively: Operator = {
  operand,
  compile: (expected) => matcher(inWords(expected), 'iu'),
  kql: (expected) => matchingPattern(inWords(expected), { anyCase: true }),
  describe: (expected, holds) => `${inWords(match.describe(expected, holds))} in any letter case`,
  say: (expected, holds, show) => `${match.say(expected, holds, show)} in any letter case`,
};

export const notMatch = negate(match);

export const notMatchInsensitively = negate(matchInsensitively);

const placeholders: Readonly<Record<string, string>> = { '#': '[0-9]', '?': '[A-Za-z]', '.': '.' };

function matcher(pattern: string, flags: string): (actual: Actual) => boolean {
  const source = Array.from(pattern, (char) => placeholders[char] ?? literal(char)).join('');
  const expression = new RegExp(`^${source}$`, `${flags}s`);
  return (actual) => typeof actual === 'string' && expression.test(actual);
}

function literal(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
