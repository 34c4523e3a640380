/** A piece of a document that is shown whole or not at all, and what a reader would miss without it. */
export interface Block extends Partial<LeftOut> {
  readonly text: string;
}

/** The numbers of findings and of gaps (things that could not be read) that a shortened document does not show. */
export interface LeftOut {
  readonly findings: number;
  readonly gaps: number;
}

const encoder = new TextEncoder();

/**
 * Blocks in order, as long as they fit into `maxBytes` of UTF-8 together with the closing sentence that counts what
 * is left out. Nothing comes after the first block that does not fit. Every block where there is no limit.
 */
export function* cut(
  blocks: Iterable<Block>,
  maxBytes: number | undefined,
  closing: (leftOut: LeftOut) => string,
): Iterable<string> {
  const limit = maxBytes ?? Number.POSITIVE_INFINITY;
  const reserve = bytes(closing({ findings: Number.MAX_SAFE_INTEGER, gaps: Number.MAX_SAFE_INTEGER }));
  let used = 0;
  let full = false;
  let leftOut: LeftOut = { findings: 0, gaps: 0 };
  for (const { text, findings = 0, gaps = 0 } of blocks) {
    if (!full) {
      used += bytes(text);
      full = used + reserve > limit;
    }
    if (full) leftOut = { findings: leftOut.findings + findings, gaps: leftOut.gaps + gaps };
    else yield text;
  }
  if (full && reserve <= limit) yield closing(leftOut);
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}
