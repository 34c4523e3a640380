import { UsageError } from '../model/errors.ts';

/**
 * Decodes UTF-8 (with or without byte order mark) and UTF-16 (with one, which is what PowerShell's `>` writes, or
 * without). Throws `UsageError` for anything else.
 */
export function decodeUnicode(bytes: Uint8Array, file: string): string {
  if (bytes.length > longest)
    throw new UsageError(`${file} is larger than ${longest / megabyte} MB`, 'Split it into several files.');
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not ${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'} text`, hintFor(bytes));
  }
}

const megabyte = 1_000_000;
/** No text of Node.js holds more than 2^29 - 24 units, and a byte may be one. */
const longest = 500 * megabyte;

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
