import type { Exemption } from '../../model/exemption.ts';
import type { ReportScope } from '../../model/coverage.ts';
import type { Subscription, SubscriptionLookup } from '../../model/source.ts';
import { hasExpired } from '../../rules/exemptions/find.ts';
import { asksOfSubscriptions, type KnownSubscription } from './acceptance.ts';
import type { VaultToPlan } from './vaults-to-plan.ts';

/** The sources of facts about subscriptions. */
export interface SubscriptionFacts {
  /** Has their names, as far as the scan knew them, and no management groups. */
  readonly scope: ReportScope;
  readonly exemptions: readonly Exemption[];
  readonly subscriptions: SubscriptionLookup;
  readonly signal: AbortSignal;
}

/** Tells what is known of the subscription of a vault. Azure is asked only where an exemption depends on it. */
export async function knownSubscriptions(
  vaults: readonly VaultToPlan[],
  { scope, exemptions, subscriptions, signal }: SubscriptionFacts,
  now: Date,
): Promise<(id: string) => KnownSubscription> {
  const isAsked = exemptions.some((one) => !hasExpired(one, now) && asksOfSubscriptions(one));
  const ids = [...new Set(vaults.map(({ resource }) => resource.subscriptionId.toLowerCase()))];
  const found: ReadonlyMap<string, Subscription> =
    isAsked && ids.length > 0 ? await subscriptions.find(ids, signal) : new Map();
  const named = new Map(scope.subscriptions.map((one) => [one.id.toLowerCase(), one.name]));
  return (id) => {
    const key = id.toLowerCase();
    const { name = named.get(key), managementGroups = [] } = found.get(key) ?? {};
    return {
      id,
      // A report has the id for a name that it does not know.
      ...(name === undefined || name.toLowerCase() === key ? {} : { name }),
      // Every subscription is in a group: none means that Azure does not tell.
      ...(managementGroups.length === 0 ? {} : { managementGroups }),
    };
  };
}

/** The known facts about every subscription of a report and of the vaults to plan. */
export function subscriptionsOf(
  scope: ReportScope,
  vaults: readonly VaultToPlan[],
  subscriptionOf: (id: string) => KnownSubscription,
): readonly Subscription[] {
  const ids = [
    ...scope.subscriptions.map(({ id }) => id),
    ...vaults.map(({ resource }) => resource.subscriptionId),
  ];
  return [...new Map(ids.map((id) => [id.toLowerCase(), subscriptionOf(id)])).values()].map(
    ({ id, name = id, managementGroups = [] }) => ({ id, name, managementGroups }),
  );
}
