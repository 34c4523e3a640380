import { isJsonObject, type Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import { parseArmId } from '../rows/arm-id.ts';
import { isKeyVaultType, isRowProblem, toResource } from '../rows/resource.ts';
import { incompleteRows, type IncompleteRows } from './incomplete-rows.ts';
import { checksumOf, noRows, type RowSet } from './snapshot.ts';

/** Keeps account of rows as they arrive. Subscription ids are in lower case. */
export interface ReceivedRows {
  /** Enters a page, and gives its resources but those that came before, and those that are not whole. */
  enter(rows: readonly Json[]): readonly Resource[];
  /** Resources that were handed over of a subscription. */
  count(subscriptionId: string): number;
  /** The rows that have come of a subscription, whole or with gaps. */
  received(subscriptionId: string): RowSet;
  /** From now on rows come without marks, and are compared by those computed here. */
  recomputeChecksums(): void;
  /** Begins a pass, of which `receivedInPass` tells. Until then it tells of all. */
  beginPass(): void;
  /** The rows that have come of a subscription in this pass, whether or not they had come before. */
  receivedInPass(subscriptionId: string): RowSet;
  /** Subscriptions of which resources were handed over. */
  subscriptions(): Iterable<string>;
  /** The rows that are not whole. */
  readonly incomplete: IncompleteRows;
  /** Ends the account: resources that have gaps to the last, and what is to be told of every row that is not whole. */
  close(): { readonly resources: readonly Resource[]; readonly unreadable: readonly Unreadable[] };
  /** All resources so far. */
  readonly total: number;
}

/**
 * Starts an account. A row that is not whole is held back, since reading again may bring it whole; not for what no rule
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
    if (resource.gaps.length > 0 && isKeyVaultType(resource.type) && isUndecided(resource)) {
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

/** The sets of rows that came, subscription by subscription; each row is in its set once. */
interface RowSets {
  /** Adds a row; false when it is there already. */
  add(row: { readonly subscriptionId: string; readonly id: string; readonly checksum: number }): boolean;
  get(subscriptionId: string): RowSet;
  /** Gives every row the mark that is computed here, to compare them with marks of the same kind. */
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

/** Parts a row from its mark, which is not the resource's; `undefined` where Resource Graph gave none. */
function splitChecksum(row: Json): { readonly checksum: number | undefined; readonly row: Json } {
  if (!isJsonObject(row)) return { checksum: undefined, row };
  const { checksum, ...rest } = row;
  return { checksum: typeof checksum === 'number' ? checksum : undefined, row: rest };
}
