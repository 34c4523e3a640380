import type { Row } from '../kql/value.ts';

/** Whole results of queries over tenants that are generated, kept for the pages to come. */
export interface ResultCache {
  get(key: string): readonly Row[] | undefined;
  set(key: string, rows: readonly Row[]): void;
}

const capacity = 24;

/** Keeps the results used last. */
export function createResultCache(): ResultCache {
  const results = new Map<string, readonly Row[]>();
  const keep = (key: string, rows: readonly Row[]): void => {
    results.delete(key);
    results.set(key, rows);
    const [oldest] = results.keys();
    if (results.size > capacity && oldest !== undefined) results.delete(oldest);
  };
  return {
    get: (key) => {
      const rows = results.get(key);
      if (rows !== undefined) keep(key, rows);
      return rows;
    },
    set: keep,
  };
}
