import { compareText } from '../../model/compare-text.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Subscription } from '../../model/source.ts';
import { compileScope, type ScopedResource } from '../scopes/match.ts';

/** Finds the exemption that covers a rule on a resource; of several, the one that holds longest. */
export type FindExemption = (
  ruleId: string,
  resource: ScopedResource,
  subscription?: Subscription,
) => Exemption | undefined;

/** Prepares the exemptions that are in force at `now`. */
export function findExemptions(exemptions: readonly Exemption[], now: Date): FindExemption {
  const inForce = exemptions
    .filter((exemption) => !hasExpired(exemption, now))
    .toSorted((a, b) => compareText(b.expiresOn, a.expiresOn))
    .map((exemption) => ({ exemption, covers: compileScope(exemption.scope) }));
  return (ruleId, resource, subscription) =>
    inForce.find(
      ({ exemption, covers }) => isAbout(exemption, ruleId) && covers(resource, subscription) === true,
    )?.exemption;
}

/** True when an exemption names this rule, or every rule. */
export function isAbout({ rule }: Pick<Exemption, 'rule'>, ruleId: string): boolean {
  return rule === '*' || rule.toLowerCase() === ruleId.toLowerCase();
}

/** True once the day of `expiresOn` is over in UTC. */
export function hasExpired({ expiresOn }: Pick<Exemption, 'expiresOn'>, now: Date): boolean {
  return now.toISOString().slice(0, 10) > expiresOn;
}
