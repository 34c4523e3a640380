import { UsageError } from '../../model/errors.ts';
import { type Json, parseJson } from '../../model/json.ts';
import { errorOffset, findWideObject, placeIn, sliceDocuments } from '../../documents/json/document-text.ts';
import { number } from '../../reporters/words/counts.ts';
import { recogniseText } from './recognise/text-formats.ts';
import { countKeys, repeatedKeys } from '../../documents/json/repeated-keys.ts';

/** A JSON document of a file, and the line it starts on. */
export interface JsonDocument {
  readonly value: Json;
  readonly line: number;
}

/**
 * Parses a JSON document, or any sequence of them: one a line, or outputs appended to each other. Throws `UsageError`
 * for an empty file, for an object with more members than anything of Azure has, for a key that an object holds twice (the value that is not read would be a gap
 * without notice), and for anything else than JSON: what it is, where that is recognised, or `file:line:column`.
 */
export function parseDocuments(text: string, file: string): readonly JsonDocument[] {
  if (text.trim() === '') throw new UsageError(`${file} is empty.`, emptyHint);
  const isSmall = text.length <= mostUnchecked;
  if (!isSmall) refuseWideObjects(text, file);
  const documents = parseAll(text, file);
  if (isSmall && documents.some(({ value }) => countKeys(value).widest > mostMembers))
    refuseWideObjects(text, file);
  refuseRepeatedKeys(documents, file);
  // Without the text, which is as large as all the rest.
  return documents.map(({ value, line }) => ({ value, line }));
}

const emptyHint =
  'An inventory without vaults is an empty list, []. An empty file is usually left behind by a command that failed.';

/** Azure allows a resource 50 tags; a list of all that is in a subscription is a list, and no object. */
const mostMembers = 10_000;

/** The names that fit into so few characters are parsed in less than a second, and counted faster when they are. */
const mostUnchecked = 4_000_000;

function refuseWideObjects(text: string, file: string): void {
  const wide = findWideObject(text, mostMembers);
  if (wide === undefined) return;
  throw new UsageError(
    `${placeIn({ text, line: 1, file }, wide.offset)}  this object has more than ${number(mostMembers)} members`,
    'Nothing that Azure writes comes near (a resource has at most 50 tags): look at what has written the file.',
  );
}

interface ParsedDocument extends JsonDocument {
  readonly text: string;
}

const mostShown = 5;
const longestKey = 60;

/** Throws `UsageError` at each place where an object holds a key again. */
function refuseRepeatedKeys(documents: readonly ParsedDocument[], file: string): void {
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

function parseAll(text: string, file: string): readonly ParsedDocument[] {
  const whole = tryParse(text);
  if ('value' in whole) return [{ value: whole.value, text, line: 1 }];
  const documents: ParsedDocument[] = [];
  for (const slice of sliceDocuments(text)) {
    const parsed = tryParse(slice.text);
    if (!('value' in parsed)) throw notJson(text, file, { ...firstPart(slice.text), line: slice.line });
    documents.push({ value: parsed.value, text: slice.text, line: slice.line });
  }
  return documents;
}

type Parsed = { readonly value: Json } | { readonly error: unknown };

function tryParse(text: string): Parsed {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    return { error };
  }
}

interface Broken {
  readonly text: string;
  readonly error: unknown;
  readonly line: number;
}

/** A document that lacks its end swallows those after it: where each has a line, the fault is in the first. */
function firstPart(text: string): Pick<Broken, 'text' | 'error'> {
  const [first = '', second = ''] = text.split('\n', 2);
  const next = tryParse(second);
  const part = 'value' in next && typeof next.value === 'object' && next.value !== null ? first : text;
  const parsed = tryParse(part);
  return { text: part, error: 'error' in parsed ? parsed.error : undefined };
}

function notJson(text: string, file: string, { error, ...broken }: Broken): UsageError {
  const recognised = recogniseText(text);
  if (recognised !== undefined) {
    const { what, shown, hint } = recognised;
    return new UsageError(`${file}  this is ${what}, not an inventory in JSON: ${shown}`, hint);
  }
  const offset = errorOffset(error, broken.text);
  const ended = broken.text.slice(offset).trim() === '';
  return new UsageError(
    `${placeIn({ ...broken, file }, offset)}  ${ended ? 'the JSON ends too early' : 'this is not JSON'}`,
    'Export it again as JSON (az … --output json), and check that the command ended without an error.',
  );
}
