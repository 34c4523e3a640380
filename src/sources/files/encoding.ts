import { UsageError } from '../../model/errors.ts';

/**
 * Decodes UTF-8 (with or without byte order mark) and UTF-16 (with one: what PowerShell's `>` writes).
 * Throws `UsageError` for anything else.
 */
export function decodeUnicode(bytes: Uint8Array, file: string): string {
  const encoding = markOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(
      `${file} is not ${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'} text`,
      bytes[0] === 0x1f && bytes[1] === 0x8b ? 'Unpack it first: it is a gzip file.' : 'Save it as UTF-8.',
    );
  }
}

function markOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
