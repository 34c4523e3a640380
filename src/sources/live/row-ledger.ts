import { isJsonObject, type Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import { parseArmId } from '../arm-id.ts';
import { isKeyVaultType, isRowProblem, toResource } from '../resource.ts';

/** Keeps account of rows as they arrive. Subscription ids are in lower case. */
export interface RowLedger {
  /** Enters a page, and gives its resources but those that came before, and those that are not whole. */
  enter(rows: readonly Json[]): readonly Resource[];
  /** Whole resources that have come from a subscription. */
  count(subscriptionId: string): number;
  /** Begins to count anew what comes in one pass, which `countInPass` gives. The first pass is everything. */
  beginPass(): void;
  /** Resources of a subscription that have come in this pass, whether or not they had come before. */
  countInPass(subscriptionId: string): number;
  /** Subscriptions of which resources have come. */
  subscriptions(): Iterable<string>;
  /** How many rows of a subscription were not whole, and have not come again whole. */
  troubled(): ReadonlyMap<string, number>;
  /** Rows without any id have been made up for: every row that is expected has come. */
  forgetNameless(): void;
  /** Ends the account: resources that have gaps to the last, and what is to be told of every row that is not whole. */
  close(): { readonly resources: readonly Resource[]; readonly unreadable: readonly Unreadable[] };
  /** All resources so far. */
  readonly total: number;
}

interface Trouble {
  readonly subscriptionId: string;
  readonly resource: Resource | undefined;
  readonly entry: Unreadable;
}

/** Starts an account. A row that is not whole is held back, since reading again may bring it whole. */
export function rowLedger(): RowLedger {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const troubles = new Map<string, Trouble>();
  let nameless: Trouble[] = [];
  let pass: { readonly ids: Set<string>; readonly counts: Map<string, number> } | undefined;

  function enterOne(row: Json): readonly Resource[] {
    const read = toResource(row);
    const id = read.id.toLowerCase();
    if (seen.has(id)) {
      countAgain(id);
      return [];
    }
    const trouble = troubleOf(row, read);
    if (trouble === undefined && !isRowProblem(read)) {
      seen.add(id);
      troubles.delete(id);
      add(counts, read.subscriptionId);
      countAgain(id);
      return [read];
    }
    if (trouble !== undefined && id !== '') troubles.set(id, trouble);
    else if (trouble !== undefined) nameless.push(trouble);
    return [];
  }

  function countAgain(id: string): void {
    if (pass === undefined || pass.ids.has(id)) return;
    pass.ids.add(id);
    add(pass.counts, parseArmId(id)?.subscriptionId ?? '');
  }

  return {
    enter: (rows) => rows.flatMap(enterOne),
    count: (subscriptionId) => counts.get(subscriptionId) ?? 0,
    beginPass() {
      pass = { ids: new Set(), counts: new Map() };
    },
    countInPass: (subscriptionId) => (pass?.counts ?? counts).get(subscriptionId) ?? 0,
    subscriptions: () => counts.keys(),
    troubled() {
      const troubled = new Map<string, number>();
      for (const { subscriptionId } of [...troubles.values(), ...nameless]) add(troubled, subscriptionId);
      return troubled;
    },
    forgetNameless() {
      nameless = [];
    },
    close() {
      const all = [...troubles.values(), ...nameless];
      const resources = all.flatMap(({ resource }) => resource ?? []);
      for (const { subscriptionId } of resources) add(counts, subscriptionId);
      return { resources, unreadable: all.map(({ entry }) => entry) };
    },
    get total() {
      return seen.size;
    },
  };
}

function add(counts: Map<string, number>, subscriptionId: string): void {
  const id = subscriptionId.toLowerCase();
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

function troubleOf(row: Json, read: ReturnType<typeof toResource>): Trouble | undefined {
  if (!isRowProblem(read)) {
    if (read.gaps.length === 0 || !isKeyVaultType(read.type)) return undefined;
    const reason = `Resource Graph gives it without ${read.gaps.join(', ')}, or with contradictions there.`;
    return {
      subscriptionId: read.subscriptionId.toLowerCase(),
      resource: read,
      entry: { scope: read.id, kind: 'resource', reason, hint },
    };
  }
  const subscriptionId = subscriptionOf(row, read.id);
  const scope = read.id || (subscriptionId === '' ? 'a row without id' : `/subscriptions/${subscriptionId}`);
  const reason = `A row of Resource Graph cannot be read: it ${read.problem}.`;
  return { subscriptionId, resource: undefined, entry: { scope, kind: 'resource', reason, hint } };
}

const hint = 'Run the scan again; if this stays, look at the resource itself: az resource show --ids ….';

function subscriptionOf(row: Json, id: string): string {
  const column = isJsonObject(row) ? row['subscriptionId'] : undefined;
  const told = parseArmId(id)?.subscriptionId || (typeof column === 'string' ? column : '');
  return told.toLowerCase();
}
