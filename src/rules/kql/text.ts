import { always, type Kql, never, or, test } from './expression.ts';
import { quote } from './literal.ts';

/** True for text that compares in KQL as it does in JavaScript: KQL ignores the case of ASCII letters only. */
export function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** True for text that a number or a point in time may be written as: Kusto may write either another way than JSON. */
export function isNumeric(text: string): boolean {
  return /^[-+.:0-9etz ]*$/i.test(text);
}

/** The value's text holds more than printable ASCII. */
export function hasBeyondAscii(text: string): Kql {
  return test(`${text} matches regex '[^ -~]'`);
}

/** The value is an array or an object, or text that looks like one. */
export function isBracketed(text: string): Kql {
  return test(`${text} matches regex '^[\\\\[{]'`);
}

/**
 * Rows in which text beyond ASCII may yet fold to plain text. JavaScript lower-cases the Kelvin sign to `k`, and a dotted `İ` to
 * an `i` and a combining dot, which a part of a text may end before.
 */
export function mayFoldTo(wanted: string, text: string, scope: 'whole' | 'part'): Kql {
  return (scope === 'whole' ? /k/i : /[ik]/i).test(wanted) ? hasBeyondAscii(text) : never;
}

/** JSON text shows a string that equals `wanted`. */
export function jsonShowsString(json: string, wanted: string): Kql {
  if (!isPlain(wanted) || isNumeric(wanted)) return always;
  const isBoolean = wanted === 'true' || wanted === 'false';
  return jsonShows(json, wanted, !isBoolean && !escaped.test(wanted) ? `"${wanted}"` : longestRun(wanted));
}

/** JSON text shows a key of an object. */
export function jsonShowsKey(json: string, key: string): Kql {
  if (!isPlain(key)) return always;
  return escaped.test(key) ? jsonShowsPart(json, key) : jsonShows(json, key, `"${key}"`);
}

/** JSON text names a key as a whole, in any letter case. */
export function jsonNamesKey(json: string, key: string): Kql {
  return isPlain(key) && !escaped.test(key) ? test(`${json} contains ${quote(`"${key}"`)}`) : always;
}

/** JSON text shows a string that holds `part`. */
export function jsonShowsPart(json: string, part: string): Kql {
  return isPlain(part) && !isNumeric(part) ? jsonShows(json, part, longestRun(part)) : always;
}

/** True for text that JSON may write with escapes. */
export function isEscapedInJson(text: string): boolean {
  return escaped.test(text);
}

// What serializers of JSON escape, must or may.
const escaped = /["\\/<>&'+`]/;

function jsonShows(json: string, wanted: string, sought: string): Kql {
  if (isNumeric(sought)) return always;
  const shows = test(`${json} contains ${quote(sought)}`);
  return /[ik]/i.test(wanted) ? or([shows, test(`${json} matches regex '[^ -~]|\\\\\\\\u'`)]) : shows;
}

function longestRun(text: string): string {
  const runs = text.split(new RegExp(escaped.source, 'g'));
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}
