import type { PlanVault, Precondition } from '../../model/plan.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import type { Resource } from '../../model/resource.ts';
import type { Coverage, ReportScope } from '../../model/coverage.ts';
import type { ManagementGroup, Subscription, SubscriptionLookup } from '../../model/source.ts';
import type { VaultToPlan } from './vaults-to-plan.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { findExemptions, hasExpired } from '../../rules/exemptions/find.ts';
import { isGuid } from '../../model/guid.ts';

/** The known facts about a subscription; facts that could not be read are absent. */
export interface KnownSubscription {
  readonly id: string;
  readonly name?: string;
  /** Nearest first; never empty. */
  readonly managementGroups?: readonly ManagementGroup[];
}

/** The acceptance of a rule's failure on a vault; with `doubt`, it is unclear. */
export type Acceptance =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'open' }
  | { readonly kind: 'doubt'; readonly exemption: Exemption };

/** Tells for one vault which of its failures are accepted at `now`. */
export function acceptances(
  exemptions: readonly Exemption[],
  { resource, subscription, now }: { resource: Resource; subscription: KnownSubscription; now: Date },
): (ruleId: string) => Acceptance {
  const { id, name = id, managementGroups = [] } = subscription;
  const certain = findExemptions(exemptions, now);
  const possible = findExemptions(exemptions.map(widened), now);
  return (ruleId) => {
    if (certain(ruleId, resource, { id, name, managementGroups }) !== undefined) return { kind: 'accepted' };
    const exemption = possible(ruleId, resource, { id, name, managementGroups });
    return exemption === undefined ? { kind: 'open' } : { kind: 'doubt', exemption };
  };

  /** As far as it may reach: what is asked of an unknown is left out, and the rest must hold. */
  function widened(exemption: Exemption): Exemption {
    const { managementGroup, subscription: named, ...rest } = exemption.scope;
    const keepsGroup = managementGroup !== undefined && subscription.managementGroups !== undefined;
    const keepsName = named !== undefined && (subscription.name !== undefined || isGuid(named));
    const scope = {
      resource: resource.id,
      ...rest,
      ...(keepsGroup ? { managementGroup } : {}),
      ...(keepsName ? { subscription: named } : {}),
    };
    return { ...exemption, scope };
  }
}

/** True when a scope cannot be judged by what a vault and a report say. */
function asksOfSubscriptions({ scope }: { readonly scope: ResourceScope }): boolean {
  return (
    scope.managementGroup !== undefined || (scope.subscription !== undefined && !isGuid(scope.subscription))
  );
}

/** The sources of facts about subscriptions. */
export interface SubscriptionFacts {
  /** Has their names, as far as the scan knew them, and no management groups. */
  readonly scope: ReportScope;
  readonly exemptions: readonly Exemption[];
  /** Their parameters may differ by scope. */
  readonly rules: readonly CompiledRule[];
  readonly subscriptions: SubscriptionLookup;
  readonly signal: AbortSignal;
}

/** Tells what is known of the subscription of a vault. Azure is asked only where an exemption or a parameter depends on it. */
export async function knownSubscriptions(
  vaults: readonly VaultToPlan[],
  { scope, exemptions, rules, subscriptions, signal }: SubscriptionFacts,
  now: Date,
): Promise<(id: string) => KnownSubscription> {
  const isAsked =
    exemptions.some((one) => !hasExpired(one, now) && asksOfSubscriptions(one)) ||
    rules.some(({ byScope = [] }) => byScope.some(asksOfSubscriptions));
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

/** The subscription of a vault, where it is disabled. Azure: 409 `ReadOnlyDisabledSubscription`, whatever the caller may do. */
export function readOnlySubscriptions(
  { subscriptionId }: Pick<PlanVault, 'subscriptionId'>,
  { subscriptions }: Pick<Coverage, 'subscriptions'>,
): readonly Precondition[] {
  const id = subscriptionId.toLowerCase();
  const isDisabled = subscriptions.some((one) => one.state === 'disabled' && one.id.toLowerCase() === id);
  if (!isDisabled) return [];
  const message =
    'Its subscription is disabled, and so read-only: Azure refuses the change until it is enabled again.';
  return [{ kind: 'disabledSubscription', scope: `/subscriptions/${subscriptionId}`, message }];
}
