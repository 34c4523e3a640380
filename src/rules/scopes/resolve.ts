import { isGuid } from '../../model/guid.ts';
import { inReadingOrder } from '../../documents/document.ts';
import { PolicyError, type Problem } from '../../model/errors.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import type { Subscription } from '../../model/source.ts';
import type { CompiledRule } from '../condition/compiled.ts';
import { contradictions } from './values.ts';

/** A scope with ids in place of names, and a sentence for each name that several have. */
export interface ResolvedScope {
  readonly scope: ResourceScope;
  readonly ambiguous: readonly string[];
}

/**
 * Puts ids in place of the display names of subscriptions and management groups; what is not known is left as it is.
 * As on the command line, an id wins over a name, and a name in its own letter case over another.
 */
export function resolveScope(scope: ResourceScope, subscriptions: readonly Subscription[]): ResolvedScope {
  const groups = subscriptions.flatMap(({ managementGroups }) => managementGroups);
  const found: Partial<Record<'subscription' | 'managementGroup', string>> = {};
  const ambiguous: string[] = [];
  for (const { key, kind, things } of [
    { key: 'subscription', kind: 'subscriptions', things: subscriptions },
    { key: 'managementGroup', kind: 'management groups', things: groups },
  ] as const) {
    const ids = idsOf(scope[key], things);
    const [id] = ids;
    if (ids.length === 1 && id !== undefined) found[key] = id;
    if (ids.length > 1) ambiguous.push(describeAmbiguous(kind, scope[key] ?? '', ids));
  }
  return { scope: { ...scope, ...found }, ambiguous };
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

function describeAmbiguous(kind: string, name: string, ids: readonly string[]): string {
  return `${ids.length} ${kind} are called ${JSON.stringify(name)}: name the one that is meant by its id: ${ids.join(', ')}`;
}

/**
 * Puts ids in place of names in the scopes of parameters, as `resolveScope` does. Throws PolicyError for a name that several
 * have, and for scopes that turn out to be the same and contradict each other.
 */
export function resolveParameterScopes(
  compiled: CompiledRule,
  subscriptions: readonly Subscription[],
): CompiledRule {
  const { byScope = [], rule } = compiled;
  if (byScope.length === 0) return compiled;
  const problems: Problem[] = [];
  const resolved = byScope.map((entry) => {
    const { scope, ambiguous } = resolveScope(entry.scope, subscriptions);
    for (const message of ambiguous) problems.push({ ...entry.origin, message });
    return Object.assign({}, entry, { scope });
  });
  problems.push(...contradictions(rule.id, resolved));
  if (problems.length > 0) throw new PolicyError(inReadingOrder(problems));
  return { ...compiled, byScope: resolved };
}

/** True for a scope that names a subscription by its display name. */
export function namesByName({ subscription }: ResourceScope): boolean {
  return subscription !== undefined && !isGuid(subscription);
}
