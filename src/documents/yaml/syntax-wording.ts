import type { ErrorCode, YAMLError } from 'yaml';

import type { Flaw } from '../decode-text.ts';

/** Words YAML's own errors: only those up to the first that misleads the parser, since the rest follow from it. */
export function syntaxFlaws(errors: readonly YAMLError[]): readonly Flaw[] {
  const sorted = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const misleading = sorted.findIndex((error) => !harmless.has(error.code));
  const kept = misleading === -1 ? sorted : sorted.slice(0, misleading + 1);
  return kept.map((error) => ({ offset: error.pos[0], message: describeSyntaxError(error) }));
}

/** Errors after which the parser still reads the rest of the file as it was meant. */
const harmless: ReadonlySet<ErrorCode> = new Set(['TAB_AS_INDENT', 'BAD_DQ_ESCAPE', 'BAD_SCALAR_START']);

function describeSyntaxError({ code, message }: YAMLError): string {
  const known = wording[code];
  if (known !== undefined) return known;
  const [, wordsFor] = byMessage.find(([pattern]) => pattern.test(message)) ?? [];
  if (wordsFor !== undefined) return wordsFor;
  const text = message.replaceAll(/\s+/gu, ' ').trim();
  return `not valid YAML: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

const wording: Partial<Readonly<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'a tab is used as indentation; YAML allows spaces only',
  BAD_DQ_ESCAPE: 'unknown escape after a backslash in double quotes; write \\\\ or use single quotes',
  BAD_SCALAR_START: 'a value may not start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a ": " inside a value; put the value in quotes, or check the indentation',
  BLOCK_IN_FLOW: 'a comma or a closing bracket is missing above',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing after this key',
};

const byMessage: readonly (readonly [RegExp, string])[] = [
  [/closing .*quote/u, 'a quote is opened and not closed'],
  [/must end with a|expected to end with|sufficiently indented/iu, 'a bracket is opened and not closed'],
  [/Missing , or :|Missing , between/u, 'a comma is missing before this'],
  [/Missing space after :/u, 'a space is missing after ":"'],
  [/followed by map values/u, 'a ":" is missing after this key'],
  [/same column/u, 'the indentation does not fit the lines above'],
  [/Unexpected ,|Unexpected empty item/u, 'there is an extra comma'],
  [/without - indicator/u, 'the indentation does not fit the list above; is a "-" missing?'],
  [/Block scalar header/u, 'text may not follow | or > on the same line'],
  [/Unexpected flow-(map|seq)-end/u, 'a bracket is closed that was never opened'],
  [
    /at node end|in YAML stream|in YAML document/u,
    'this does not belong here; check indentation and quotes above',
  ],
  [/Comments must be separated/u, 'a space is missing before #'],
  [/indented/iu, 'the indentation does not fit the lines above'],
];
