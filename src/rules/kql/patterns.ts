import { equalToOneOf } from './equality-and-order.ts';
import { always, type Kql, never, or, test } from './expression.ts';
import { quote } from './literal.ts';
import { unsure } from './pair.ts';
import { isBracketed, isNumeric, hasBeyondAscii, isPlain, jsonShowsPart, mayFoldTo } from './text.ts';
import { type KqlOperator, onValues, presentAtLeast } from './value.ts';

/** Two tests that are each other's opposite, and where neither is to be trusted. */
interface LikeTests {
  readonly fits: string;
  readonly fitsNot: string;
  readonly folded: Kql;
}

/** `like`: a text, a number or a boolean fits a pattern in which `*` is any run of characters. */
export function likePattern(pattern: string): KqlOperator {
  const wanted = pattern.toLowerCase().replaceAll(/\*+/g, '*');
  const parts = wanted.split('*');
  if (parts.length === 1) return equalToOneOf([wanted]);
  if (!isPlain(wanted) || isNumeric(parts.join(''))) return onValues(presentAtLeast);
  const longest = parts.reduce((one, other) => (other.length > one.length ? other : one), '');
  return {
    on: ({ text }) => {
      const { fits, fitsNot, folded } = likeTests(parts, text);
      return {
        mayHold: or([test(fits), folded, mayFoldTo(wanted, text, 'part')]),
        mayFail: or([test(fitsNot), folded, fitsJson(parts, text)]),
      };
    },
    within: (json) => ({ mayHold: jsonShowsPart(json, longest), mayFail: always }),
  };
}

/** `match`: a text fits a pattern in which `#` is a digit, `?` a letter and `.` any character. */
export function matchingPattern(pattern: string, { anyCase }: { readonly anyCase: boolean }): KqlOperator {
  if (pattern === '' || !isPlain(pattern)) return onValues(presentAtLeast);
  const source = `^${Array.from(pattern, matched).join('')}$`;
  const regex = quote(`(?${anyCase ? 'is' : 's'})${source}`);
  // Numbers and booleans are written as text, but match nothing.
  const mayBeScalar = isNumeric(pattern.replaceAll(/[#?]/g, '')) || matchesBoolean(source);
  return onValues(({ text, caseKept }) => {
    if (!caseKept) return unsure;
    const folded = anyCase ? hasBeyondAscii(text) : never;
    const json = /^[.[{]/.test(pattern) ? isBracketed(text) : never;
    return {
      mayHold: or([test(`${text} matches regex ${regex}`), folded]),
      mayFail: mayBeScalar ? always : or([test(`not(${text} matches regex ${regex})`), folded, json]),
    };
  });
}

/** A pattern with one run is a plain comparison; other ones need a regular expression, which folds beyond ASCII. */
function likeTests(parts: readonly string[], text: string): LikeTests {
  const [first = '', second = '', third] = parts;
  const plain = (operator: string, literal: string): LikeTests => ({
    fits: `${text} ${operator} ${quote(literal)}`,
    fitsNot: `${text} !${operator} ${quote(literal)}`,
    folded: never,
  });
  if (parts.length === 2 && second === '') return plain('startswith', first);
  if (parts.length === 2 && first === '') return plain('endswith', second);
  if (parts.length === 3 && first === '' && third === '') return plain('contains', second);
  const regex = parts.map((part) => Array.from(part, literal).join('')).join('.*');
  const fits = `${text} matches regex ${quote(`(?is)^${regex}$`)}`;
  return { fits, fitsNot: `not(${fits})`, folded: hasBeyondAscii(text) };
}

/** Rows in which the JSON text of an array or object may fit a pattern, which the array or object itself never does. */
function fitsJson(parts: readonly string[], text: string): Kql {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const startsOtherwise = first !== '' && !/^[[{]/.test(first);
  const endsOtherwise = last !== '' && !/[\]}]$/.test(last);
  return startsOtherwise || endsOtherwise ? never : isBracketed(text);
}

const placeholders: Readonly<Record<string, string>> = { '#': '[0-9]', '?': '[A-Za-z]', '.': '.' };

function matched(char: string): string {
  return placeholders[char] ?? literal(char);
}

/** A character of a regular expression that means itself, in RE2 and in JavaScript. */
function literal(char: string): string {
  if (/[A-Za-z0-9 _\-/:,@=]/.test(char)) return char;
  return `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
}

function matchesBoolean(source: string): boolean {
  const regex = new RegExp(source, 'is');
  return regex.test('true') || regex.test('false');
}
