/** Emoji presentation selectors (U+FE0E, U+FE0F) are the one kind that only changes how a visible sign looks. */
const invisible =
  /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** The same but for line ends: those of JSON lay it out, and each of them would be found. In its strings there are none. */
const invisibleInJson =
  /(?!\n|[\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

const short = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Makes visible what a reader cannot see: control and escape codes, line breaks, bidirectional overrides, zero-width
 * and other format characters, lone surrogates, noncharacters. U+202E comes out as the six characters `\u202e`.
 */
export function revealInvisible(text: string): string {
  return text.replace(invisible, (character) => short.get(character) ?? unicodeEscape(character));
}

/** The same characters as JSON escapes, for text that is JSON already: its value does not change. */
export function escapeInvisible(json: string): string {
  // Nearly all JSON is printable ASCII, which is found in a fraction of the time.
  if (!/[^\n -~]/.test(json)) return json;
  return json.replace(invisibleInJson, (character) => character.replace(/[^]/g, codeUnitEscape));
}

function unicodeEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xff_ff ? `\\u{${code.toString(16)}}` : codeUnitEscape(character);
}

function codeUnitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The same text with the replacement character for each half of a character that stands alone, which UTF-8 cannot hold. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '\uFFFD');
}
