import { isJsonObject, type Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import { parseArmId } from '../rows/arm-id.ts';
import { hasRows } from '../../resource-types/known-type.ts';
import { isRowProblem, toResource, type RowProblem } from '../rows/resource.ts';
import { checksumOf, noRows, type RowSet } from './snapshot.ts';

/** The rows received so far. Subscription ids are in lower case. */
export interface ReceivedRows {
  /** Enters a page, and returns its resources except those received before and those that are incomplete. */
  enter(rows: readonly Json[]): readonly Resource[];
  /** The number of resources returned for a subscription. */
  count(subscriptionId: string): number;
  /** The rows received of a subscription, complete or with gaps. */
  received(subscriptionId: string): RowSet;
  /** Compares rows by checksums computed here from now on: pages bring none any more. */
  recomputeChecksums(): void;
  /** Begins a pass, whose rows `receivedInPass` gives. Until then it gives all. */
  beginPass(): void;
  /** The rows received of a subscription in this pass, new or not. */
  receivedInPass(subscriptionId: string): RowSet;
  /** Subscriptions with resources that were returned. */
  subscriptions(): Iterable<string>;
  /** The rows that are incomplete. */
  readonly incomplete: IncompleteRows;
  /** Ends the read: resources that still have gaps, and the gap to report for every incomplete row. */
  close(): { readonly resources: readonly Resource[]; readonly unreadable: readonly Unreadable[] };
  /** All resources so far. */
  readonly total: number;
}

/**
 * Begins with no rows. An incomplete row is withheld, since a further read may bring it complete; not for what no rule
 * needs to know (`isUndecided`).
 */
export function receivedRows(isUndecided: (resource: Resource) => boolean = () => true): ReceivedRows {
  const counts = new Map<string, number>();
  const all = rowSets();
  const incomplete = incompleteRows();
  let pass: ReturnType<typeof rowSets> | undefined;
  let total = 0;

  function enterOne(entered: Json): readonly Resource[] {
    const { checksum: given, row } = splitChecksum(entered);
    const resource = toResource(row);
    if (isRowProblem(resource)) {
      incomplete.addProblem(row, resource);
      return [];
    }
    const id = resource.id.toLowerCase();
    const subscriptionId = resource.subscriptionId.toLowerCase();
    const checksum = given ?? checksumOf(id);
    pass?.add({ subscriptionId, id, checksum });
    if (!all.add({ subscriptionId, id, checksum }) && !incomplete.hasGaps(id)) return [];
    if (resource.gaps.length > 0 && hasRows(resource.type) && isUndecided(resource)) {
      incomplete.addGaps(resource);
      return [];
    }
    incomplete.resolve(resource);
    add(counts, subscriptionId);
    total += 1;
    return [resource];
  }

  return {
    enter: (rows) => rows.flatMap(enterOne),
    count: (subscriptionId) => counts.get(subscriptionId) ?? 0,
    received: (subscriptionId) => all.get(subscriptionId),
    recomputeChecksums: () => all.recomputeChecksums(),
    beginPass() {
      pass = rowSets();
    },
    receivedInPass: (subscriptionId) => (pass ?? all).get(subscriptionId),
    subscriptions: () => counts.keys(),
    incomplete,
    close() {
      const rest = incomplete.close();
      for (const { subscriptionId } of rest.resources) add(counts, subscriptionId.toLowerCase());
      return rest;
    },
    get total() {
      return total;
    },
  };
}

function add(counts: Map<string, number>, subscriptionId: string): void {
  counts.set(subscriptionId, (counts.get(subscriptionId) ?? 0) + 1);
}

/** The sets of rows received, by subscription; each row is in its set once. */
interface RowSets {
  /** Adds a row; false when it is there already. */
  add(row: { readonly subscriptionId: string; readonly id: string; readonly checksum: number }): boolean;
  get(subscriptionId: string): RowSet;
  /** Gives every row the checksum that is computed here, to compare it with checksums of the same kind. */
  recomputeChecksums(): void;
}

/** Begins with no rows. Ids are in lower case. */
function rowSets(): RowSets {
  const ids = new Set<string>();
  const sets = new Map<string, RowSet>();
  return {
    add({ subscriptionId, id, checksum }) {
      if (ids.has(id)) return false;
      ids.add(id);
      const set = sets.get(subscriptionId) ?? noRows;
      sets.set(subscriptionId, { rows: set.rows + 1, checksum: set.checksum + checksum });
      return true;
    },
    get: (subscriptionId) => sets.get(subscriptionId) ?? noRows,
    recomputeChecksums() {
      sets.clear();
      for (const id of ids) {
        const subscriptionId = parseArmId(id)?.subscriptionId ?? '';
        const set = sets.get(subscriptionId) ?? noRows;
        sets.set(subscriptionId, { rows: set.rows + 1, checksum: set.checksum + checksumOf(id) });
      }
    },
  };
}

/** Splits a row from its checksum, which is not part of the resource; `undefined` where Resource Graph gave none. */
function splitChecksum(row: Json): { readonly checksum: number | undefined; readonly row: Json } {
  if (!isJsonObject(row)) return { checksum: undefined, row };
  const { checksum, ...rest } = row;
  return { checksum: typeof checksum === 'number' ? checksum : undefined, row: rest };
}

/**
 * Rows that are incomplete: resources with gaps, and rows that cannot be read as a resource. They are withheld, since a
 * further read may bring them complete. Subscription ids, and the ids of resources, are in lower case.
 */
interface IncompleteRows {
  addGaps(resource: Resource): void;
  addProblem(row: Json, problem: RowProblem): void;
  /** True when a resource was received with gaps, and not complete since. */
  hasGaps(id: string): boolean;
  /** Records that a resource was received complete. */
  resolve(resource: Resource): void;
  /** Subscriptions with resources that have gaps. */
  withGaps(): ReadonlySet<string>;
  /** Discards the unreadable rows of a subscription: everything in it has been received. */
  discard(subscriptionId: string): void;
  /** Discards every unreadable row. */
  discardAll(): void;
  /** The rows that remain, and the gaps to report for them. */
  close(): { readonly resources: readonly Resource[]; readonly unreadable: readonly Unreadable[] };
}

interface Problem {
  /** The id of the resource in lower case; without one, the scope that is reported. */
  readonly key: string;
  readonly subscriptionId: string;
  readonly entry: Unreadable;
}

/** Begins with none. */
function incompleteRows(): IncompleteRows {
  const gaps = new Map<string, Resource>();
  /** By subscription, and by key. */
  const problems = new Map<string, Map<string, Unreadable>>();
  return {
    addGaps: (resource) => void gaps.set(resource.id.toLowerCase(), resource),
    addProblem(row, read) {
      const { subscriptionId, key, entry } = problemOf(row, read);
      const known = problems.get(subscriptionId) ?? new Map<string, Unreadable>();
      problems.set(subscriptionId, known.set(key, entry));
    },
    hasGaps: (id) => gaps.has(id),
    resolve({ id, subscriptionId }) {
      gaps.delete(id.toLowerCase());
      problems.get(subscriptionId.toLowerCase())?.delete(id.toLowerCase());
    },
    withGaps: () => new Set([...gaps.values()].map(({ subscriptionId }) => subscriptionId.toLowerCase())),
    discard: (subscriptionId) => void problems.delete(subscriptionId),
    discardAll: () => problems.clear(),
    close() {
      const resources = [...gaps.values()];
      const unreadable = resources.map(gapsOf);
      for (const entries of problems.values()) unreadable.push(...entries.values());
      return { resources, unreadable };
    },
  };
}

function gapsOf({ id, gaps }: Resource): Unreadable {
  const reason = `Resource Graph gives it without ${gaps.join(', ')}, or with contradictions there.`;
  return { scope: id, kind: 'resource', reason, hint };
}

function problemOf(row: Json, { id, problem }: RowProblem): Problem {
  const column = isJsonObject(row) ? row['subscriptionId'] : undefined;
  const found = parseArmId(id)?.subscriptionId || (typeof column === 'string' ? column : '');
  const subscriptionId = found.toLowerCase();
  const scope = id || (subscriptionId === '' ? 'a row without id' : `/subscriptions/${subscriptionId}`);
  const what = problem.startsWith('"') ? problem : `it ${problem}`;
  const reason = `A row of Resource Graph cannot be read: ${what}.`;
  const entry = { scope, kind: 'resource', reason, hint } as const;
  return { key: id.toLowerCase() || scope, subscriptionId, entry };
}

const hint =
  'Run the scan again; if this stays, look at the resource itself: `az resource show --ids <resource id>`';
