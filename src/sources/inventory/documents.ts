import { UsageError } from '../../model/errors.ts';
import { number } from '../../reporters/words/counts.ts';
import { addBytes, columnOf, jsonBytes } from './json-bytes.ts';
import { emptyFile, explainFailure, textHead } from './not-json.ts';
import { mostMembers, type StreamedValue, streamValues } from './stream-values.ts';
import type { TextPlace } from '../../documents/json/document-text.ts';

/** A stream of documents, and what was found in those that have been read. */
export interface DocumentStream {
  /** For each chunk of the file, what it completes. */
  read(): AsyncGenerator<Iterable<StreamedValue>>;
  /** The number of documents that have begun. */
  documents(): number;
  /** Throws `UsageError` where a key is given twice in one object: the value that is not read would be a gap without notice. */
  refuseRepeatedKeys(): void;
}

interface DocumentOptions {
  /** An object of more bytes is not held whole: of a page of a thousand rows, some are in memory at a time. */
  readonly mostHeld?: number | undefined;
  /** True where the bytes of each object in a list are hashed. */
  readonly isHashed: boolean;
}

/**
 * Reads a JSON document, or any sequence of them: one a line, or outputs appended to each other, from chunks of UTF-8.
 * Throws `UsageError` for an empty file, for an object with more members than anything of Azure has, and for anything else
 * than JSON: what it is, where that is recognised, or `file:line:column`.
 */
export function documentStream(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  { mostHeld = 1024 * 1024, isHashed }: DocumentOptions,
): DocumentStream {
  const repeated = repeatedKeys(file);
  const input = jsonBytes();
  const stream = {
    input,
    flaws: {
      onRepeatedKey: repeated.add,
      onWideObject: (place: TextPlace): never => {
        throw wideObject(`${file}:${place.line}:${place.column}`);
      },
    },
    mostHeld,
    isHashed,
    documents: 0,
    documentLine: 1,
    levels: 0,
  };
  let failure: unknown;
  /** Reads all that has come. `failure` is why it could not. */
  function* available(values: ReturnType<typeof streamValues>): Generator<StreamedValue, void> {
    try {
      for (let next = values.next(); next.value !== undefined; next = values.next()) yield next.value;
    } catch (error) {
      failure = error;
    }
  }
  async function* read(): AsyncGenerator<Iterable<StreamedValue>> {
    const source = chunks[Symbol.asyncIterator]();
    const head = textHead();
    const values = streamValues(stream);
    try {
      while (!input.isWhole) {
        if (input.end - input.at > longestValue) throw tooLong(`${file}:${input.line}:${columnOf(input)}`);
        const { value: chunk, done } = await source.next();
        if (done === true) input.isWhole = true;
        else addBytes(input, head.add(chunk));
        yield available(values);
        if (failure !== undefined) throw await explainFailure(failure, { file, stream, source, head });
      }
    } finally {
      await source.return?.();
    }
    if (stream.documents === 0) throw emptyFile(file);
  }
  return { read, documents: () => stream.documents, refuseRepeatedKeys: repeated.refuse };
}

/** No text of Node.js holds more than 2^29 - 24 UTF-16 units, and a byte may be one. */
const longestValue = 500_000_000;

function tooLong(place: string): UsageError {
  return new UsageError(
    `${place}  a value begins here that is larger than ${longestValue / 1_000_000} MB`,
    'Nothing that Azure writes comes near: look for a quote or a bracket that is not closed, or export the file again.',
  );
}

function wideObject(place: string): UsageError {
  return new UsageError(
    `${place}  this object has more than ${number(mostMembers)} members`,
    'Nothing that Azure writes comes near (a resource has at most 50 tags): look at what has written the file.',
  );
}

const mostShown = 5;
const longestKey = 60;

/** Keys that an object holds again; the first of them are shown. */
function repeatedKeys(file: string): {
  readonly add: (key: string, place: TextPlace) => void;
  readonly refuse: () => void;
} {
  let found = 0;
  let first: (TextPlace & { readonly key: string })[] = [];
  return {
    add(key, { line, column }) {
      found += 1;
      // Keys of a page come after those of its rows.
      first = [...first, { key: key.slice(0, longestKey), line, column }]
        .toSorted((a, b) => a.line - b.line || a.column - b.column)
        .slice(0, mostShown);
    },
    refuse() {
      if (found === 0) return;
      const shown = first.map(
        ({ key, line, column }) =>
          `${file}:${line}:${column}  the key ${JSON.stringify(key)} is repeated in one object`,
      );
      const more = found - shown.length;
      throw new UsageError(
        [...shown, ...(more === 0 ? [] : [`… and ${more} more`])].join('\n'),
        'Keep one of the values. Azure writes each key once: if this file was merged or edited, export it again.',
      );
    },
  };
}
