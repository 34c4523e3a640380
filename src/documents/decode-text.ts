/** A mistake at a place in a text, counted in UTF-16 units from its beginning. */
export interface Flaw {
  readonly offset: number;
  readonly message: string;
  /** True when the value that was read is not what was written: then it is not worth checking further. */
  readonly lossy?: boolean;
}

/** The size that a file may have, in bytes. */
const sizeLimit = 1024 * 1024;

/** A decoded file. Where `flaw` is given, `text` is only good for finding its line and column. */
export interface DecodedText {
  readonly text: string;
  readonly flaw?: Flaw;
}

/** Decodes UTF-8, with or without a byte order mark; every other encoding is refused by name. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes.length > sizeLimit) {
    const size = (bytes.length / sizeLimit).toFixed(1);
    return { text: '', flaw: { offset: 0, message: `the file is ${size} MB; the limit is 1 MB` } };
  }
  const encoding = otherEncoding(bytes);
  if (encoding !== undefined) {
    return { text: '', flaw: { offset: 0, message: `the file is encoded as ${encoding}; save it as UTF-8` } };
  }
  const content = startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
  const text = new TextDecoder('utf-8').decode(content);
  const flaw = encodingFlaw(content, text) ?? controlFlaw(text);
  return flaw === undefined ? { text } : { text, flaw };
}

function otherEncoding(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff])) return 'UTF-32';
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return 'UTF-16';
  // Without a byte order mark, text of Latin letters still betrays UTF-16: every other byte is zero.
  const pair = bytes[0] === 0 ? bytes[1] !== 0 && bytes[2] === 0 : bytes[1] === 0 && bytes[3] === 0;
  return bytes.length > 3 && pair && bytes[0] !== bytes[1] ? 'UTF-16' : undefined;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

function encodingFlaw(bytes: Uint8Array, text: string): Flaw | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    const offset = text.indexOf('\uFFFD');
    const byte = bytes[new TextEncoder().encode(text.slice(0, offset)).length] ?? 0;
    const code = byte.toString(16).toUpperCase().padStart(2, '0');
    return {
      offset,
      message: `byte 0x${code} is not UTF-8 (Latin-1 or Windows-1252?); save the file as UTF-8`,
    };
  }
}

/** The control characters that YAML refuses; the parser uses some of them as markers of its own. */
const control = /(?![\t\n\r\u0085])\p{Cc}/u;

function controlFlaw(text: string): Flaw | undefined {
  const offset = text.search(control);
  if (offset === -1) return undefined;
  const code = text.charCodeAt(offset);
  if (code === 0) return { offset, message: 'a NUL byte is not text; is this the right file?' };
  const hex = code.toString(16).padStart(2, '0');
  return { offset, message: `control character 0x${hex}; write it as "\\x${hex}" in double quotes` };
}
