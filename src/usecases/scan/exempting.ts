import type { AzureExemptionsInUse, azureExemptionsInUse } from '../../azure-policy/azure-exemptions.ts';
import type { AzureExemptionsRead } from '../../model/azure-exemption.ts';
import type { Coverage, Unreadable } from '../../model/coverage.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { ExemptionNotice } from '../../model/exemption-notice.ts';
import type { Finding, FindingExemption } from '../../model/finding.ts';
import type { Rule } from '../../model/rule.ts';
import type { Subscription } from '../../model/source.ts';
import { type ExemptionsInUse, exemptionsInUse } from '../../rules/exemptions/effect.ts';
import { termNotices } from '../../rules/exemptions/terms.ts';
import { messageFor } from './finding.ts';
import { isFullyCovered } from './join-coverage.ts';

/** Decides whether a finding is exempt. */
export type ExemptionFinder = (finding: Finding) => FindingExemption | undefined;

/** The exemptions of a scan: those of the exemptions file, with ids for names, and those of Azure Policy where they count. */
interface ExemptionSources {
  readonly own: readonly Exemption[];
  readonly azure: AzureExemptionsRead | undefined;
  readonly rules: readonly Rule[];
  readonly subscriptions: readonly Subscription[];
  readonly now: Date;
}

/** All exemptions of a scan. */
export interface Exempting {
  /** The exemptions file comes first. An unknown verdict is never exempt. */
  readonly exemptionOf: ExemptionFinder;
  /** The notices about them, in the order of their file; `undefined` stands for a scan that leaves out what they may be meant for. */
  readonly notices: (outcome: ScanOutcome | undefined) => readonly ExemptionNotice[];
}

/** The rules that were judged, and what was read. */
interface ScanOutcome {
  readonly ruleIds: readonly string[];
  readonly managementGroups: readonly string[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
}

/** Prepares the exemptions, once everything has been read. */
export async function exempting({
  own,
  azure,
  rules,
  subscriptions,
  now,
}: ExemptionSources): Promise<Exempting> {
  const inFile = exemptionsInUse(own, now);
  const inAzure = azure && (await inForce(azure.exemptions, { rules, now }));
  return {
    exemptionOf: finder(inFile, inAzure, subscriptions),
    notices: (outcome) => [
      ...[
        ...termNotices(own, now),
        ...(outcome === undefined ? [] : inFile.notices({ subscriptions, ...whatWasRead(outcome) })),
      ].toSorted((a, b) => lineOf(a) - lineOf(b)),
      ...(azure?.notices ?? []),
      ...(inAzure?.notices ?? []),
    ],
  };
}

/** Few scans count the exemptions of Azure: what holds them against findings is loaded for those. */
async function inForce(
  ...given: Parameters<typeof azureExemptionsInUse>
): Promise<ReturnType<typeof azureExemptionsInUse>> {
  const loaded = await import('../../azure-policy/azure-exemptions.ts');
  return loaded.azureExemptionsInUse(...given);
}

function finder(
  inFile: ExemptionsInUse,
  inAzure: AzureExemptionsInUse | undefined,
  subscriptions: readonly Subscription[],
): ExemptionFinder {
  const byId = new Map(subscriptions.map((item) => [item.id.toLowerCase(), item]));
  return (finding) => {
    const { ruleId, resource, compliance } = finding;
    const subscription = byId.get(resource.subscriptionId.toLowerCase());
    if (compliance === 'unknown') inFile.meetUnknown(ruleId, resource, subscription);
    if (compliance !== 'nonCompliant') return undefined;
    const found = inFile.find(ruleId, resource, subscription);
    return found === undefined ? inAzure?.find(finding, subscription) : toFindingExemption(found);
  };
}

function toFindingExemption({ category, reason, owner, ticket, expiresOn }: Exemption): FindingExemption {
  return {
    category,
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(ticket === undefined ? {} : { ticket }),
    expiresOn,
  };
}

function lineOf({ at }: ExemptionNotice): number {
  return typeof at === 'string' ? 0 : at.line;
}

/** Of an incomplete scan, subscriptions without a gap count as read, unless a gap may be in any of them. */
function whatWasRead({
  ruleIds,
  managementGroups,
  unreadable,
  coverage,
}: ScanOutcome): Omit<Parameters<ExemptionsInUse['notices']>[0], 'subscriptions'> {
  const isComplete = unreadable.length === 0 && isFullyCovered(coverage);
  const isPart = managementGroups.length > 0 || coverage.expectedFrom === 'named';
  const isVague =
    unreadable.some(({ kind }) => kind !== 'subscription') ||
    (coverage.parts ?? []).some(({ state }) => state === 'partial' || state === 'denied');
  const read = new Set(
    coverage.subscriptions
      .filter(({ state }) => isComplete || (!isVague && (state === 'read' || state === 'empty')))
      .map(({ id }) => id.toLowerCase()),
  );
  return {
    ruleIds,
    isEverything: isComplete && !isPart,
    isRead: (id) => read.has(id.toLowerCase()),
    managementGroups: isComplete ? managementGroups : [],
  };
}

/** The same finding, covered by an exemption. */
export function exempted(finding: Finding, exemption: FindingExemption): Finding {
  const accepted = { ...finding, compliance: 'exempt', exemption } as const;
  return { ...accepted, message: messageFor(accepted) };
}
