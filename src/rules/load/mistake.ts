import type { Problem } from '../../model/errors.ts';
import type { JsonPath, UserDocument } from './document.ts';

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

/** Problems in the order in which one reads files, each once. */
export function inReadingOrder(problems: readonly Problem[]): readonly Problem[] {
  const unique = new Map(
    problems.map((each) => [`${each.file}:${each.line}:${each.column}:${each.message}`, each]),
  );
  const files = [...new Set(problems.map(({ file }) => file))];
  return [...unique.values()].toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
