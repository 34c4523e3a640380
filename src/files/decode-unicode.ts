import { UsageError } from '../model/errors.ts';

/**
 * Decodes UTF-8 (with or without byte order mark) and UTF-16 (with one, which is what PowerShell's `>` writes, or
 * without). Throws `UsageError` for anything else.
 */
export function decodeUnicode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw notText(file, bytes);
  }
}

/** Refuses bytes that are no text, or not all of them. `beginning` are some of the first ones. */
export function notText(file: string, beginning: Uint8Array): UsageError {
  const encoding = encodingOf(beginning);
  return new UsageError(
    `${file} is not ${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'} text`,
    hintFor(beginning),
  );
}

/**
 * Decodes as `decodeUnicode` does, a chunk at a time, and encodes again as UTF-8 without a byte order mark. What is UTF-8
 * already is passed on unchecked. Throws `UsageError` for UTF-16 that is none.
 */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  let encode: Transcode | undefined;
  for await (const chunk of joinBeginning(chunks)) {
    encode ??= transcoder(chunk, file);
    yield encode(chunk);
  }
  if (encode !== undefined) yield encode();
}

/** The number of bytes that tell the encoding of a text. */
const tellingBytes = 4;

/** The same bytes, of which the first chunk tells the encoding. */
async function* joinBeginning(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let beginning: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (beginning === undefined) {
      yield chunk;
      continue;
    }
    beginning = Buffer.concat([beginning, chunk]);
    if (beginning.length < tellingBytes) continue;
    yield beginning;
    beginning = undefined;
  }
  if (beginning !== undefined) yield beginning;
}

/** Encodes a chunk as UTF-8; without one, what was left over at the end. */
type Transcode = (chunk?: Uint8Array) => Uint8Array;

function transcoder(beginning: Uint8Array, file: string): Transcode {
  const encoding = encodingOf(beginning);
  if (encoding === 'utf-8') {
    const mark = beginning[0] === 0xef && beginning[1] === 0xbb && beginning[2] === 0xbf ? 3 : 0;
    return (chunk = new Uint8Array(0)) => (chunk === beginning ? chunk.subarray(mark) : chunk);
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch {
      throw notText(file, beginning);
    }
  };
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return withoutMark(bytes);
}

/** Text begins with a character below 256, so every second byte at its beginning is 0. UTF-8 text has no 0. */
function withoutMark([first, second, third, fourth]: Uint8Array): Encoding {
  if (isCharacter(first) && second === 0 && third !== 0 && (fourth === 0 || fourth === undefined))
    return 'utf-16le';
  if (first === 0 && isCharacter(second) && (third === 0 || third === undefined)) return 'utf-16be';
  return 'utf-8';
}

function isCharacter(byte: number | undefined): boolean {
  return byte !== undefined && byte !== 0;
}

function hintFor([first, second]: Uint8Array): string {
  if (first === 0x1f && second === 0x8b) return 'Unpack it first: it is a gzip file.';
  if (first === 0x50 && second === 0x4b)
    return 'It is a ZIP file, perhaps a workbook of Excel: export it as JSON.';
  return 'Save it as UTF-8.';
}
