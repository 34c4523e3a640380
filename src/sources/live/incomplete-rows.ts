import { isJsonObject, type Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import { parseArmId } from '../rows/arm-id.ts';
import type { RowProblem } from '../rows/resource.ts';

/**
 * Rows that are not whole: resources with gaps, and rows that cannot be read as a resource. They are held back, since
 * reading again may bring them whole. Subscription ids, and the ids of resources, are in lower case.
 */
export interface IncompleteRows {
  addGaps(resource: Resource): void;
  addProblem(row: Json, problem: RowProblem): void;
  /** True when a resource came with gaps, and has not come again whole. */
  hasGaps(id: string): boolean;
  /** A resource has come whole. */
  resolve(resource: Resource): void;
  /** Subscriptions with resources that have gaps. */
  withGaps(): ReadonlySet<string>;
  /** Forgets the rows of a subscription that cannot be read: all that it holds has come. */
  discard(subscriptionId: string): void;
  /** Forgets every row that cannot be read. */
  discardAll(): void;
  /** What is left, and what is to be told of it. */
  close(): { readonly resources: readonly Resource[]; readonly unreadable: readonly Unreadable[] };
}

interface Problem {
  /** The id of the resource in lower case; where there is none, what is told of it. */
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
  const told = parseArmId(id)?.subscriptionId || (typeof column === 'string' ? column : '');
  const subscriptionId = told.toLowerCase();
  const scope = id || (subscriptionId === '' ? 'a row without id' : `/subscriptions/${subscriptionId}`);
  const what = problem.startsWith('"') ? problem : `it ${problem}`;
  const reason = `A row of Resource Graph cannot be read: ${what}.`;
  const entry = { scope, kind: 'resource', reason, hint } as const;
  return { key: id.toLowerCase() || scope, subscriptionId, entry };
}

const hint = 'Run the scan again; if this stays, look at the resource itself: az resource show --ids ….';
