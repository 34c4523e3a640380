import type { JsonObject } from '../../src/model/json.ts';
import { compileQuery, type CompiledQuery } from '../kql/query.ts';
import type { Row } from '../kql/value.ts';
import type { World } from '../world.ts';
import { queryError } from './errors.ts';
import { pageOf } from './paging.ts';
import { readGraphRequest, type GraphRequest } from './request.ts';
import { tableRows } from './rows.ts';
import { resolveScope, type Scope } from './scope.ts';
import { fingerprintOf, readSkipToken } from './skip-token.ts';
import { resourceGraphTables } from './tables.ts';
import { refuseUnaccepted } from './unaccepted.ts';

/** A page, and whether the scope was cut to what a query reaches. */
export interface Answer {
  readonly page: JsonObject;
  readonly limited: boolean;
}

const largestPayload = 16 * 1024 * 1024;

/** Runs a query and gives the page that was asked for. Throws GraphError. */
export function answerQuery(body: unknown, world: World): Answer {
  const request = readGraphRequest(body);
  const scope = resolveScope(request, world);
  try {
    refuseUnaccepted(request.query, world.options.unaccepted);
    return { page: run(request, world, scope), limited: scope.limited };
  } catch (error) {
    throw queryError(error, request.query);
  }
}

function run(request: GraphRequest, world: World, scope: Scope): JsonObject {
  const fingerprint = fingerprintOf(request);
  const offset =
    request.skipToken === undefined ? request.skip : readSkipToken(request.skipToken, fingerprint);
  const query = compileQuery(request.query, {
    tables: resourceGraphTables,
    rows: (table) => tableRows(table, world.tenant, scope),
    now: world.now(),
  });
  return pageOf({
    rows: resultOf(query, world, fingerprint),
    columns: query.columns,
    operators: query.operators,
    // With limit or take, $skip is ignored.
    offset: query.operators.includes('TakeOperator') ? 0 : offset,
    top: request.top,
    payloadLimit: world.options.payloadLimit ?? largestPayload,
    fingerprint,
    resultFormat: request.resultFormat,
  });
}

/**
 * The whole result. Over an array it is made anew for each page, so that a change between pages shows as it would in
 * Azure; over a function, which is never to change, it is kept.
 */
function resultOf(query: CompiledQuery, world: World, fingerprint: string): readonly Row[] {
  if (Array.isArray(world.tenant.resources)) return [...query.rows()];
  const known = world.results.get(fingerprint);
  if (known !== undefined) return known;
  const rows = [...query.rows()];
  world.results.set(fingerprint, rows);
  return rows;
}
