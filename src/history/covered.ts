import { isAtOrBelowScope } from '../model/arm-id.ts';
import type { NotCoveredReason } from '../model/comparison.ts';
import { type CoveragePart, unlikeBeside, type Unreadable } from '../model/coverage.ts';
import type { Finding, FindingResource } from '../model/finding.ts';
import { isGuid } from '../model/guid.ts';
import type { ReportRule, ScanReport } from '../model/report.ts';
import type { ScanFilter } from '../model/scan-filter.ts';
import { wildcard } from '../model/wildcard.ts';
import { knownType } from '../resource-types/known-type.ts';

/** A report but for its findings. */
export type ReportFrame = Omit<ScanReport, 'findings'>;

/** Says why a report does not tell of the verdict of a finding; `undefined` where it does, so that its absence means something. */
export type ReasonFinder = (finding: Pick<Finding, 'ruleId' | 'resource'>) => NotCoveredReason | undefined;

/**
 * Prepares the test for a report. It tells of a verdict where the rule was judged on the type, the filter keeps the resource, and
 * its subscription, or the part of the scan that reads it, was read in full. Of inventories and code see `unlikeBeside`.
 */
export function reasonFinder(report: ReportFrame, other: Pick<ReportFrame, 'scope'>): ReasonFinder {
  const { scope, unreadable, coverage } = report;
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const isRead = readSubscriptions(report);
  const keeps = scope.filter === undefined ? undefined : certainlyKept(scope.filter);
  const parts = new Map((coverage.parts ?? []).map((part): [string, CoveragePart] => [part.name, part]));
  const unlike = unlikeBeside(scope, other.scope);
  const isInterrupted = unreadable.some(({ kind }) => kind === 'interrupted');

  function sourceGap(types: readonly string[], resource: FindingResource): NotCoveredReason | undefined {
    const names = types.map(partsReading).find((readers) => readers.length > 0);
    if (names === undefined) return resourceGap(unreadable, resource);
    const part = names.map((name) => parts.get(name)).find((one) => one !== undefined);
    if (part === undefined || part.state === 'denied')
      return { kind: 'part', what: part?.name ?? names[0] ?? '' };
    return part.state === 'partial' ? partGap(unreadable, resource) : undefined;
  }

  return ({ ruleId, resource }) => {
    const rule = rules.get(ruleId);
    if (rule === undefined) return { kind: 'rule', what: ruleId };
    const types = typesJudged(rule, resource.type);
    if (types.length === 0) return { kind: 'type', what: resource.type };
    if (isInterrupted) return { kind: 'interrupted', what: '' };
    if (keeps !== undefined && !keeps(resource)) return { kind: 'filter', what: '' };
    if (unlike?.kind === 'code') return unlike;
    const code = parts.get('template') ?? parts.get('plan');
    if (code !== undefined) return code.state === 'partial' ? partGap(unreadable, resource) : undefined;
    if (!isRead(resource.subscriptionId)) return { kind: 'subscription', what: resource.subscriptionId };
    if (unlike !== undefined) return unlike;
    return sourceGap(types, resource);
  };
}

/** The subscriptions, rules, types and parts of one report that another one lacks, its filter, and its inventory or code. */
export function lostBetween(older: ReportFrame, newer: ReportFrame): readonly NotCoveredReason[] {
  const [wasRead, isRead] = [readSubscriptions(older), readSubscriptions(newer)];
  const parts = new Set((newer.coverage.parts ?? []).map(({ name }) => name));
  const { filter } = newer.scope;
  const unlike = unlikeBeside(newer.scope, older.scope);
  const judged = new Map(newer.rules.map((rule) => [rule.id, rule]));
  const isNarrower = filter !== undefined && JSON.stringify(filter) !== JSON.stringify(older.scope.filter);
  return [
    ...older.coverage.subscriptions
      .filter(({ id }) => wasRead(id) && !isRead(id))
      .map(({ id }) => ({ kind: 'subscription', what: id }) as const),
    ...older.rules.flatMap((rule) => unjudged(rule, judged.get(rule.id))),
    ...(older.coverage.parts ?? [])
      .filter(({ name, state }) => state !== 'denied' && !parts.has(name))
      .map(({ name }) => ({ kind: 'part', what: name }) as const),
    ...(isNarrower ? [{ kind: 'filter', what: '' } as const] : []),
    ...(unlike === undefined ? [] : [unlike]),
  ];
}

/** A rule that is not judged any more, or types of it that are not; those of a part are told by that. */
function unjudged(before: ReportRule, now: ReportRule | undefined): readonly NotCoveredReason[] {
  if (now === undefined) return [{ kind: 'rule', what: before.id }];
  const byPart = new Set(
    (now.notJudged ?? []).flatMap(({ type, include }) => (include ? [type.toLowerCase()] : [])),
  );
  return before.resourceType
    .split(', ')
    .filter((type) => !byPart.has(type.toLowerCase()) && typesJudged(before, type).length > 0)
    .filter((type) => typesJudged(now, type).length === 0)
    .map((type) => ({ kind: 'rule', what: `${before.id} on ${type}` }));
}

/** A test that is true for subscriptions that a report read in full. Of one that is disabled, Azure may show nothing any more. */
function readSubscriptions({ coverage }: ReportFrame): (id: string) => boolean {
  const inFull = coverage.subscriptions.filter(
    ({ state, rows, expectedRows }) =>
      state === 'read' || state === 'empty' || (state === 'disabled' && rows > 0 && rows >= expectedRows),
  );
  const read = new Set(inFull.map(({ id }) => id.toLowerCase()));
  return (id) => read.has(id.toLowerCase());
}

/**
 * The types of a rule that a finding on a resource is about, where all of them were judged: its own, or those of what is in it, of
 * which a rule says there that it could not be read.
 */
function typesJudged({ resourceType, notJudged = [] }: ReportRule, type: string): readonly string[] {
  const own = resourceType.split(', ');
  const isOne = (one: string): boolean => one.toLowerCase() === type.toLowerCase();
  const about = own.some(isOne)
    ? own.filter(isOne)
    : own.filter((one) => knownType(one)?.partOf?.toLowerCase() === type.toLowerCase());
  const left = new Set(notJudged.map((one) => one.type.toLowerCase()));
  return about.some((one) => left.has(one.toLowerCase())) ? [] : about;
}

/** The parts that read a type which no scan of subscriptions or of an inventory has. */
function partsReading(type: string): readonly string[] {
  const readers: readonly string[] = knownType(type)?.readBy ?? [];
  return readers.includes('live') || readers.includes('inventory') ? [] : readers;
}

/** A gap at the resource itself, or at what it is in. */
function resourceGap(gaps: readonly Unreadable[], { id }: FindingResource): NotCoveredReason | undefined {
  const found = gaps.find(({ kind, scope }) => kind === 'resource' && isAtOrBelowScope(id, scope));
  return found && { kind: 'gap', what: found.scope };
}

/** A gap of a part: at the resource, in its subscription, or at a place that cannot be told. */
function partGap(gaps: readonly Unreadable[], resource: FindingResource): NotCoveredReason | undefined {
  const found = gaps.find(({ kind, scope }) => {
    if (kind === 'resource') return isAtOrBelowScope(resource.id, scope) || !scope.startsWith('/');
    if (kind !== 'subscription') return kind !== 'filter';
    const id = scope.replace(/^\/subscriptions\//i, '');
    return !isGuid(id) || id.toLowerCase() === resource.subscriptionId.toLowerCase();
  });
  return found && { kind: 'gap', what: found.scope };
}

/** A test for what a filter keeps for certain: by tag nothing, since reports list none; what is in a vault, with the vault. */
function certainlyKept({ resourceGroups, vaults, tags }: ScanFilter): (resource: FindingResource) => boolean {
  if (tags !== undefined && tags.length > 0) return () => false;
  const groupTests = resourceGroups?.map(groupTest);
  const vaultTests = vaults?.map(vaultTest);
  return (resource) => {
    const holder = holderOf(resource);
    return [groupTests, vaultTests].every((tests) => tests?.some((test) => test(holder)) ?? true);
  };
}

type Holder = Pick<FindingResource, 'id' | 'name' | 'resourceGroup'>;

/** The vault that a key, a secret or a certificate is in; anything else itself. */
function holderOf(resource: FindingResource): Holder {
  if (knownType(resource.type)?.partOf === undefined) return resource;
  const id = resource.id.split('/').slice(0, -2).join('/');
  return { id, name: id.slice(id.lastIndexOf('/') + 1), resourceGroup: resource.resourceGroup };
}

function groupTest(written: string): (holder: Holder) => boolean {
  const isLike = wildcard(written.startsWith('/') ? `${withoutEnd(written)}/*` : written);
  return written.startsWith('/') ? ({ id }) => isLike(id) : ({ resourceGroup }) => isLike(resourceGroup);
}

function vaultTest(written: string): (holder: Holder) => boolean {
  const isLike = wildcard(withoutEnd(written));
  return written.startsWith('/') ? ({ id }) => isLike(id) : ({ name }) => isLike(name);
}

function withoutEnd(id: string): string {
  return id.replace(/\/+$/, '');
}
