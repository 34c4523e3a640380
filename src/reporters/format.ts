import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { ScanReport } from '../model/report.ts';

/** What a rule tells a reader at length: why, how to fix it, what cannot be undone. Plain text and Markdown. */
interface RuleHelp {
  readonly text: string;
  readonly markdown: string;
}

/** The revision of the repository that holds the anchors: SARIF's `versionControlProvenance`. */
interface Repository {
  /** Absolute, such as the repository's https address. */
  readonly uri: string;
  readonly revision: string;
  readonly branch?: string;
}

/** What a reporter may know beside the report. It reads neither clock, terminal nor environment. */
export interface ReporterOptions {
  /** ANSI colours may be used. */
  readonly color: boolean;
  /** Columns of the terminal; only the table looks at it. */
  readonly width: number;
  /** At most so many UTF-8 bytes; only Markdown is cut, and says so. */
  readonly maxBytes?: number;
  /** At most so many vaults are listed by the table, which counts the rest; 50 unless told. */
  readonly maxVaults?: number;
  /** Where code scanning shows a finding: a relative path with forward slashes, of a file that exists. */
  readonly anchor: (finding: Finding) => Location;
  readonly ruleHelp: (ruleId: string) => RuleHelp;
  /** Names the scope of the scan, so that code scanning tells scans of different scopes apart. */
  readonly category?: string;
  readonly repository?: Repository;
}

/** Renders a report piece by piece; the pieces, joined by nothing, are the document. Pure. */
export type Reporter = (report: ScanReport, options: ReporterOptions) => Iterable<string>;
