import { sha256 } from './canonical-json.ts';

/**
 * Ends a line of a journal with its own hash. The hash that the next line has of it cannot vouch for the last one; this
 * can. Like that of a plan, it stops accidents and careless edits, not a forger.
 */
export function sealLine(line: string): string {
  return `${line.slice(0, -1)},"hash":"${sha256(line)}"}`;
}

/** The state of a line's end: `broken` when it was changed after it was written, `none` when it has no hash to its end. */
export function sealOf(line: Uint8Array): 'whole' | 'broken' | 'none' {
  const text = new TextDecoder().decode(line);
  const seal = /^(.*),"hash":"([0-9a-f]{64})"\}$/s.exec(text);
  if (seal === null) return 'none';
  const [, rest = '', hash] = seal;
  return sha256(`${rest}}`) === hash ? 'whole' : 'broken';
}
