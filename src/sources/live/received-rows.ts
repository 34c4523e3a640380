import type { Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import { isKeyVaultType, isRowProblem, toResource } from '../rows/resource.ts';
import { incompleteRows, type IncompleteRows } from './incomplete-rows.ts';
import { checksumOf, rowSets, splitChecksum } from './row-sets.ts';
import type { RowSet } from './snapshot.ts';

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
