import { compareText } from '../../model/compare-text.ts';
import type { EstatePart, EstateSurvey } from '../../model/estate-survey.ts';
import { propertiesOf, type Resource } from '../../model/resource.ts';
import type { ScanSources, Subscription } from '../../model/source.ts';
import { managedHsm } from '../../resource-types/managed-hsm.ts';
import { vault } from '../../resource-types/vault.ts';
import { joinSources } from '../scan/join-sources.ts';
import { isFullyCovered } from '../scan/join-coverage.ts';

/** Reads vaults and managed HSMs once, and counts what a configuration may speak of. Throws what a source throws. */
export async function surveyEstate(
  { sources }: Pick<ScanSources, 'sources'>,
  signal: AbortSignal,
): Promise<EstateSurvey> {
  const counted = { all: tally(), bySubscription: tallies(), byTag: tallies() };
  const subscriptions = new Map<string, Subscription>();
  const amounts = { vaults: 0, hsms: 0, unprotected: 0, gaps: 0 };
  let inventory: string | undefined;
  const know = (found: readonly Subscription[]): void => {
    for (const one of found) subscriptions.set(one.id.toLowerCase(), one);
  };
  for await (const event of joinSources(sources, signal)) {
    if (event.kind === 'scope') ({ inventory } = event.scope);
    if (event.kind === 'scope' || event.kind === 'subscriptions') know(event.subscriptions);
    if (event.kind === 'unreadable') amounts.gaps += 1;
    if (event.kind === 'coverage' && amounts.gaps === 0 && !isFullyCovered(event.coverage)) amounts.gaps = 1;
    if (event.kind !== 'resources') continue;
    for (const resource of event.resources) {
      const kind = kinds[resource.type];
      if (kind === undefined) continue;
      amounts[kind] += 1;
      if (propertiesOf(resource)['enablePurgeProtection'] !== true) amounts.unprotected += 1;
      counted.all.add(resource);
      counted.bySubscription.add(resource.subscriptionId.toLowerCase(), resource);
      for (const [name, value] of Object.entries(resource.tags))
        if (isEnvironment(name)) counted.byTag.add(JSON.stringify([name.toLowerCase(), value]), resource);
    }
  }
  return {
    ...(inventory === undefined ? {} : { inventory }),
    ...amounts,
    ...counted.all.part(),
    subscriptions: byAmount(
      [...subscriptions].map(([key, { id, name }]) =>
        Object.assign({ id, name }, counted.bySubscription.part(key)),
      ),
    ),
    managementGroups: groupsOf([...subscriptions.values()], counted.bySubscription),
    tags: byAmount(
      counted.byTag.keys().map((key) => {
        const [tag = '', value = ''] = readKey(key);
        return Object.assign({ tag, value }, counted.byTag.part(key));
      }),
    ),
  };
}

const kinds: Readonly<Partial<Record<string, 'vaults' | 'hsms'>>> = {
  [vault.type]: 'vaults',
  [managedHsm.type]: 'hsms',
};

/** The names of tags by which people part environments. */
const environmentTags: ReadonlySet<string> = new Set(
  'env environment environmenttype environment-type environmentname stage tier landscape sdlc lifecycle'.split(
    ' ',
  ),
);

function isEnvironment(name: string): boolean {
  return environmentTags.has(name.toLowerCase());
}

function readKey(key: string): readonly string[] {
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) ? parts.map(String) : [];
}

/** Counts of one part of an estate. */
interface Tally {
  add(resource: Resource): void;
  part(): EstatePart;
}

/** Unset means 90 days; a period that Azure does not have is not counted. */
function tally(): Tally {
  const byDays = new Map<number, number>();
  let resources = 0;
  return {
    add(resource) {
      resources += 1;
      const days = propertiesOf(resource)['softDeleteRetentionInDays'] ?? 90;
      if (typeof days === 'number' && Number.isInteger(days) && days >= 7 && days <= 90)
        byDays.set(days, (byDays.get(days) ?? 0) + 1);
    },
    part: () => ({
      resources,
      retention: [...byDays]
        .toSorted(([a], [b]) => a - b)
        .map(([days, amount]) => ({ days, resources: amount })),
    }),
  };
}

/** The counts of several parts by a key. */
interface Tallies {
  add(key: string, resource: Resource): void;
  part(key: string): EstatePart;
  keys(): readonly string[];
}

function tallies(): Tallies {
  const known = new Map<string, Tally>();
  return {
    add(key, resource) {
      const one = known.get(key) ?? tally();
      known.set(key, one);
      one.add(resource);
    },
    part: (key) => known.get(key)?.part() ?? { resources: 0, retention: [] },
    keys: () => [...known.keys()],
  };
}

/** The management groups above subscriptions, each with what is below it. */
function groupsOf(
  subscriptions: readonly Subscription[],
  counted: Tallies,
): EstateSurvey['managementGroups'] {
  const groups = new Map<string, { id: string; name: string; parts: EstatePart[] }>();
  for (const subscription of subscriptions)
    for (const { id, name } of subscription.managementGroups) {
      const group = groups.get(id.toLowerCase()) ?? { id, name, parts: [] };
      groups.set(id.toLowerCase(), group);
      group.parts.push(counted.part(subscription.id.toLowerCase()));
    }
  return byAmount(
    Array.from(groups.values(), ({ id, name, parts }) => Object.assign({ id, name }, sumOf(parts))),
  );
}

function sumOf(parts: readonly EstatePart[]): EstatePart {
  const byDays = new Map<number, number>();
  for (const { days, resources } of parts.flatMap(({ retention }) => retention))
    byDays.set(days, (byDays.get(days) ?? 0) + resources);
  return {
    resources: parts.reduce((sum, { resources }) => sum + resources, 0),
    retention: [...byDays].toSorted(([a], [b]) => a - b).map(([days, resources]) => ({ days, resources })),
  };
}

function byAmount<T extends EstatePart>(parts: readonly T[]): readonly T[] {
  return parts.toSorted(
    (a, b) => b.resources - a.resources || compareText(JSON.stringify(a), JSON.stringify(b)),
  );
}
