import type { Json, JsonObject } from '../../src/model/json.ts';
import { toText } from '../kql/conversion.ts';
import type { Column } from '../kql/syntax.ts';
import type { Row, Value } from '../kql/value.ts';
import { createSkipToken } from './skip-token.ts';

/** A whole result, and which part of it is asked for. */
export interface PageRequest {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  /** The parser's kinds of the query's operators: some of them end paging. */
  readonly operators: readonly string[];
  readonly offset: number;
  readonly top: number;
  readonly payloadLimit: number;
  readonly fingerprint: string;
  readonly resultFormat: 'table' | 'objectArray';
}

const largestPage = 1000;

/**
 * One answer. Rows beyond it are reached by `$skipToken`; when the query cannot be paged they are lost, which the
 * service says with `resultTruncated` "true", a string, and no token.
 */
export function pageOf(request: PageRequest): JsonObject {
  const { rows, columns, offset } = request;
  const objects: JsonObject[] = [];
  let bytes = 0;
  const end = Math.min(rows.length, offset + Math.min(request.top, largestPage));
  for (const row of rows.slice(offset, end)) {
    const object = objectOf(row, columns);
    bytes += JSON.stringify(object).length;
    if (bytes > request.payloadLimit && objects.length > 0) break;
    objects.push(object);
  }
  const next = offset + objects.length;
  const more = next < rows.length;
  const pageable = isPageable(request);
  return {
    totalRecords: rows.length,
    count: objects.length,
    data: request.resultFormat === 'objectArray' ? objects : tableOf(objects, columns),
    facets: [],
    resultTruncated: more && !pageable ? 'true' : 'false',
    ...(more && pageable && { $skipToken: createSkipToken(next, request.fingerprint) }),
  };
}

function isPageable({ operators, columns }: PageRequest): boolean {
  return !operators.includes('TakeOperator') && columns.some((column) => column.name === 'id');
}

function objectOf(row: Row, columns: readonly Column[]): JsonObject {
  return Object.fromEntries(columns.map(({ name, type }) => [name, output(row[name] ?? null, type)]));
}

/** Computed booleans come as 1 and 0, as Kusto's first protocol writes them; those inside a dynamic stay booleans. */
function output(value: Value, type: string): Json {
  if (type === 'string') return value ?? '';
  if (typeof value === 'boolean' && type === 'bool') return Number(value);
  return type === 'datetime' || type === 'timespan' ? (value === null ? null : toText(value, type)) : value;
}

const outputTypes: Readonly<Record<string, string>> = {
  string: 'string',
  guid: 'string',
  timespan: 'string',
  int: 'integer',
  long: 'integer',
  real: 'number',
  bool: 'boolean',
  datetime: 'datetime',
  dynamic: 'object',
};

function tableOf(objects: readonly JsonObject[], columns: readonly Column[]): JsonObject {
  return {
    columns: columns.map(({ name, type }) => ({ name, type: outputTypes[type] ?? 'object' })),
    rows: objects.map((object) => columns.map(({ name }) => object[name] ?? null)),
  };
}
