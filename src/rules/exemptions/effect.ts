import type { Exemption } from '../../model/exemption.ts';
import type { ExemptionNotice } from '../../model/exemption-notice.ts';
import type { Subscription } from '../../model/source.ts';
import { compileScope, type ScopedResource, type ScopeTest } from '../scopes/match.ts';
import { patternReason, unknownNames } from '../scopes/notices.ts';
import { findExemptions, type FindExemption, hasExpired, isAbout } from './find.ts';

/** Exemptions, and what they have covered so far. */
export interface ExemptionsInUse {
  readonly find: FindExemption;
  /** Takes note of a verdict that could not be given: no exemption hides it, and one may be meant for it. */
  meetUnknown(...about: Parameters<FindExemption>): void;
  /** A notice for each exemption in force that has covered nothing where all that it may be meant for was read, and why. */
  notices(among: ExemptionBackground): readonly ExemptionNotice[];
}

/** The extent of what was read and judged in full: exemptions may be expected to cover something there. */
interface ExemptionBackground {
  /** The rules that were judged. */
  readonly ruleIds: readonly string[];
  /** Every subscription that is known. */
  readonly subscriptions: readonly Subscription[];
  /** True where nothing was left out: then an exemption for anything else is a mistake. */
  readonly isEverything: boolean;
  readonly isRead: (subscriptionId: string) => boolean;
  /** The management groups that were read, by id or display name. */
  readonly managementGroups: readonly string[];
}

interface Idle {
  readonly exemption: Exemption;
  readonly covers: ScopeTest;
  /** A tag of a finding that differs in letter case alone, as `env=prod`. */
  tag?: string | undefined;
}

/** Finds exemptions as `findExemptions` does, and takes note of each one that covers a finding, even if another one does too. */
export function exemptionsInUse(exemptions: readonly Exemption[], now: Date): ExemptionsInUse {
  const find = findExemptions(exemptions, now);
  const idle = new Set<Idle>(
    exemptions
      .filter((exemption) => !hasExpired(exemption, now))
      .map((exemption) => ({ exemption, covers: compileScope(exemption.scope) })),
  );
  const meet = (...[ruleId, resource, subscription]: Parameters<FindExemption>): void => {
    for (const one of idle) {
      if (!isAbout(one.exemption, ruleId)) continue;
      if (one.covers(resource, subscription) === true) idle.delete(one);
      else one.tag ??= tagInOtherCase(one.exemption, resource);
    }
  };
  return {
    meetUnknown: meet,
    find(...about) {
      meet(...about);
      return find(...about);
    },
    notices(background) {
      return [...idle]
        .filter(({ exemption }) => isExpected(exemption, background))
        .map(({ exemption, exemption: { location, rule, expiresOn }, tag }) => ({
          kind: 'withoutEffect',
          at: location,
          rule,
          expiresOn,
          message: `the exemption from ${rule} covers no finding: ${whyIdle(exemption, background, tag)}`,
        }));
    },
  };
}

/** False for rules that were not judged, and for a scope of which some may lie outside of what was read. */
function isExpected(exemption: Exemption, background: ExemptionBackground): boolean {
  const { ruleIds, isEverything, isRead } = background;
  if (!ruleIds.some((id) => isAbout(exemption, id))) return false;
  if (isEverything) return true;
  const { resource, resourceGroup = '', subscription, managementGroup } = exemption.scope;
  const id = subscription ?? /^\/subscriptions\/([^/]+)/i.exec(resource ?? resourceGroup)?.[1];
  if (id !== undefined) return isRead(id);
  return managementGroup !== undefined && isGroupRead(managementGroup, background);
}

/** True for a group that was read, and for one below it. Groups come nearest first. */
function isGroupRead(
  wanted: string,
  { subscriptions, managementGroups }: Pick<ExemptionBackground, 'subscriptions' | 'managementGroups'>,
): boolean {
  const read = new Set(managementGroups.map((group) => group.toLowerCase()));
  return subscriptions.some(({ managementGroups: chain }) => {
    const place = chain.findIndex(({ id }) => id.toLowerCase() === wanted.toLowerCase());
    const above = place === -1 ? [] : chain.slice(place);
    return above.some((group) => [group.id, group.name].some((one) => read.has(one.toLowerCase())));
  });
}

function whyIdle({ scope }: Exemption, background: ExemptionBackground, tag: string | undefined): string {
  const { resource } = scope;
  return (
    unknownNames(scope, background) ??
    (tag === undefined
      ? undefined
      : `values of tags are compared in their letter case, and a resource has ${tag}`) ??
    patternReason(scope) ??
    (resource === undefined
      ? 'nothing that it describes is there, or all of it complies'
      : `${resource.split('/').at(-1) ?? resource} is not there, or it complies`)
  );
}

function tagInOtherCase(
  { scope: { tag = {} } }: Exemption,
  { tags = {} }: ScopedResource,
): string | undefined {
  const wanted = new Map(Object.entries(tag).map(([key, value]) => [key.toLowerCase(), value]));
  for (const [key, value] of Object.entries(tags)) {
    const asked = wanted.get(key.toLowerCase());
    if (asked !== undefined && asked !== value && asked.toLowerCase() === value.toLowerCase())
      return `${key}=${value}`;
  }
  return undefined;
}
