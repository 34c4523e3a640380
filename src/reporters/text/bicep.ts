import type { Json, JsonObject } from '../../model/json.ts';
import { revealInvisible, wellFormed } from './invisible.ts';

/** A value that is written as it is, such as the name of a parameter. */
export class BicepName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** JSON, with names of parameters in it. */
export type BicepValue = null | boolean | number | string | BicepName | readonly BicepValue[] | BicepObject;

interface BicepObject {
  readonly [key: string]: BicepValue | undefined;
}

/** A value as a Bicep expression; lines after the first are indented by `indent`. */
export function bicepValue(value: BicepValue | Json, indent = ''): string {
  if (value instanceof BicepName) return value.name;
  if (typeof value === 'string') return bicepString(value);
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? String(value) : `json(${bicepString(JSON.stringify(value))})`;
  if (value === null || typeof value === 'boolean') return String(value);
  const inner = `${indent}  `;
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${bicepValue(item, inner)}\n`).join('')}${indent}]`;
  }
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${inner}${bicepKey(name)}: ${bicepValue(member, inner)}\n`],
  );
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`;
}

/** Untrusted text in a comment that ends with the line. */
export function bicepComment(text: string): string {
  return `// ${revealInvisible(text)}`;
}

/**
 * A string in which nothing is evaluated and everything is visible.
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings
 */
function bicepString(text: string): string {
  const escaped = Array.from(wellFormed(text), (character) => {
    if (/['\\$]/.test(character)) return `\\${character}`;
    if (revealInvisible(character) === character) return character;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  // Only ${ begins an expression, and \$ alone is no escape in older compilers.
  return `'${escaped.join('').replaceAll(/\\\$(?!\{)/g, '$')}'`;
}

function bicepKey(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !reserved.has(name) ? name : bicepString(name);
}

const reserved: ReadonlySet<string> = new Set(['null', 'true', 'false', 'for', 'if', 'resource']);

function isList(
  value: readonly BicepValue[] | BicepObject | JsonObject | readonly Json[],
): value is readonly BicepValue[] {
  return Array.isArray(value);
}
