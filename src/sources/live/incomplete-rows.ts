import { isJsonObject, type Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import { parseArmId } from '../rows/arm-id.ts';
import type { RowProblem } from '../rows/resource.ts';

/**
 * Rows that are incomplete: resources with gaps, and rows that cannot be read as a resource. They are withheld, since a
 * further read may bring them complete. Subscription ids, and the ids of resources, are in lower case.
 */
export interface IncompleteRows {
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
export function incompleteRows(): IncompleteRows {
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

const hint = 'Run the scan again; if this stays, look at the resource itself: az resource show --ids ….';
