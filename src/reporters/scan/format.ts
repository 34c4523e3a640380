import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { ScanReport } from '../../model/report.ts';
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
  /** The largest size of the text in UTF-8 bytes; only Markdown is shortened, and says so. */
  readonly maxBytes?: number;
  /** The most vaults that the table lists; it counts the rest. 50 by default. */
  readonly maxVaults?: number;
}

/** A format of scan reports. */
export interface ScanReportFormat extends Format<ScanReport, ScanReportContext> {
  /** Matches the first lines of every report in this format, by whichever version, and of no other file. */
  readonly beginning: RegExp;
}
