import { PolicyError, type Problem } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Subscription } from '../../model/source.ts';
import { inReadingOrder } from '../../documents/document.ts';
import { namesByName, resolveScope } from '../scopes/resolve.ts';
import { hasExpired } from './find.ts';

/** The names that exemptions can use: those of known subscriptions, and of the management groups above them. */
export interface KnownNames {
  readonly subscriptions: readonly Subscription[];
  readonly now: Date;
}

/**
 * Puts ids in place of the display names of subscriptions and management groups, as `resolveScope` does. Throws `PolicyError`
 * for each exemption in force with a name that several have: a waiver for one must not cover another.
 */
export function resolveExemptions(
  exemptions: readonly Exemption[],
  { subscriptions, now }: KnownNames,
): readonly Exemption[] {
  const problems: Problem[] = [];
  const resolved = exemptions.map((exemption) => {
    if (hasExpired(exemption, now)) return exemption;
    const { scope, ambiguous } = resolveScope(exemption.scope, subscriptions);
    for (const message of ambiguous) problems.push({ ...exemption.location, message });
    return { ...exemption, scope };
  });
  if (problems.length > 0) throw new PolicyError(inReadingOrder(problems));
  return resolved;
}

/** True for an exemption in force that names a subscription by its display name. */
export function namesSubscription(exemption: Exemption, now: Date): boolean {
  return namesByName(exemption.scope) && !hasExpired(exemption, now);
}
