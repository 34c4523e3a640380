import type { Location } from '../model/location.ts';

/** A text file of a checkout. `path` is relative to the root of the checkout, with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Turns offsets in a text into places in its file. */
export type Locate = (offset: number) => Location;

/** Finds line and column of offsets. A line ends with LF; a carriage return before it belongs to the line. */
export function locator({ path, text }: SourceText): Locate {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const line = lastAtOrBefore(starts, offset);
    return { file: path, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
