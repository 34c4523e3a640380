import { isGuid } from '../../model/guid.ts';
import { PolicyError, type Problem } from '../../model/errors.ts';
import type { Exemption, ExemptionScope } from '../../model/exemption.ts';
import type { Subscription } from '../../model/source.ts';
import { inReadingOrder } from '../../documents/document.ts';
import { hasExpired } from './find.ts';

/** The names that exemptions can use: those of known subscriptions, and of the management groups above them. */
export interface KnownNames {
  readonly subscriptions: readonly Subscription[];
  readonly now: Date;
}

/**
 * Puts ids in place of the display names of subscriptions and management groups; what is not known is left as it is.
 * As on the command line, an id wins over a name, and a name in its own letter case over another. Throws `PolicyError`
 * for each exemption in force with a name that several have: a waiver for one must not cover another.
 */
export function resolveExemptions(
  exemptions: readonly Exemption[],
  { subscriptions, now }: KnownNames,
): readonly Exemption[] {
  const groups = subscriptions.flatMap(({ managementGroups }) => managementGroups);
  const problems: Problem[] = [];
  const resolved = exemptions.map((exemption) => {
    if (hasExpired(exemption, now)) return exemption;
    const { scope, location } = exemption;
    const found: Partial<Record<'subscription' | 'managementGroup', string>> = {};
    for (const { key, kind, things } of [
      { key: 'subscription', kind: 'subscriptions', things: subscriptions },
      { key: 'managementGroup', kind: 'management groups', things: groups },
    ] as const) {
      const ids = idsOf(scope[key], things);
      const [id] = ids;
      if (ids.length === 1 && id !== undefined) found[key] = id;
      if (ids.length > 1) problems.push({ ...location, message: ambiguous(kind, scope[key] ?? '', ids) });
    }
    return { ...exemption, scope: { ...scope, ...found } satisfies ExemptionScope };
  });
  if (problems.length > 0) throw new PolicyError(inReadingOrder(problems));
  return resolved;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The ids of everything that is meant by an id or a display name. */
function idsOf(written: string | undefined, things: readonly Named[]): readonly string[] {
  if (written === undefined) return [];
  const wanted = written.toLowerCase();
  for (const isMeant of [
    ({ id }: Named) => id.toLowerCase() === wanted,
    ({ name }: Named) => name === written,
    ({ name }: Named) => name.toLowerCase() === wanted,
  ]) {
    const ids = new Map(things.filter(isMeant).map(({ id }) => [id.toLowerCase(), id]));
    if (ids.size > 0) return [...ids.values()];
  }
  return [];
}

function ambiguous(kind: string, name: string, ids: readonly string[]): string {
  return `${ids.length} ${kind} are called ${JSON.stringify(name)}: name the one that is meant by its id: ${ids.join(', ')}`;
}

/** True for an exemption in force that names a subscription by its display name. */
export function namesSubscription(exemption: Exemption, now: Date): boolean {
  const { subscription } = exemption.scope;
  return subscription !== undefined && !isGuid(subscription) && !hasExpired(exemption, now);
}
