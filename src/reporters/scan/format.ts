import type { Cloud } from '../../model/cloud.ts';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { ScanReport } from '../../model/report.ts';
import type { Severity } from '../../model/severity.ts';
import type { Trend } from '../../model/trend.ts';
import type { Format, Terminal } from '../format.ts';

/** A rule at length: why it matters, how to fix it, what cannot be undone. Plain text and Markdown. */
interface RuleHelp {
  readonly text: string;
  readonly markdown: string;
}

/** The revision of the repository that holds the anchors: SARIF's `versionControlProvenance`. */
export interface Repository {
  /** Absolute, such as the repository's https address. */
  readonly uri: string;
  readonly revision: string;
  readonly branch?: string;
}

/** Places and names of findings in code scanning. */
export interface CodeScanning {
  /** The place where code scanning shows a finding: a relative path with forward slashes, of a file that exists. */
  readonly anchor: (finding: Finding) => Location;
  /** Names the scope of the scan, so that code scanning tells scans of different scopes apart. */
  readonly category?: string;
  readonly repository?: Repository;
}

/** The parts of a scan report's surroundings that formats may use: they read neither clock nor environment. */
export interface ScanReportContext {
  readonly terminal: Terminal;
  readonly codeScanning: CodeScanning;
  /** Throws when the report names a rule that was not loaded. */
  readonly ruleHelp: (ruleId: string) => RuleHelp;
  /** The cloud that the resources are in: its portal is linked; absent where it is not known. */
  readonly cloud?: Cloud;
  /** The largest size of the text in UTF-8 bytes, 1 MiB by default; only Markdown is shortened, and says so. */
  readonly maxBytes?: number;
  /** The choices of a person who reads the table or the Markdown; the other formats are always whole. */
  readonly view?: ReportView;
  /** Absent where nobody can paste a command, as in a workflow. */
  readonly commands?: NextCommands;
  /** The archived scans and this one over time; absent where the scan is not archived. */
  readonly trend?: Trend;
}

/** The ways to put findings into groups, as `--group-by` takes them; the first is the default. */
export const findingGroupings = ['vault', 'rule', 'subscription'] as const;

/** One of them. */
export type FindingGrouping = (typeof findingGroupings)[number];

/** The choices about the part of a report that is shown, and its order. */
export interface ReportView {
  /** `summary`: the result in some ten lines. `lines`, the default: a line a finding. `full`: every fact and every fix. */
  readonly detail?: 'summary' | 'lines' | 'full';
  /** Only the table groups otherwise than by vault. */
  readonly groupBy?: FindingGrouping;
  /** The least severity of the findings that are listed; those below are counted. */
  readonly showSeverity?: Severity;
  /** The most groups that the table lists, whatever the terminal. */
  readonly maxGroups?: number;
}

/** Commands that go on from a scan, each as it is pasted into a shell. */
export interface NextCommands {
  /** Shows every fact and every fix of the same scan; absent where it cannot be repeated. */
  readonly everything?: string;
  /** Plan the fixes, one after the other. */
  readonly plan: readonly string[];
  /** Shows why a rule matters. */
  readonly rule: (ruleId: string) => string;
}

/** A format of scan reports. */
export type ScanReportFormat = Format<ScanReport, ScanReportContext>;
