import { escapeInvisible, wellFormed } from './text/invisible.ts';
import { defuseHashCommands } from './text/workflow-commands.ts';

/** A value for `streamJson`: JSON, with iterables of JSON where an array is too long to be built at once. */
export type Streamed = object | string | number | boolean | null | undefined;

/**
 * Writes JSON with two-space indent. Arrays and plain values are one piece; an iterable that is not an array comes out
 * as an array, an element at a time, and so do the objects and arrays around it. Keys keep their order.
 */
export function* streamJson(value: Streamed, indent = ''): Iterable<string> {
  if (isStream(value)) yield* elements(value, indent);
  else if (holdsStream(value)) yield* members(value, indent);
  else yield whole(value, indent);
}

/**
 * One value on one line, as newline-delimited JSON has it. Half of a character becomes the replacement character: readers that
 * keep to Unicode refuse its escape, and would lose the line.
 */
export function jsonLine(value: object): string {
  const json = JSON.stringify(value);
  const isWhole = !/\\ud[89a-f]/.test(json);
  return `${jsonText(isWhole ? json : JSON.stringify(value, withoutHalves))}\n`;
}

function withoutHalves(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value;
}

/** Elements are not searched for streams: there are many of them. */
function* elements(items: Iterable<Streamed>, indent: string): Iterable<string> {
  const inner = `${indent}  `;
  let before = `[\n${inner}`;
  let after = '[]';
  for (const item of items) {
    yield before + whole(item, inner);
    before = `,\n${inner}`;
    after = `\n${indent}]`;
  }
  yield after;
}

function* members(holder: object, indent: string): Iterable<string> {
  const isList = Array.isArray(holder);
  const inner = `${indent}  `;
  let before = `${isList ? '[' : '{'}\n${inner}`;
  for (const [key, member] of Object.entries<Streamed>(Object(holder))) {
    if (member === undefined && !isList) continue;
    yield isList ? before : `${before}${jsonText(JSON.stringify(key))}: `;
    yield* streamJson(member, inner);
    before = `,\n${inner}`;
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

/** A value without streams. What is nested is indented as it is written, which takes less than to insert the spaces afterwards. */
function whole(value: Streamed, indent: string): string {
  const levels = indent.length / 2;
  let nested = value;
  for (let level = 0; level < levels; level += 1) nested = [nested];
  const json = JSON.stringify(nested, null, 2);
  return jsonText(json.slice(levels * (levels + 3), json.length - levels * (levels + 1)));
}

function isStream(value: Streamed): value is Iterable<Streamed> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Symbol.iterator in value;
}

function holdsStream(value: Streamed): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member: Streamed) => isStream(member) || holdsStream(member));
}

/**
 * Makes JSON text harmless in a terminal and a build log without changing a value: what a reader cannot see and what
 * an agent would obey are written as `\uXXXX`.
 */
function jsonText(json: string): string {
  return defuseHashCommands(escapeInvisible(json));
}
