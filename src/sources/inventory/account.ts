import type { Coverage, SubscriptionCoverage, Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import type { Subscription } from '../../model/source.ts';
import type { MissingRows } from './rows.ts';
import { type Json, isJsonObject } from '../../model/json.ts';
import { cutOffHint, holdsCutOff } from './refused-formats/row-formats.ts';
import { graphQuery } from './refused-formats/export-again.ts';

/** Everything that the events of an inventory contain except its resources. */
export interface InventoryAccount {
  readonly subscriptions: readonly Subscription[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
}

/** Accounts for the resources of an inventory as they come. */
export interface InventoryLedger {
  /** A subscription that the file itself describes; others are known by id alone. */
  addSubscription(subscription: Subscription): void;
  /** `isGapped`: it cannot be judged, because parts of it are missing, contradict each other or are malformed. */
  addResource(resource: Resource, isGapped: boolean): void;
  /** The account of every subscription that the file mentions. `missing`: the signs that it is incomplete. */
  close(missing: readonly MissingRows[], interrupted: boolean): InventoryAccount;
}

/** Begins the account of the file that the user calls `name`. */
export function inventoryLedger(name: string): InventoryLedger {
  const described = new Map<string, Subscription>();
  const counted = new Map<string, Counted>();
  const gapped: Unreadable[] = [];
  return {
    addSubscription: (subscription) => {
      described.set(subscription.id.toLowerCase(), subscription);
    },
    addResource(resource, isGapped) {
      const { subscriptionId: id } = resource;
      const known = counted.get(id) ?? countedIn(counted, id);
      known.rows += 1;
      known.isPartial ||= isGapped;
      if (isGapped) gapped.push(explainGaps(resource));
    },
    close(missing, interrupted) {
      const subscriptions = joinSubscriptions(described, counted);
      const cover = ({ id, name: shown }: Subscription): SubscriptionCoverage => {
        const { rows, isPartial } = counted.get(id.toLowerCase()) ?? { rows: 0, isPartial: false };
        const whole = missing.length === 0 ? readState(rows) : 'truncated';
        return {
          id,
          name: shown,
          state: interrupted || isPartial ? 'partial' : whole,
          expectedRows: rows,
          rows,
        };
      };
      const unreadable = [
        ...missing.map(({ reason, hint }): Unreadable => ({ scope: name, kind: 'inventory', reason, hint })),
        ...gapped,
        ...(interrupted ? [stopped(name)] : []),
      ];
      const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
      return {
        subscriptions,
        unreadable,
        coverage: { expectedFrom: 'visible', subscriptions: subscriptions.map(cover), ...cost },
      };
    },
  };
}

/** The resources of a subscription, whose id is in the letter case in which it came first. */
interface Counted {
  readonly id: string;
  rows: number;
  isPartial: boolean;
}

/** The count of a subscription under the id in lower case, and under the id as it is written. */
function countedIn(counted: Map<string, Counted>, id: string): Counted {
  const lower = id.toLowerCase();
  const known = counted.get(lower) ?? { id, rows: 0, isPartial: false };
  counted.set(lower, known);
  counted.set(id, known);
  return known;
}

function joinSubscriptions(
  described: ReadonlyMap<string, Subscription>,
  counted: ReadonlyMap<string, Counted>,
): readonly Subscription[] {
  const all = new Map(described);
  for (const { id } of counted.values())
    if (id !== '' && !all.has(id.toLowerCase()))
      all.set(id.toLowerCase(), { id, name: id, managementGroups: [] });
  return [...all.values()];
}

function readState(rows: number): 'read' | 'empty' {
  return rows === 0 ? 'empty' : 'read';
}

function stopped(scope: string): Unreadable {
  return { scope, kind: 'interrupted', reason: 'The scan was interrupted.', hint: 'Run it again.' };
}

/** The gap that is reported for a resource that the inventory shows only in part. */
function explainGaps({ id, gaps, body }: Resource): Unreadable {
  return { scope: id, kind: 'resource', ...reasonFor(gaps, body['properties']) };
}

function reasonFor(
  gaps: readonly string[],
  properties: Json | undefined,
): Pick<Unreadable, 'reason' | 'hint'> {
  const places = gaps.join(', ');
  if (holdsCutOff(properties))
    return { reason: `ConvertTo-Json cut off what is in ${places}.`, hint: cutOffHint };
  if (!gaps.includes('properties'))
    return { reason: `The inventory contradicts itself or is malformed at ${places}.`, hint: wholeRows };
  if (properties === undefined || properties === null)
    return {
      reason: 'The inventory has no properties for it.',
      hint: `az keyvault list prints no properties. ${wholeRows}`,
    };
  const kind = typeof properties === 'string' ? 'text that is no JSON' : describe(properties);
  return { reason: `Its properties are ${kind}, not an object.`, hint: wholeRows };
}

function describe(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  return isJsonObject(value) ? 'an object' : `a ${typeof value}`;
}

const wholeRows = `Export them: \`${graphQuery}\``;
