import { inReadingOrder } from '../../documents/document.ts';
import type { WriteLimits } from '../../model/config.ts';
import { PolicyError, type Problem } from '../../model/errors.ts';
import { joinFirst } from '../../model/join-words.ts';
import type { Location } from '../../model/location.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import type { Risk } from '../../model/risk.ts';
import type { Subscription, SubscriptionLookup } from '../../model/source.ts';
import { resourceScopeWords } from '../../reporters/words/resource-scope.ts';
import { some, type Truth } from '../../rules/condition/truth.ts';
import { compileScope } from '../../rules/scopes/match.ts';
import { namesByName, resolveScope } from '../../rules/scopes/resolve.ts';

/** A resource that a run is about to change. */
export interface GuardedWrite {
  readonly vault: {
    readonly id: string;
    readonly name: string;
    readonly subscriptionId: string;
    readonly resourceGroup: string;
  };
  /** The key, secret or certificate in it that is changed, by the id and name that a scan gives it; absent for the vault itself. */
  readonly object?: { readonly id: string; readonly name: string };
  /** Those of the steps of a plan; none for a recovery or a purge. */
  readonly risks: readonly Risk[];
}

/** Checks a run before anything is sent. Throws PolicyError. */
export type WriteGuard = (writes: readonly GuardedWrite[]) => Promise<void>;

/** The source of what a guard needs to know of subscriptions. */
export interface GuardFacts {
  readonly subscriptions: SubscriptionLookup;
  readonly signal: AbortSignal;
}

/**
 * The guard that configurations set: each of their limits holds, whatever flags allow. It throws PolicyError with the place of
 * each limit that a run goes beyond, and where it cannot be known whether a resource is in a scope that is never changed.
 */
export function writeGuard(limits: readonly WriteLimits[], facts: GuardFacts): WriteGuard {
  return async (writes) => {
    if (writes.length === 0) return;
    const known = await subscriptionsOf(writes, limits, facts);
    const problems = limits.flatMap((limit) => [
      ...forbiddenRisks(limit, writes),
      ...tooMany(limit, writes),
      ...limit.never.flatMap((one) => inForbidden(one, writes, known)),
    ]);
    if (problems.length > 0) throw new PolicyError(inReadingOrder(problems));
  };
}

const keeper = 'Nothing was sent; whoever keeps this file can change it.';

function forbiddenRisks({ allow }: WriteLimits, writes: readonly GuardedWrite[]): readonly Problem[] {
  if (allow === undefined) return [];
  const beyond = writes.filter(({ risks }) => risks.some((risk) => !allow.risks.includes(risk)));
  if (beyond.length === 0) return [];
  const risks = new Set(beyond.flatMap((write) => write.risks).filter((risk) => !allow.risks.includes(risk)));
  const message = `writes.allow leaves out ${[...risks].join(' and ')}, the risk of ${namesOf(beyond)}. ${keeper}`;
  return [{ ...allow.origin, message }];
}

function tooMany({ maxChanges }: WriteLimits, writes: readonly GuardedWrite[]): readonly Problem[] {
  const amount = new Set(writes.map(({ vault, object = vault }) => object.id.toLowerCase())).size;
  if (maxChanges === undefined || amount <= maxChanges.most) return [];
  const message = `writes.maxChanges is ${maxChanges.most}, and ${amount} resources would be changed. ${keeper}`;
  return [{ ...maxChanges.origin, message }];
}

function inForbidden(
  { scope, origin }: { readonly scope: ResourceScope; readonly origin: Location },
  writes: readonly GuardedWrite[],
  known: ReadonlyMap<string, Subscription>,
): readonly Problem[] {
  const { scope: resolved, ambiguous } = resolveScope(scope, [...known.values()]);
  const covers = compileScope(resolved);
  const truthOf = ({ vault, object = vault }: GuardedWrite): Truth =>
    some([vault, { ...vault, ...object }], (changed) =>
      covers(changed, known.get(vault.subscriptionId.toLowerCase())),
    );
  const inside = writes.filter((write) => truthOf(write) === true);
  const perhaps = writes.filter((write) => truthOf(write) === 'unknown');
  const words = resourceScopeWords(scope);
  const messages = [
    ...ambiguous,
    ...(inside.length === 0 ? [] : [`writes.never names ${words}, where ${namesOf(inside)} is. ${keeper}`]),
    ...(perhaps.length === 0
      ? []
      : [
          `writes.never names ${words}, and whether ${namesOf(perhaps)} is there could not be read. ${keeper}`,
        ]),
  ];
  const { file, line, column } = origin;
  return messages.map((message) => ({ file, line, column, message }));
}

const mostNamed = 3;

function namesOf(writes: readonly GuardedWrite[]): string {
  return joinFirst([...new Set(writes.map(({ vault, object = vault }) => object.name))], mostNamed);
}

/** True for limits that depend on the names or the management groups of subscriptions. */
export function dependsOnSubscriptions(limits: readonly WriteLimits[]): boolean {
  return limits.some(({ never }) =>
    never.some(({ scope }) => scope.managementGroup !== undefined || namesByName(scope)),
  );
}

/** Azure is asked only where a limit depends on the name or the management groups of a subscription. */
async function subscriptionsOf(
  writes: readonly GuardedWrite[],
  limits: readonly WriteLimits[],
  { subscriptions, signal }: GuardFacts,
): Promise<ReadonlyMap<string, Subscription>> {
  if (!dependsOnSubscriptions(limits)) return new Map();
  return subscriptions.find(
    [...new Set(writes.map(({ vault }) => vault.subscriptionId.toLowerCase()))],
    signal,
  );
}
