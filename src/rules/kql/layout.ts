import { type Kql, renderPart } from './expression.ts';

const width = 110;

/** A condition over lines that a person can read: what does not fit on one is broken at its `and`s or `or`s. */
export function layOut(kql: Kql, indent: string): readonly string[] {
  const line = `${indent}${renderPart(kql)}`;
  if (line.length <= width || kql.kind === 'constant' || kql.kind === 'test') return [line];
  const { kind, parts } = kql;
  const inner = parts.flatMap((part, index) => {
    const lines = layOut(part, `${indent}  `);
    return index === 0 ? lines : prefixFirst(lines, `${kind} `);
  });
  return [`${indent}(`, ...inner, `${indent})`];
}

/** Puts a word before the first of some lines, after its indent. */
export function prefixFirst(lines: readonly string[], word: string): readonly string[] {
  return lines.map((line, index) => (index === 0 ? line.replace(/^ */, (indent) => indent + word) : line));
}
