import type { Problem } from '../model/errors.ts';
import type { Json, JsonPath } from '../model/json.ts';
import type { Location } from '../model/location.ts';

/** A file as the user provided it: `file` is the name to show, `bytes` is its content. */
export interface SourceFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A YAML (or JSON) file as read: its value, and the location of each part of it. */
export interface UserDocument {
  readonly file: string;
  readonly value: Json;
  /** The location of the value at `path`, or of its key; where there is none, that of its nearest ancestor. */
  readonly locate: (path: JsonPath, at?: 'key' | 'value') => Location;
}

/** Something wrong with the value at a path, or (`at: 'key'`) with its key. */
export interface Mistake {
  readonly path: JsonPath;
  readonly at?: 'key' | 'value';
  readonly message: string;
}

/** The result of a check: mistakes that refuse the file, and what is merely suspicious. */
export interface CheckResult {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

/** The result of a check that finds nothing. */
export const noIssues: CheckResult = { mistakes: [], warnings: [] };

/** Mistakes as problems at their lines and columns. */
export function locateAll(document: UserDocument, mistakes: readonly Mistake[]): readonly Problem[] {
  return mistakes.map(({ path, at, message }) => ({ ...document.locate(path, at), message }));
}

/** Problems in the order in which one reads files, each once, and each message on one harmless line. */
export function inReadingOrder(problems: readonly Problem[]): readonly Problem[] {
  const shown = problems.map((problem) => ({ ...problem, message: harmless(problem.message) }));
  const unique = new Map(
    shown.map((each) => [`${each.file}:${each.line}:${each.column}:${each.message}`, each]),
  );
  const files = [...new Set(shown.map(({ file }) => file))];
  return [...unique.values()].toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

const longest = 500;

/** Messages quote what files say, and that may hold line breaks, terminal codes, overrides of direction, or no end. */
function harmless(message: string): string {
  const text = message.length > longest ? `${message.slice(0, longest)}…` : message;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped);
}

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
