import type { FindingExemption, FindingFacts } from './finding.ts';
import type { Severity } from './severity.ts';

/**
 * The findings of archived scans over time. A finding is open from the first scan that finds it non-compliant to the scan that reads
 * it and no longer does; while it is exempt, it is not open. A scan that did not read it, or could not judge it, changes nothing.
 */
export interface Trend {
  /** One for each scan that could be read, the earliest first. */
  readonly points: readonly TrendPoint[];
  /** Repairs within these scans; a repair also is that the resource is no more. */
  readonly repairs: RepairTimes & { readonly bySeverity: Readonly<Record<Severity, RepairTimes>> };
  /** Findings that were repaired, and are open again: those that did so most often first. */
  readonly reappeared: readonly ReappearedFinding[];
  /** Open findings whose exemption has run out, the earliest end first. */
  readonly expiredExemptions: readonly LapsedFinding[];
  /** The findings that have been open longest, the oldest first: at most twenty. */
  readonly oldestOpen: readonly TrendFinding[];
  /** Archived scans that are damaged: what they tell is not in the trend. */
  readonly unreadable: readonly UnreadableScan[];
}

/** The findings after one archived scan, and what it changed since the scan before it. */
export interface TrendPoint {
  /** The start of the scan: ISO 8601 UTC. */
  readonly at: string;
  /** False where the scan did not read everything: then what it did not read is as the scans before it left it. */
  readonly complete: boolean;
  readonly open: Readonly<Record<Severity, number>>;
  /** Of those open, the ones that this scan did not read, or could not judge. */
  readonly carried: number;
  readonly exempt: number;
  /** Open now and not before, those that reappeared and those whose exemption ended among them. */
  readonly opened: number;
  readonly reappeared: number;
  readonly repaired: number;
  /** Exemptions that ran out: their findings are open now. */
  readonly expired: number;
  /** Rules that were judged with other parameters than by the scan before that judged them, by their ids. */
  readonly tuned: readonly string[];
}

/** The number of findings that were repaired, and the mean time from the first scan that had them to the first without. */
export interface RepairTimes {
  readonly count: number;
  /** Milliseconds; absent where nothing was repaired. */
  readonly meanMs?: number;
}

/** An open finding, as the last scan that read it has it. */
export interface TrendFinding extends Pick<
  FindingFacts,
  'ruleId' | 'ruleName' | 'severity' | 'resource' | 'fingerprint'
> {
  /** The start of the scan that first found it, since it was last repaired: ISO 8601 UTC. */
  readonly since: string;
}

/** An open finding that had been repaired. */
export interface ReappearedFinding extends TrendFinding {
  /** The number of times that it came back. */
  readonly times: number;
}

/** An open finding that was exempt until its exemption ran out. */
export interface LapsedFinding extends TrendFinding {
  readonly exemption: FindingExemption;
}

/** An archived scan that could not be read. */
export interface UnreadableScan {
  readonly file: string;
  readonly reason: string;
}

/** True where the trend tells how things are now: every scan could be read, and the last one was complete. */
export function isTrendComplete({ points, unreadable }: Trend): boolean {
  return unreadable.length === 0 && points.at(-1)?.complete === true;
}
