import type { ReportScope } from './coverage.ts';
import { type Evidence, valueOrWords } from './evidence.ts';
import type { Finding, FindingExemption } from './finding.ts';
import { sameJson } from './json.ts';
import { severityRank } from './severity.ts';
import type { Tool } from './tool.ts';

/** A part of a finding that makes a difference. Words, titles and places in code make none. */
type ChangedPart = 'severity' | 'compliance' | 'evidence' | 'exemption';

/** `neither`: other evidence, another exemption, or a failure of which nothing is known now. */
export type ChangeDirection = 'worse' | 'better' | 'neither';

/** A finding of both reports that is not the same in both. */
export interface FindingChange {
  readonly before: Pick<Finding, ChangedPart>;
  readonly after: Finding;
  readonly changed: readonly ChangedPart[];
  readonly direction: ChangeDirection;
}

/**
 * A reason why a report does not tell of a verdict; `what` is a rule, a resource type, a subscription, an inventory, code, the name
 * of a part, the scope of a gap, or a filter in words. It is empty for an interruption, and where no code was scanned.
 */
export interface NotCoveredReason {
  readonly kind:
    | 'rule'
    | 'type'
    | 'subscription'
    | 'inventory'
    | 'code'
    | 'part'
    | 'gap'
    | 'filter'
    | 'interrupted';
  readonly what: string;
}

/** A finding of one report, where the other one tells nothing: it is neither new nor gone. */
export interface UncomparedFinding {
  /** The report that has it. */
  readonly in: 'older' | 'newer';
  /** Of the other one. */
  readonly reason: NotCoveredReason;
  readonly finding: Finding;
}

/** A report as a comparison names it: its file as on the command line, and the version of its schema. */
export interface ComparedReport {
  readonly file: string;
  readonly schemaVersion: string;
  readonly tool: Tool;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  readonly scope: ReportScope;
}

/** The difference between the findings of two reports: what is not compliant, by fingerprint. */
export interface ReportComparison {
  readonly older: ComparedReport;
  readonly newer: ComparedReport;
  /** False where a report is incomplete, or does not cover what the other one tells of: then nothing is known about that. */
  readonly complete: boolean;
  /** Those that only the newer report has, where the older one would have had them. */
  readonly added: readonly Finding[];
  /** Those that only the older report has, where the newer one would have had them. */
  readonly gone: readonly Finding[];
  readonly updated: readonly FindingChange[];
  readonly unchanged: number;
  readonly uncompared: readonly UncomparedFinding[];
  /** Things that the older report covers and the newer one does not: what became worse there is not known. */
  readonly lost: readonly NotCoveredReason[];
  /** Rules whose parameters differ: what is new or gone by them may be so for that alone. */
  readonly tuned: readonly string[];
}

/** The end of a baseline, as the report that was compared with it carries it. */
export interface BaselineResult {
  /** The file of the baseline, as named on the command line. */
  readonly file: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  /** False where not all of the baseline could be compared. */
  readonly compared: boolean;
  readonly updated: readonly BaselineChange[];
  /** Findings of the baseline that are no more. */
  readonly gone: readonly Finding[];
  readonly uncompared: readonly UncomparedFinding[];
  /** Rules that were judged with other parameters than in the baseline. */
  readonly tuned: readonly string[];
  /** Present where the baseline is the code of a commit. */
  readonly code?: {
    readonly commit: string;
    /** The ids of the resources that are new or declared otherwise now. */
    readonly changed: readonly string[];
    /** The fingerprints of findings that were there before, on those of them. */
    readonly touched: readonly string[];
  };
}

/** The state that an updated finding had. */
type BaselineChange = Pick<FindingChange, 'changed' | 'direction'> &
  Pick<Finding, 'fingerprint' | 'severity' | 'compliance'>;

/** The findings that make a comparison fail: new ones that are not exempt, and those that became worse. */
export function becameWorse({ added, updated }: ReportComparison): readonly Finding[] {
  return [
    ...added.filter(({ compliance }) => compliance !== 'exempt'),
    ...updated.flatMap(({ direction, after }) => (direction === 'worse' ? [after] : [])),
  ];
}

/** A test for findings that a baseline does not excuse: new and worse ones, and those on what a commit declared otherwise. */
export function newOrWorse(baseline: BaselineResult | undefined): (finding: Finding) => boolean {
  const worse = new Set([
    ...(baseline?.updated ?? []).flatMap(({ fingerprint, direction }) =>
      direction === 'worse' ? [fingerprint] : [],
    ),
    ...(baseline?.code?.touched ?? []),
  ]);
  return ({ baselineState, fingerprint }) => baselineState === 'new' || worse.has(fingerprint);
}

/** The change of a finding; `undefined` where only its words differ, or nothing. */
export function changeOf(before: Finding, after: Finding): FindingChange | undefined {
  const changed: ChangedPart[] = [];
  if (before.severity !== after.severity) changed.push('severity');
  if (before.compliance !== after.compliance) changed.push('compliance');
  if (!isSameEvidence(before.evidence, after.evidence)) changed.push('evidence');
  if (!isSameExemption(before.exemption, after.exemption)) changed.push('exemption');
  if (changed.length === 0) return undefined;
  const { severity, compliance, evidence, exemption } = before;
  const was = { severity, compliance, evidence, ...(exemption && { exemption }) };
  return { before: was, after, changed, direction: directionOf(before, after) };
}

/** A report of version 1.0 does not tell words from text, so that is not compared. */
function isSameEvidence(before: readonly Evidence[], after: readonly Evidence[]): boolean {
  return (
    before.length === after.length &&
    before.every((fact, index) => {
      const now = after[index];
      return (
        now !== undefined &&
        fact.field === now.field &&
        sameJson(fact.expected, now.expected) &&
        sameJson(valueOrWords(fact.actual), valueOrWords(now.actual))
      );
    })
  );
}

function isSameExemption(before: FindingExemption | undefined, after: FindingExemption | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  const parts = ['category', 'reason', 'owner', 'ticket', 'expiresOn', 'id'] as const;
  return parts.every((part) => before[part] === after[part]);
}

/** A failure that cannot be judged any more is not better: nothing is known of it. */
function directionOf(before: Finding, after: Finding): ChangeDirection {
  if (before.compliance === after.compliance) {
    const rise = severityRank(before.severity) - severityRank(after.severity);
    return rise === 0 ? 'neither' : rise > 0 ? 'worse' : 'better';
  }
  if (after.compliance === 'nonCompliant') return 'worse';
  if (after.compliance === 'unknown') return before.compliance === 'nonCompliant' ? 'neither' : 'worse';
  return 'better';
}
