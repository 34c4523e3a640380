import type { Problem } from '../model/errors.ts';
import type { JsonPath, UserDocument } from './read-document.ts';

/** Something wrong with the value at a path, or (`at: 'key'`) with the key that it stands under. */
export interface Mistake {
  readonly path: JsonPath;
  readonly at?: 'key' | 'value';
  readonly message: string;
}

/** Mistakes as problems at their lines and columns. */
export function locateAll(document: UserDocument, mistakes: readonly Mistake[]): readonly Problem[] {
  return mistakes.map(({ path, at, message }) => ({ ...document.locate(path, at), message }));
}

/** Problems in the order in which one reads files, each once, and each message on one harmless line. */
export function inReadingOrder(problems: readonly Problem[]): readonly Problem[] {
  const told = problems.map((problem) => ({ ...problem, message: harmless(problem.message) }));
  const unique = new Map(
    told.map((each) => [`${each.file}:${each.line}:${each.column}:${each.message}`, each]),
  );
  const files = [...new Set(told.map(({ file }) => file))];
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
