/** A piece of a document that is shown whole or not at all. `rows` counts what a reader would miss without it. */
export interface Block {
  readonly text: string;
  readonly rows: number;
}

const encoder = new TextEncoder();

/**
 * Blocks in order, as long as they fit into `maxBytes` of UTF-8 together with the closing sentence that counts the
 * rows left out. Nothing comes after the first block that does not fit. Every block where there is no limit.
 */
export function* cut(
  blocks: Iterable<Block>,
  maxBytes: number | undefined,
  closing: (rows: number) => string,
): Iterable<string> {
  const limit = maxBytes ?? Number.POSITIVE_INFINITY;
  const reserve = bytes(closing(Number.MAX_SAFE_INTEGER));
  let used = 0;
  let full = false;
  let rows = 0;
  for (const { text, rows: more } of blocks) {
    const size = full ? 0 : bytes(text);
    full ||= used + size + reserve > limit;
    if (full) rows += more;
    else yield text;
    used += size;
  }
  if (full && reserve <= limit) yield closing(rows);
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}
