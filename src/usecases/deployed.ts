// What code declares beside what is in Azure, as one module: a scan loads it only where that is asked for.
import { AzureError, sentenceOf } from '../model/errors.ts';
import type { Unreadable } from '../model/coverage.ts';
import type { DeclaredToday, DeployedToday, MatchDeployed } from '../model/deployed.ts';
import type { FindingResource } from '../model/finding.ts';
import { groupsBy } from '../model/groups-by.ts';
import { joinFirst } from '../model/join-words.ts';
import type { ScanReport } from '../model/report.ts';
import type { Resource } from '../model/resource.ts';
import type { ScanFilter } from '../model/scan-filter.ts';
import { scopeWords } from '../reporters/words/scope.ts';
import { isFullyCovered, sumOf } from './scan/join-coverage.ts';

/** A scan of code, and the way to scan Azure for what it declares. */
export interface DeclaredScan {
  readonly report: ScanReport;
  readonly declared: readonly Resource[];
  readonly match: MatchDeployed;
  /** Judges all that the filter keeps in Azure, and lists compliant verdicts, too. */
  readonly scanDeployed: (filter: ScanFilter | undefined) => Promise<DeployedScan>;
}

/** A scan of Azure, and all that it read. */
interface DeployedScan {
  readonly report: ScanReport;
  /** `undefined` where they are too many. */
  readonly resources: readonly FindingResource[] | undefined;
}

/**
 * Adds to the report on code what is in Azure of each resource that it declares. What of Azure could not be read is a gap; the
 * verdicts on the code stay.
 */
export async function withDeployed({
  report,
  declared,
  match,
  scanDeployed,
}: DeclaredScan): Promise<ScanReport> {
  const names = namesOf(declared);
  const { scan, gaps } = names.length === 0 ? { gaps: [] } : await scanOrGap(scanDeployed, names);
  const isWhole = gaps.length === 0 && (scan === undefined || scan.resources !== undefined);
  const seen: Seen = { resources: scan?.resources ?? [], isWhole, place: placeOf(scan) };
  const found = match(seen.resources);
  const findings = new Map(
    groupsBy(scan?.report.findings ?? [], ({ resource }) => resource.id.toLowerCase()).map((same) => [
      same[0].resource.id.toLowerCase(),
      same,
    ]),
  );
  const rules = new Map(
    groupsBy(report.findings, ({ resource }) => resource.id).map((same) => [
      same[0].resource.id,
      new Set(same.map(({ ruleId }) => ruleId)),
    ]),
  );
  const deployed = declared.flatMap((resource): readonly DeclaredToday[] => {
    if (resource.declared === undefined) return [];
    const { id, name, type, subscriptionId, resourceGroup, location } = resource;
    const place = {
      declared: { id, name, type, subscriptionId, resourceGroup, location },
      declaredAt: resource.declared.declaration,
    };
    const today = todayOf(resource, found.get(id.toLowerCase()) ?? [], seen);
    if (today.state !== 'deployed') return [{ ...place, ...today }];
    const listed = (findings.get(today.id.toLowerCase()) ?? []).filter(
      ({ compliance, ruleId }) => compliance !== 'compliant' || rules.get(id)?.has(ruleId) === true,
    );
    return [{ ...place, ...today, findings: listed }];
  });
  return { ...joined(report, scan?.report, gaps), deployed };
}

/** More names than this are not asked for one by one. */
const mostNames = 200;

/** The names that the resources may have in Azure; `*` stands for what is not known of one. */
function namesOf(declared: readonly Resource[]): readonly string[] {
  const names = declared.map(({ name }) => name.toLowerCase());
  return [...new Set(names)].filter((name) => /^[a-z0-9*-]*[a-z0-9][a-z0-9*-]*$/.test(name));
}

/** A sign-in that fails, and a scope that Azure refuses, are gaps as well: the code was read. */
async function scanOrGap(
  scanDeployed: DeclaredScan['scanDeployed'],
  vaults: readonly string[],
): Promise<{ readonly scan?: DeployedScan; readonly gaps: readonly Unreadable[] }> {
  try {
    const scan = await scanDeployed(vaults.length > mostNames ? undefined : { vaults });
    const { unreadable, coverage } = scan.report;
    // A name that is not there is an answer.
    const gaps = unreadable.filter(({ kind }) => kind !== 'filter');
    if (gaps.length === 0 && !isFullyCovered(coverage))
      throw new Error('a subscription is missing without a gap');
    return { scan, gaps };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const hint = `${error.hint} Or leave out --show-deployed.`.trim();
    return { gaps: [{ scope: 'tenant', kind: 'tenant', reason: sentenceOf(error), hint }] };
  }
}

function placeOf(scan: DeployedScan | undefined): string {
  if (scan === undefined) return 'Azure';
  const { filter: _, ...scope } = scan.report.scope;
  return scopeWords(scope);
}

/** The resources of Azure that were read, whether that is all of them, and where they are. */
interface Seen {
  readonly resources: readonly FindingResource[];
  readonly isWhole: boolean;
  readonly place: string;
}

function todayOf({ name }: Resource, found: readonly FindingResource[], seen: Seen): DeployedToday {
  const [one, ...others] = found;
  const ids = found.map(({ id }) => id);
  if (others.length > 0) return notKnown(`It may be any of ${joinFirst(ids, mostIds)}.`);
  // Of a name that is not known in full, what was not read may fit as well.
  const isCertain = seen.isWhole || !name.includes('*');
  if (one !== undefined && isCertain) return { state: 'deployed', id: one.id, findings: [] };
  const namesake = seen.resources.find((other) => other.name.toLowerCase() === name.toLowerCase());
  if (namesake !== undefined)
    return notKnown(`Of this name there is ${namesake.id}, which this code does not declare for certain.`);
  if (!seen.isWhole) return notKnown('Not all of Azure could be read.');
  if (name.includes('*')) return notKnown('Its name is not known in full.');
  return { state: 'notDeployed', reason: `Nothing of this name is in ${seen.place}.` };
}

/** No more ids than this are named. */
const mostIds = 4;

function notKnown(reason: string): DeployedToday {
  return { state: 'notKnown', reason };
}

/** The report on the code with the subscriptions and the gaps of the other one, what that cost, and who read it. */
function joined(report: ScanReport, live: ScanReport | undefined, gaps: readonly Unreadable[]): ScanReport {
  const { coverage } = report;
  const read = live && {
    expectedFrom: live.coverage.expectedFrom,
    subscriptions: live.coverage.subscriptions,
    ...sumOf([coverage, live.coverage]),
  };
  return {
    ...report,
    ...(live?.identity === undefined ? {} : { identity: live.identity }),
    complete: report.complete && gaps.length === 0,
    unreadable: [...report.unreadable, ...gaps],
    coverage: { ...coverage, ...read },
  };
}
