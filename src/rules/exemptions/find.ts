import { compareText } from '../../model/compare-text.ts';
import type { Exemption, ExemptionScope } from '../../model/exemption.ts';
import type { FindingResource } from '../../model/finding.ts';
import type { Subscription } from '../../model/source.ts';
import { wildcard } from '../../model/wildcard.ts';

/** The parts of a resource that exemptions are about. A source without tags has left them out. */
export type ExemptResource = Pick<
  FindingResource,
  'id' | 'name' | 'subscriptionId' | 'resourceGroup' | 'tags'
>;

/** Finds the exemption that covers a rule on a resource; of several, the one that holds longest. */
export type FindExemption = (
  ruleId: string,
  resource: ExemptResource,
  subscription?: Subscription,
) => Exemption | undefined;

/** Prepares the exemptions that are in force at `now`. */
export function findExemptions(exemptions: readonly Exemption[], now: Date): FindExemption {
  const inForce = exemptions
    .filter((exemption) => !hasExpired(exemption, now))
    .toSorted((a, b) => compareText(b.expiresOn, a.expiresOn))
    .map((exemption) => ({ exemption, covers: compileScope(exemption.scope) }));
  return (ruleId, resource, subscription) =>
    inForce.find(({ exemption, covers }) => isAbout(exemption, ruleId) && covers(resource, subscription))
      ?.exemption;
}

/** True when an exemption names this rule, or every rule. */
export function isAbout({ rule }: Pick<Exemption, 'rule'>, ruleId: string): boolean {
  return rule === '*' || rule.toLowerCase() === ruleId.toLowerCase();
}

/** True once the day of `expiresOn` is over in UTC. */
export function hasExpired({ expiresOn }: Pick<Exemption, 'expiresOn'>, now: Date): boolean {
  return now.toISOString().slice(0, 10) > expiresOn;
}

/** Decides if a scope covers a resource of this subscription. */
type Covers = (resource: ExemptResource, subscription?: Subscription) => boolean;

/** Prepares a scope. Names of subscriptions and management groups are ids by then: see `resolveExemptions`. */
export function compileScope(scope: ExemptionScope): Covers {
  const tests: Covers[] = [];
  const { resource, resourceGroup, subscription, managementGroup, name, tag } = scope;
  if (resource !== undefined) {
    const wanted = resource.replace(/\/+$/, '');
    tests.push(({ id }) => same(id, wanted));
  }
  if (resourceGroup !== undefined) tests.push(inResourceGroup(resourceGroup));
  if (subscription !== undefined) {
    tests.push((at, known) => same(at.subscriptionId, subscription) || same(known?.name, subscription));
  }
  if (managementGroup !== undefined) {
    tests.push((_, known) => known?.managementGroups.some(({ id }) => same(id, managementGroup)) ?? false);
  }
  if (name !== undefined) {
    const matches = wildcard(name);
    tests.push((at) => matches(at.name));
  }
  if (tag !== undefined) tests.push(({ tags = {} }) => hasTags(tags, tag));
  return (at, known) => tests.length > 0 && tests.every((test) => test(at, known));
}

function inResourceGroup(scope: string): Covers {
  const prefix = `${scope.replace(/\/+$/, '')}/`.toLowerCase();
  if (scope.startsWith('/')) return ({ id }) => id.toLowerCase().startsWith(prefix);
  return ({ resourceGroup }) => same(resourceGroup, scope);
}

/**
 * Azure ignores letter case in the names of tags, and keeps it in their values. Where names differ in nothing else, which
 * an edited inventory may bring, each of their values must be the one that is wanted.
 */
function hasTags(
  tags: NonNullable<ExemptResource['tags']>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const found = Object.entries(tags).filter(([key]) => same(key, name));
    return found.length > 0 && found.every(([, present]) => present === value);
  });
}

function same(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
