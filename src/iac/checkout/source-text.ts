import type { Location } from '../../model/location.ts';

/** A text file of a checkout. `path` is relative to the root of the checkout, with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Turns offsets in a text into places in its file. */
export type Locate = (offset: number) => Location;

/** Finds line and column of offsets. A line ends with LF, CRLF or a lone CR. */
export function locator({ path, text }: SourceText): Locate {
  const starts = [
    0,
    ...Array.from(text.matchAll(/\r\n|\n|\r/g), (ending) => ending.index + ending[0].length),
  ];
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
