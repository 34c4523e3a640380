import type { Problem } from '../../model/errors.ts';
import type { Location } from '../../model/location.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import { type MetScopes, placeOfScope, type ScopedValues } from '../../model/scoped-values.ts';
import type { Subscription } from '../../model/source.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import type { CompiledRule } from '../condition/compiled.ts';

/** The subscriptions of a scan, against which scopes are held. */
export interface ScopeBackground {
  readonly subscriptions: readonly Subscription[];
  /** True where only a part was asked for: what is outside is then no mistake. */
  readonly isPart: boolean;
}

/** False for a scope that lies outside the part that was scanned, as far as that can be told. */
function isInPart(scope: ResourceScope, { subscriptions, isPart }: ScopeBackground): boolean {
  if (!isPart) return true;
  const { resource, resourceGroup = '', subscription } = scope;
  const id = subscription ?? /^\/subscriptions\/([^/]+)/i.exec(resource ?? resourceGroup)?.[1];
  return subscriptions.some((known) => known.id.toLowerCase() === id?.toLowerCase());
}

/** The likely reason why nothing is in a scope. */
function whyNothing(scope: ResourceScope, background: ScopeBackground): string {
  return (
    unknownNames(scope, background) ?? patternReason(scope) ?? 'nothing that the scope describes is there'
  );
}

/** The subscription or the management group of a scope that nothing here has; `undefined` where there is none. */
export function unknownNames(
  { subscription, managementGroup }: ResourceScope,
  { subscriptions }: Pick<ScopeBackground, 'subscriptions'>,
): string | undefined {
  return unknownSubscription(subscription, subscriptions) ?? unknownGroup(managementGroup, subscriptions);
}

/** A scope in which nothing may be changed, and its place. */
export interface GuardedScope {
  readonly scope: ResourceScope;
  readonly origin: Location;
}

/** A notice for each that names a subscription or a management group which nothing here has: it would protect nothing. */
export function idleGuards(
  guarded: readonly GuardedScope[],
  background: Pick<ScopeBackground, 'subscriptions'>,
): readonly Problem[] {
  return guarded.flatMap(({ scope, origin: { file, line, column } }) => {
    const reason = unknownNames(scope, background);
    return reason === undefined
      ? []
      : [{ file, line, column, message: `this limit on writes protects nothing: ${reason}` }];
  });
}

/** Points out what looks like a regular expression. */
export function patternReason({ name }: ResourceScope): string | undefined {
  return name !== undefined && /[()[\]|^$+?\\]/.test(name)
    ? `the name ${JSON.stringify(name)} is taken as it is written, with * for any run of characters`
    : undefined;
}

function unknownSubscription(wanted: string | undefined, known: readonly Subscription[]): string | undefined {
  const isKnown = ({ id, name }: Subscription): boolean =>
    [id, name].some((one) => one.toLowerCase() === wanted?.toLowerCase());
  if (wanted === undefined || known.some(isKnown)) return undefined;
  const names = known.filter(({ id, name }) => id !== name).map(({ name }) => name);
  if (names.length === 0 && known.length > 0)
    return 'what subscriptions are called is not known here: name the subscription by its id';
  return `no subscription here has the id or name ${JSON.stringify(wanted)}.${didYouMean(wanted, names)}`;
}

function unknownGroup(wanted: string | undefined, known: readonly Subscription[]): string | undefined {
  const groups = known.flatMap(({ managementGroups }) => managementGroups);
  const isKnown = ({ id, name }: { readonly id: string; readonly name: string }): boolean =>
    [id, name].some((one) => one.toLowerCase() === wanted?.toLowerCase());
  if (wanted === undefined || groups.some(isKnown)) return undefined;
  if (groups.length === 0) return 'which management groups subscriptions are in is not known here';
  const names = new Set(groups.flatMap(({ id, name }) => [id, name]));
  return `no subscription here is below a management group with the id or name ${JSON.stringify(wanted)}.${didYouMean(wanted, names)}`;
}

/** The scopes of parameters that a scan has met. */
interface ScopesOfScan {
  readonly met: readonly MetScopes[];
  /** False where resources were counted that were not returned: which scopes these are in is not known. */
  readonly isWhole: boolean;
  /** The number of these that may be in a scope, by its place, as far as they were counted. */
  readonly passedIn: ReadonlyMap<string, number>;
}

/**
 * A notice for each entry of parameters that applied to nothing, with its place and a likely reason. Where resources that may be in
 * its scope were counted and not returned, only for one with a name that nothing here has.
 */
export function idleScopes(
  rules: readonly CompiledRule[],
  { met, isWhole, passedIn }: ScopesOfScan,
  background: ScopeBackground,
): readonly Problem[] {
  const entries = new Map<string, ScopedValues>();
  for (const entry of rules.flatMap(({ byScope = [] }) => byScope)) entries.set(placeOfScope(entry), entry);
  const known = new Map(
    met.flatMap((each) => [...each].map(([entry, how]) => [`${placeOfScope(entry)} ${how}`, how])),
  );
  return [...entries].flatMap(([place, { scope, origin }]): readonly Problem[] => {
    if (known.has(`${place} certainly`) || !isInPart(scope, background)) return [];
    const mayHavePassed = !isWhole && passedIn.get(place) !== 0;
    const mayApply = mayHavePassed || known.has(`${place} perhaps`);
    // Code that is not deployed is in no subscription, and may be meant for any.
    if (mayApply && background.subscriptions.length === 0) return [];
    const reason = mayApply ? unknownNames(scope, background) : whyNothing(scope, background);
    if (reason === undefined) return [];
    return [{ ...origin, message: `these parameters apply to nothing: ${reason}` }];
  });
}
