import type { JsonObject } from '../../src/model/json.ts';
import { analyze, type Problem } from '../kql/language.ts';
import { compileQuery } from '../kql/query.ts';
import type { Row } from '../kql/value.ts';
import { rowOf } from './rows.ts';
import { resourceGraphTables } from './tables.ts';

/** What the official language service finds wrong with a query against the tables of Resource Graph. */
export function checkQuery(query: string): readonly Problem[] {
  return analyze(query, resourceGraphTables).problems;
}

/**
 * Runs a query over ARM bodies as rows of `resources`, without an emulator around it: for tests of what rules compile
 * to. Throws KqlProblems or KqlError. Several conditions fit into one query as columns, which saves parsing.
 */
export function filterResources(
  query: string,
  bodies: readonly JsonObject[],
  now = Date.now(),
): readonly Row[] {
  const rows = bodies.map((body) => rowOf(body, ''));
  const compiled = compileQuery(query, { tables: resourceGraphTables, rows: () => rows, now });
  return [...compiled.rows()];
}
