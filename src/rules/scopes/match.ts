import type { FindingResource } from '../../model/finding.ts';
import { isGuid } from '../../model/guid.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import type { Subscription } from '../../model/source.ts';
import { mayBothMatch, wildcard } from '../../model/wildcard.ts';
import { every, type Truth } from '../condition/truth.ts';

/**
 * The parts of a resource that scopes are about. One that is left out is not known; of a name, `*` stands for what is not
 * known, as in code that is not deployed: Azure has no such names.
 */
export type ScopedResource = Pick<FindingResource, 'name'> &
  Partial<Pick<FindingResource, 'id' | 'subscriptionId' | 'resourceGroup' | 'tags'>>;

/** Decides if a scope covers a resource of this subscription; `unknown` where something that decides is not known. */
export type ScopeTest = (resource: ScopedResource, subscription?: Subscription) => Truth;

/** One key of a scope, made ready. */
export interface ScopeTerm {
  readonly key: keyof ResourceScope;
  readonly test: ScopeTest;
}

/** Prepares a scope. Names of subscriptions and management groups are ids by then: see `resolveScope`. */
export function compileScope(scope: ResourceScope): ScopeTest {
  const terms = scopeTerms(scope);
  return (at, known) => terms.length > 0 && every(terms, ({ test }) => test(at, known));
}

/** Prepares each key of a scope by itself. */
export function scopeTerms(scope: ResourceScope): readonly ScopeTerm[] {
  const terms: ScopeTerm[] = [];
  const { resource, resourceGroup, subscription, managementGroup, name, tag } = scope;
  if (resource !== undefined) terms.push({ key: 'resource', test: isResource(resource) });
  if (resourceGroup !== undefined) terms.push({ key: 'resourceGroup', test: inResourceGroup(resourceGroup) });
  if (subscription !== undefined) terms.push({ key: 'subscription', test: inSubscription(subscription) });
  if (managementGroup !== undefined)
    terms.push({ key: 'managementGroup', test: belowGroup(managementGroup) });
  if (name !== undefined) terms.push({ key: 'name', test: isCalled(name) });
  if (tag !== undefined)
    terms.push({ key: 'tag', test: ({ tags }) => (tags === undefined ? 'unknown' : hasTags(tags, tag)) });
  return terms;
}

/** Without an id, a resource whose other parts are those of the id may be the one. */
function isResource(wanted: string): ScopeTest {
  const terms = [inResourceGroup(wanted), isCalled(trimmed(wanted).split('/').at(-1) ?? '')];
  return (at) => {
    if (at.id !== undefined) return same(at.id, trimmed(wanted));
    return every(terms, (test) => test(at)) === false ? false : 'unknown';
  };
}

function isCalled(pattern: string): ScopeTest {
  const matches = wildcard(pattern);
  return ({ name }) =>
    matches(name) || (name.includes('*') && mayBothMatch(name, pattern) ? 'unknown' : false);
}

/** An id of a resource group, or of something in it, or its bare name in any subscription. */
function inResourceGroup(scope: string): ScopeTest {
  const [, subscription, group = trimmed(scope)] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i.exec(scope) ?? [];
  return ({ subscriptionId, resourceGroup }) =>
    every([isKnownAs(subscriptionId, subscription), isKnownAs(resourceGroup, group)], (truth) => truth);
}

function isKnownAs(known: string | undefined, wanted: string | undefined): Truth {
  if (wanted === undefined) return true;
  return known === undefined ? 'unknown' : same(known, wanted);
}

/** A subscription of which no name is known is called by its id. */
function inSubscription(wanted: string): ScopeTest {
  return ({ subscriptionId }, known) => {
    if (same(subscriptionId, wanted) || same(known?.name, wanted)) return true;
    if (subscriptionId === undefined) return 'unknown';
    return isGuid(wanted) || (known !== undefined && !same(known.name, known.id)) ? false : 'unknown';
  };
}

/** Every subscription is in a management group: none means that Azure does not tell. */
function belowGroup(wanted: string): ScopeTest {
  return (_, known) => {
    const groups = known?.managementGroups ?? [];
    return groups.length === 0 ? 'unknown' : groups.some(({ id }) => same(id, wanted));
  };
}

/**
 * Azure ignores letter case in the names of tags, and keeps it in their values. Where names differ in nothing else, which
 * an edited inventory may bring, and their values in more, it is not known which one is meant.
 */
function hasTags(tags: NonNullable<ScopedResource['tags']>, wanted: Readonly<Record<string, string>>): Truth {
  return every(Object.entries(wanted), ([name, value]) => {
    const found = Object.entries(tags).filter(([key]) => same(key, name));
    const isThere = found.some(([, present]) => present === value);
    return isThere && found.some(([, present]) => present !== value) ? 'unknown' : isThere;
  });
}

function same(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/**
 * True where one resource may match two scopes that have the same keys. Of different subscriptions or management groups it is
 * false: a resource is in one subscription, and of two groups above it one is nearer.
 */
export function mayOverlap(a: ResourceScope, b: ResourceScope): boolean {
  return (
    both(a.resource, b.resource, (one, other) => trimmed(one) === trimmed(other)) &&
    both(a.name, b.name, mayBothMatch) &&
    both(a.resourceGroup, b.resourceGroup, areSameGroup) &&
    both(a.subscription, b.subscription, same) &&
    both(a.managementGroup, b.managementGroup, same) &&
    both(a.tag, b.tag, areCompatible)
  );
}

function both<T>(one: T | undefined, other: T | undefined, test: (one: T, other: T) => boolean): boolean {
  return one === undefined || other === undefined || test(one, other);
}

function trimmed(id: string): string {
  return id.replace(/\/+$/, '').toLowerCase();
}

/** A bare name is a group of any subscription. */
function areSameGroup(one: string, other: string): boolean {
  const [a, b] = [trimmed(one), trimmed(other)];
  if (a.startsWith('/') && b.startsWith('/')) return a === b;
  return a.split('/').at(-1) === b.split('/').at(-1);
}

/** Tags of different names may both be there; one tag has one value. */
function areCompatible(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const values = new Map(Object.entries(one).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(other).every(([name, value]) => {
    const wanted = values.get(name.toLowerCase());
    return wanted === undefined || wanted === value;
  });
}
