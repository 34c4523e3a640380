import { UsageError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import { repeatedKeys } from '../../documents/repeated-keys.ts';
import { placeIn } from '../../documents/json-position.ts';

interface ParsedText {
  readonly value: Json;
  readonly text: string;
  readonly line: number;
}

const mostShown = 5;
const longestKey = 60;

/** Throws `UsageError` at each place where an object holds a key again. */
export function refuseRepeatedKeys(documents: readonly ParsedText[], file: string): void {
  const repeated = documents.flatMap((document) =>
    repeatedKeys(document.text, document.value).map(({ key, offset }) => ({ key, offset, document })),
  );
  if (repeated.length === 0) return;
  const shown = repeated.slice(0, mostShown).map(({ key, offset, document }) => {
    return `${placeIn({ ...document, file }, offset)}  the key ${JSON.stringify(key.slice(0, longestKey))} is repeated in one object`;
  });
  const more = repeated.length - shown.length;
  throw new UsageError(
    [...shown, ...(more === 0 ? [] : [`… and ${more} more`])].join('\n'),
    'Keep one of the values. Azure writes each key once: if this file was merged or edited, export it again.',
  );
}
