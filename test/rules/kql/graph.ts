import { analyze } from '../../../emulator/kql/language.ts';
import { compileQuery } from '../../../emulator/kql/query.ts';
import type { Row } from '../../../emulator/kql/value.ts';
import { tableRows } from '../../../emulator/resource-graph/rows.ts';
import { resourceGraphTables } from '../../../emulator/resource-graph/tables.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { isRowProblem, toResource } from '../../../src/sources/rows/resource.ts';
import { subscriptionId } from '../../build.ts';

const tenantId = '99999999-9999-9999-9999-999999999999';

/** A resource as Resource Graph holds it: its row, and what a scan makes of the columns that it reads. */
export interface StoredResource {
  readonly row: Row;
  readonly resource: Resource;
}

/** Puts bodies of ARM into Resource Graph; each needs an id of its own. */
export function store(bodies: readonly JsonObject[]): readonly StoredResource[] {
  const tenant = {
    tenantId,
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'Payments' }],
    resources: [...bodies],
  };
  const scope = {
    subscriptions: new Set([subscriptionId]),
    managementGroups: new Set<string>(),
    limited: false,
  };
  return Array.from(tableRows('resources', tenant, scope), (row) => ({ row, resource: readAsScan(row) }));
}

/** The ids of the rows that a query gives. */
export function idsGivenBy(query: string, stored: readonly StoredResource[]): ReadonlySet<unknown> {
  const { rows } = compileQuery(query, {
    tables: resourceGraphTables,
    rows: () => stored.map(({ row }) => row),
    now: Date.UTC(2026, 10, 24),
  });
  return new Set(Array.from(rows(), (row) => row['id']));
}

/** What the official language service finds wrong with a query. */
export function problemsIn(query: string): readonly string[] {
  return analyze(query, resourceGraphTables).problems.map(({ message }) => message);
}

const read =
  'id, name, type, location, resourceGroup, subscriptionId, tenantId, tags, sku, identity, properties'.split(
    ', ',
  );

function readAsScan(row: Row): Resource {
  const columns: unknown = JSON.parse(
    JSON.stringify(Object.fromEntries(read.map((column) => [column, row[column] ?? null]))),
  );
  const resource = toResource(columns);
  if (isRowProblem(resource)) throw new Error(`not a resource: ${resource.problem}`);
  return resource;
}
