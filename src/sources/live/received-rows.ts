import { isJsonObject, type Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import { parseArmId } from '../rows/arm-id.ts';
import { hasRows } from '../../resource-types/known-type.ts';
import { isRowProblem, toResource } from '../rows/resource.ts';
import { incompleteRows, type IncompleteRows } from './incomplete-rows.ts';
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
