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
  /** Subscriptions with a row that was not whole, and has not come again whole. */
  troubled(): ReadonlySet<string>;
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

  function enterOne(row: Json): readonly Resource[] {
    const read = toResource(row);
    const id = read.id.toLowerCase();
    if (seen.has(id)) return [];
    const trouble = troubleOf(row, read);
    if (trouble === undefined && !isRowProblem(read)) {
      seen.add(id);
      troubles.delete(id);
      credit(read);
      return [read];
    }
    if (trouble !== undefined && id !== '') troubles.set(id, trouble);
    else if (trouble !== undefined) nameless.push(trouble);
    return [];
  }

  function credit({ subscriptionId }: Resource): void {
    const id = subscriptionId.toLowerCase();
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }

  return {
    enter: (rows) => rows.flatMap(enterOne),
    count: (subscriptionId) => counts.get(subscriptionId) ?? 0,
    troubled: () => new Set([...troubles.values(), ...nameless].map(({ subscriptionId }) => subscriptionId)),
    forgetNameless() {
      nameless = [];
    },
    close() {
      const all = [...troubles.values(), ...nameless];
      const resources = all.flatMap(({ resource }) => resource ?? []);
      for (const resource of resources) credit(resource);
      return { resources, unreadable: all.map(({ entry }) => entry) };
    },
    get total() {
      return seen.size;
    },
  };
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
