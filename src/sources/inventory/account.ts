import type { Coverage, ReportScope, SubscriptionCoverage, Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import type { Subscription } from '../../model/source.ts';
import type { MissingRows } from './rows.ts';
import { type Json, isJsonObject } from '../../model/json.ts';
import { cutOffHint, holdsCutOff } from './recognise/cut-off.ts';
import { graphQuery } from './recognise/export-again.ts';

/** The contents of a file, and each sign that it is incomplete. */
export interface Inventory {
  readonly name: string;
  readonly resources: readonly Resource[];
  /** Those of them that cannot be judged, because parts of them are missing, contradict each other or are malformed. */
  readonly gapped: readonly Resource[];
  /** Subscriptions that the file itself describes; others are known by id alone. */
  readonly subscriptions: readonly Subscription[];
  readonly missing: readonly MissingRows[];
}

/** Everything that the events of an inventory contain except its resources. */
export interface InventoryAccount {
  readonly scope: ReportScope;
  readonly subscriptions: readonly Subscription[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
}

/** Accounts for every subscription that the file mentions. `interrupted`: the read returned no resources. */
export function accountForInventory(inventory: Inventory, interrupted: boolean): InventoryAccount {
  const subscriptions = subscriptionsOf(inventory);
  const whole = inventory.missing.length === 0;
  const partial = new Set(inventory.gapped.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  const rows = countBySubscription(inventory.resources);
  const cover = ({ id, name }: Subscription): SubscriptionCoverage => {
    const count = rows.get(id.toLowerCase()) ?? 0;
    const state =
      interrupted || partial.has(id.toLowerCase()) ? 'partial' : whole ? readState(count) : 'truncated';
    return { id, name, state, expectedRows: count, rows: interrupted ? 0 : count };
  };
  return {
    scope: {
      subscriptions: subscriptions.map(({ id, name }) => ({ id, name })),
      managementGroups: [],
      inventory: inventory.name,
    },
    subscriptions,
    unreadable: [
      ...inventory.missing.map(({ reason, hint }): Unreadable => {
        return { scope: inventory.name, kind: 'inventory', reason, hint };
      }),
      ...inventory.gapped.map(explainGaps),
      ...(interrupted ? [stopped(inventory.name)] : []),
    ],
    coverage: {
      expectedFrom: 'visible',
      subscriptions: subscriptions.map(cover),
      queries: 0,
      pages: 0,
      retries: 0,
      waitMs: 0,
    },
  };
}

function subscriptionsOf({ resources, subscriptions }: Inventory): readonly Subscription[] {
  const known = new Map(subscriptions.map((item) => [item.id.toLowerCase(), item]));
  for (const { subscriptionId: id } of resources) {
    if (id !== '' && !known.has(id.toLowerCase()))
      known.set(id.toLowerCase(), { id, name: id, managementGroups: [] });
  }
  return [...known.values()];
}

function countBySubscription(resources: readonly Resource[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { subscriptionId } of resources) {
    const id = subscriptionId.toLowerCase();
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
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

const wholeRows = `Export them with ${graphQuery}, or az keyvault show.`;
