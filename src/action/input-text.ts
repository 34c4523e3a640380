import { relative, resolve, sep } from 'node:path';
import { durationPattern, parseDuration } from '../model/duration.ts';
import { UsageError } from '../model/errors.ts';
import { didYouMean } from '../documents/suggestions.ts';

/** Items, one a line or separated by commas. */
export function readList(text: string): readonly string[] {
  return nonEmpty(text.split(/[\n,]/));
}

/** Items, one a line; commas are part of an item. */
export function readLines(text: string): readonly string[] {
  return nonEmpty(text.split('\n'));
}

/** `true` or `false` in any letter case, and nothing else. */
export function readBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (word !== 'true' && word !== 'false') {
    throw new UsageError(`It must be true or false, not ${JSON.stringify(text)}.`, 'Write true or false.');
  }
  return word === 'true';
}

/** Reads a duration such as `90s`, as milliseconds. */
export function readDuration(text: string): number {
  if (new RegExp(durationPattern).test(text)) return parseDuration(text);
  throw new UsageError(`It must be a duration, not ${JSON.stringify(text)}.`, 'Write 90s, 10m or 1h30m.');
}

/** Reads one of a few words, in any letter case. */
export function choiceOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(
      `Unknown value ${JSON.stringify(text)}.${didYouMean(text, choices)}`,
      `Allowed values: ${choices.join(', ')}.`,
    );
  };
}

/**
 * Reads a path, absolute or from the workspace, as a path from the workspace with forward slashes: reports show paths,
 * and the folders of the runner are not part of them.
 */
export function pathFrom(workspace: string): (text: string) => string {
  return (text) => {
    if (/\p{Cc}/u.test(text))
      throw new UsageError('This input takes a single path.', 'Write one path, on one line.');
    const path = relative(workspace, resolve(workspace, text));
    return path === '' ? '.' : path.split(sep).join('/');
  };
}

function nonEmpty(items: readonly string[]): readonly string[] {
  return items.map((item) => item.trim()).filter((item) => item !== '');
}
