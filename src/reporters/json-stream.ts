import { escapeInvisible } from './text/invisible.ts';
import { defuseHashCommands } from './text/workflow-commands.ts';

/** A value for `streamJson`: JSON, with iterables where an array is too long to be built at once. */
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

function* elements(items: Iterable<Streamed>, indent: string): Iterable<string> {
  const inner = `${indent}  `;
  let before = `[\n${inner}`;
  let after = '[]';
  for (const item of items) {
    yield before;
    yield* streamJson(item, inner);
    before = `,\n${inner}`;
    after = `\n${indent}]`;
  }
  yield after;
}

function* members(holder: object, indent: string): Iterable<string> {
  if (Array.isArray(holder)) {
    yield* elements(holder, indent);
    return;
  }
  const inner = `${indent}  `;
  let before = `{\n${inner}`;
  for (const [key, member] of Object.entries(holder)) {
    if (member === undefined) continue;
    yield `${before}${jsonText(JSON.stringify(key))}: `;
    yield* streamJson(member, inner);
    before = `,\n${inner}`;
  }
  yield `\n${indent}}`;
}

function whole(value: Streamed, indent: string): string {
  return jsonText(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`);
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
