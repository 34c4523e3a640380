import type { Problem } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Subscription } from '../../model/source.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import {
  compileScope,
  type ExemptResource,
  findExemptions,
  type FindExemption,
  hasExpired,
  isAbout,
} from './find.ts';

/** Exemptions, and what they have covered so far. */
export interface ExemptionsInUse {
  readonly find: FindExemption;
  /** A notice for each exemption in force that has covered nothing, with its place in its file and a likely reason. */
  notices(among: ExemptionBackground): readonly Problem[];
}

/** The scope of a scan: what its exemptions may be expected to cover. */
interface ExemptionBackground {
  /** The rules that were judged by. */
  readonly ruleIds: readonly string[];
  readonly subscriptions: readonly Subscription[];
  /** True where only a part was asked for: what is outside is then no mistake. */
  readonly isPart: boolean;
}

interface Idle {
  readonly exemption: Exemption;
  readonly covers: ReturnType<typeof compileScope>;
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
  return {
    find(ruleId, resource, subscription) {
      for (const one of idle) {
        if (!isAbout(one.exemption, ruleId)) continue;
        if (one.covers(resource, subscription)) idle.delete(one);
        else one.tag ??= tagInOtherCase(one.exemption, resource);
      }
      return find(ruleId, resource, subscription);
    },
    notices(background) {
      return [...idle]
        .filter(({ exemption }) => isExpected(exemption, background))
        .map(({ exemption, exemption: { location }, tag }) => ({
          file: location.file,
          line: location.line,
          column: location.column,
          message: `the exemption from ${exemption.rule} covers no finding: ${whyIdle(exemption, background, tag)}`,
        }));
    },
  };
}

/** False for what the scan cannot have met: rules that were not selected, and what lies outside of its part. */
function isExpected(exemption: Exemption, { ruleIds, subscriptions, isPart }: ExemptionBackground): boolean {
  if (!ruleIds.some((id) => isAbout(exemption, id))) return false;
  if (!isPart) return true;
  const { resource, resourceGroup = '', subscription } = exemption.scope;
  const id = subscription ?? /^\/subscriptions\/([^/]+)/i.exec(resource ?? resourceGroup)?.[1];
  return subscriptions.some((known) => known.id.toLowerCase() === id?.toLowerCase());
}

function whyIdle(
  { scope }: Exemption,
  { subscriptions }: ExemptionBackground,
  tag: string | undefined,
): string {
  const { subscription, managementGroup, name, resource } = scope;
  return (
    unknownSubscription(subscription, subscriptions) ??
    unknownGroup(managementGroup, subscriptions) ??
    (tag === undefined
      ? undefined
      : `values of tags are compared in their letter case, and a resource has ${tag}`) ??
    (name !== undefined && /[()[\]|^$+?\\]/.test(name)
      ? `the name ${JSON.stringify(name)} is taken as it is written, with * for any run of characters`
      : undefined) ??
    (resource === undefined
      ? 'nothing that it describes is there, or all of it complies'
      : `${resource.split('/').at(-1) ?? resource} is not there, or it complies`)
  );
}

function unknownSubscription(wanted: string | undefined, known: readonly Subscription[]): string | undefined {
  if (wanted === undefined || known.some(({ id }) => id.toLowerCase() === wanted.toLowerCase()))
    return undefined;
  const names = known.filter(({ id, name }) => id !== name).map(({ name }) => name);
  if (names.length === 0 && known.length > 0)
    return 'what subscriptions are called is not known here: name the subscription by its id';
  return `no subscription here has the id or name ${JSON.stringify(wanted)}.${didYouMean(wanted, names)}`;
}

function unknownGroup(wanted: string | undefined, known: readonly Subscription[]): string | undefined {
  const groups = known.flatMap(({ managementGroups }) => managementGroups);
  if (wanted === undefined || groups.some(({ id }) => id.toLowerCase() === wanted.toLowerCase()))
    return undefined;
  if (groups.length === 0) return 'which management groups subscriptions are in is not known here';
  const names = new Set(groups.flatMap(({ id, name }) => [id, name]));
  return `no subscription here is below a management group with the id or name ${JSON.stringify(wanted)}.${didYouMean(wanted, names)}`;
}

function tagInOtherCase(
  { scope: { tag = {} } }: Exemption,
  { tags = {} }: ExemptResource,
): string | undefined {
  const wanted = new Map(Object.entries(tag).map(([key, value]) => [key.toLowerCase(), value]));
  for (const [key, value] of Object.entries(tags)) {
    const asked = wanted.get(key.toLowerCase());
    if (asked !== undefined && asked !== value && asked.toLowerCase() === value.toLowerCase())
      return `${key}=${value}`;
  }
  return undefined;
}
