import type { Finding, FindingExemption } from '../model/finding.ts';
import { tuningOf } from '../model/report.ts';
import { severities, type Severity } from '../model/severity.ts';
import type {
  LapsedFinding,
  ReappearedFinding,
  RepairTimes,
  Trend,
  TrendFinding,
  TrendPoint,
  UnreadableScan,
} from '../model/trend.ts';
import { compareText } from '../model/compare-text.ts';
import { type ReasonFinder, reasonFinder, type ReportFrame } from './covered.ts';

/** A trend as it grows, scan by scan. */
export interface TrendInProgress {
  /** Adds a scan that began after those before it. What a finding is not read by, it is not repaired by. */
  add(report: ReportFrame, findings: Iterable<Finding>): void;
  end(unreadable: readonly UnreadableScan[]): Trend;
}

/** A finding over time. */
interface Tracked {
  /** As the last scan has it that says what it is. */
  readonly finding: Finding;
  /** That of the scan that has it. */
  readonly scope: ReportFrame['scope'];
  readonly state: 'open' | 'exempt' | 'repaired';
  /** The start of the scan that first found it, since it was last repaired. */
  readonly since: string;
  readonly reappeared: number;
  /** The exemption that ran out, and left it open. */
  readonly lapsed?: FindingExemption | undefined;
}

/** Begins without scans. */
export function beginTrend(): TrendInProgress {
  const tracked = new Map<string, Tracked>();
  const points: TrendPoint[] = [];
  const tunedIn = tuningWatch();
  const repairs: Repair[] = [];
  return {
    add(report, findings) {
      const scan = { at: report.startedAt, scope: report.scope, reasonsBeside: findersOf(report) };
      const told = new Map<string, Finding>();
      // Of several with one fingerprint, the first counts.
      for (const finding of findings)
        if (!told.has(finding.fingerprint)) told.set(finding.fingerprint, finding);
      const tally = beginTally();
      for (const fingerprint of new Set([...tracked.keys(), ...told.keys()])) {
        const [before, finding] = [tracked.get(fingerprint), told.get(fingerprint)];
        const after = stateAfter(before, finding, scan);
        if (after === undefined) continue;
        tracked.set(fingerprint, after);
        tally.count(before, after, finding === undefined || finding.compliance === 'unknown');
        if (before?.state === 'open' && after.state === 'repaired') repairs.push(repairOf(before, scan.at));
      }
      points.push({ at: scan.at, complete: report.complete, ...tally.end(), tuned: tunedIn(report) });
    },
    end(unreadable) {
      const open = [...tracked.values()].filter(({ state }) => state === 'open').toSorted(byAge);
      return {
        points,
        repairs: repairTimes(repairs),
        reappeared: reappearedAmong(open),
        expiredExemptions: lapsedAmong(open),
        oldestOpen: open.slice(0, mostOldest).map(shown),
        unreadable,
      };
    },
  };
}

const mostOldest = 20;

/** Keeps the parameters of each rule, and tells those that differ from the scan before that judged it. */
function tuningWatch(): (report: ReportFrame) => readonly string[] {
  const known = new Map<string, string>();
  return ({ rules }) =>
    rules.flatMap((rule) => {
      const [before, now] = [known.get(rule.id), tuningOf(rule)];
      if (now !== undefined) known.set(rule.id, now);
      return before === undefined || now === undefined || before === now ? [] : [rule.id];
    });
}

/** A scan, as far as it decides what becomes of a finding. */
interface Deciding {
  readonly at: string;
  readonly scope: ReportFrame['scope'];
  /** The reasons beside a scan of that scope: an inventory vouches for what one of its name had, and code for itself. */
  readonly reasonsBeside: (scope: ReportFrame['scope']) => ReasonFinder;
}

function findersOf(report: ReportFrame): Deciding['reasonsBeside'] {
  const finders = new Map<string, ReasonFinder>();
  return (scope) => {
    const key = scope.code === undefined ? (scope.inventory ?? '') : JSON.stringify(scope.code);
    const finder = finders.get(key) ?? reasonFinder(report, { scope });
    finders.set(key, finder);
    return finder;
  };
}

/** The state of a finding after a scan; `undefined` for one that never failed. */
function stateAfter(
  before: Tracked | undefined,
  finding: Finding | undefined,
  scan: Deciding,
): Tracked | undefined {
  const compliance = finding?.compliance;
  if (compliance === 'nonCompliant' || compliance === 'exempt') return failing(before, finding, scan);
  if (before === undefined || before.state === 'repaired' || compliance === 'unknown') return before;
  // Listed as compliant, or left out by a scan that would have listed it.
  const isRepaired =
    compliance === 'compliant' || scan.reasonsBeside(before.scope)(before.finding) === undefined;
  return isRepaired ? { ...before, state: 'repaired' } : before;
}

function failing(
  before: Tracked | undefined,
  finding: Finding | undefined,
  { at, scope }: Deciding,
): Tracked | undefined {
  if (finding === undefined) return before;
  const state = finding.compliance === 'exempt' ? 'exempt' : 'open';
  const isNew = before === undefined || before.state === 'repaired';
  const isBack = before?.state === 'repaired' && state === 'open';
  const lapsed = before?.state === 'exempt' ? lapsedBy(at, before.finding) : before?.lapsed;
  return {
    finding,
    scope,
    state,
    since: isNew ? at : before.since,
    reappeared: (before?.reappeared ?? 0) + Number(isBack),
    lapsed: state === 'open' && !isNew ? lapsed : undefined,
  };
}

/** The exemption of a finding, where it no longer holds. */
function lapsedBy(at: string, { exemption }: Finding): FindingExemption | undefined {
  return exemption?.expiresOn !== undefined && exemption.expiresOn < at.slice(0, 10) ? exemption : undefined;
}

function beginTally() {
  const open: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  const counts = { carried: 0, exempt: 0, opened: 0, reappeared: 0, repaired: 0, expired: 0 };
  return {
    count(before: Tracked | undefined, { state, finding, lapsed }: Tracked, isCarried: boolean) {
      const isOpen = state === 'open';
      open[finding.severity] += Number(isOpen);
      counts.carried += Number(isOpen && isCarried);
      counts.exempt += Number(state === 'exempt');
      counts.opened += Number(isOpen && before?.state !== 'open');
      counts.reappeared += Number(isOpen && before?.state === 'repaired');
      counts.repaired += Number(state === 'repaired' && before?.state === 'open');
      counts.expired += Number(lapsed !== undefined && before?.state === 'exempt');
    },
    end: () => ({ open, ...counts }),
  };
}

interface Repair {
  readonly severity: Severity;
  readonly ms: number;
}

function repairOf({ finding, since }: Tracked, at: string): Repair {
  return { severity: finding.severity, ms: Date.parse(at) - Date.parse(since) };
}

function repairTimes(repairs: readonly Repair[]): Trend['repairs'] {
  const of = (severity: Severity): RepairTimes =>
    timesOf(repairs.filter((repair) => repair.severity === severity));
  const bySeverity = { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low') };
  return { ...timesOf(repairs), bySeverity };
}

function timesOf(repairs: readonly Repair[]): RepairTimes {
  const total = repairs.reduce((sum, { ms }) => sum + ms, 0);
  const { length: count } = repairs;
  return count === 0 ? { count } : { count, meanMs: Math.round(total / count) };
}

function shown({ finding, since }: Tracked): TrendFinding {
  const { ruleId, ruleName, severity, resource, fingerprint } = finding;
  return { ruleId, ruleName, severity, resource, fingerprint, since };
}

function reappearedAmong(open: readonly Tracked[]): readonly ReappearedFinding[] {
  return open
    .filter(({ reappeared }) => reappeared > 0)
    .toSorted((one, other) => other.reappeared - one.reappeared)
    .map((one) => Object.assign(shown(one), { times: one.reappeared }));
}

function lapsedAmong(open: readonly Tracked[]): readonly LapsedFinding[] {
  return open
    .flatMap((one) => (one.lapsed === undefined ? [] : Object.assign(shown(one), { exemption: one.lapsed })))
    .toSorted((one, other) => compareText(endOf(one), endOf(other)));
}

function endOf({ exemption }: LapsedFinding): string {
  return exemption.expiresOn ?? '';
}

/** The oldest first; of one age, the most severe. */
function byAge(one: Tracked, other: Tracked): number {
  const rank = ({ finding }: Tracked): number => severities.indexOf(finding.severity);
  return (
    compareText(one.since, other.since) ||
    rank(one) - rank(other) ||
    compareText(one.finding.resource.id, other.finding.resource.id) ||
    compareText(one.finding.ruleId, other.finding.ruleId)
  );
}
