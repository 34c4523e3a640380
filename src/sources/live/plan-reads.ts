import { pageSize, type GraphScope } from '../../azure/resource-graph.ts';
import type { Sequence } from '../../azure/graph-sequence.ts';
import { rowsQuery, type LiveQuery } from './query.ts';

/** A scope and the rows that it is expected to hold. */
export interface CountedScope {
  readonly scope: GraphScope;
  readonly rows: number;
}

/**
 * Rows that are read in one sequence of pages. Within the quota a hundred pages take half a minute; the longer a
 * sequence takes, the more rows that come and go shift its pages. Above this, the result is partitioned by hash.
 */
export const rowsPerSequence = 100_000;

/** A page takes Azure about a second, and the quota allows three a second: longer sequences are read from several rows at once. */
const rowsPerReader = 25_000;

/**
 * Plans the sequences that together read every row of a scope, with no more requests than pages: lanes begin at whole
 * pages, and partitions cost at most one page more each.
 */
export function planReads(query: LiveQuery, { scope, rows }: CountedScope): readonly Sequence[] {
  if (rows === 0) return [];
  const operation = 'read vaults from Resource Graph';
  const partitions = Math.ceil(rows / rowsPerSequence);
  // Without hashes there are no partitions, only more lanes.
  if (partitions > 1 && query.plain !== true) {
    return Array.from({ length: partitions }, (_, index) => {
      return { operation, scope, query: rowsQuery(query, { index, of: partitions }) };
    });
  }
  const readers = Math.ceil(rows / rowsPerReader);
  const readerRows = Math.ceil(rows / pageSize / readers) * pageSize;
  return Array.from({ length: readers }, (_, index) => {
    const sequence = { operation, scope, query: rowsQuery(query), skip: index * readerRows };
    return index === readers - 1 ? sequence : { ...sequence, rows: readerRows };
  });
}
