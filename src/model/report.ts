import type { Finding } from './finding.ts';
import type { Json } from './json.ts';
import type { Severity } from './severity.ts';
import type { CoveragePartName } from './source-name.ts';
import type { Tool } from './tool.ts';

/** Something that was asked for and could not be read. `scope` is an ARM id, a file, or a subscription. */
export interface Unreadable {
  readonly scope: string;
  readonly kind: UnreadableKind;
  readonly reason: string;
  readonly hint: string;
}

/** The kind of a gap in a report. */
export type UnreadableKind =
  | 'subscription'
  | 'managementGroup'
  | 'tenant'
  | 'resource'
  | 'inventory'
  | 'interrupted';

/** The state of a subscription that the scan was expected to read. */
export type SubscriptionState = 'read' | 'empty' | 'denied' | 'disabled' | 'truncated' | 'partial';

/** The account of one expected subscription: rows that Azure announced, and rows that arrived. */
export interface SubscriptionCoverage {
  readonly id: string;
  readonly name: string;
  readonly state: SubscriptionState;
  readonly expectedRows: number;
  readonly rows: number;
}

/** The requests that a read took. `waitMs` is time spent throttled. */
export interface ReadCost {
  readonly queries: number;
  readonly pages: number;
  readonly retries: number;
  readonly waitMs: number;
}

/** The certificate that says how much of what was asked for has been seen. */
export interface Coverage extends ReadCost {
  readonly expectedFrom: 'managementGroup' | 'visible' | 'named';
  readonly subscriptions: readonly SubscriptionCoverage[];
  /** How Resource Graph was asked; missing for other sources. */
  readonly resourceGraph?: GraphCoverage;
  /** What was read besides the resources of the subscriptions; absent where nothing else was asked for. */
  readonly parts?: readonly CoveragePart[];
}

/** The account of one such part. `partial` and `denied` are gaps, and have entries in `unreadable`. */
export interface CoveragePart {
  readonly name: CoveragePartName;
  readonly state: 'read' | 'empty' | 'denied' | 'partial';
}

/**
 * How much of the work a query leaves to Resource Graph. `filtered`: rows that no rule can fail on are counted there.
 * `counted`: all rows are handed over, and counted there. `plain`: rows and subscriptions are listed, and counted here.
 */
export type QueryForm = 'filtered' | 'counted' | 'plain';

/** The form of the queries that brought the rows, and why those that ask for more did not. */
interface GraphCoverage {
  readonly form: QueryForm;
  readonly refused: readonly RefusedForm[];
}

/** A form of query that Resource Graph refused or gave up, with its own code and message. */
export interface RefusedForm {
  readonly form: QueryForm;
  readonly code: string;
  readonly message: string;
}

/** The requested scope of a scan. */
export interface ReportScope {
  readonly subscriptions: readonly { readonly id: string; readonly name: string }[];
  readonly managementGroups: readonly string[];
  /** The inventory file of an offline scan, as named on the command line; `-` is standard input. */
  readonly inventory?: string;
}

/** `resources` counts resources; every other number counts (rule, resource) verdicts. */
export interface Summary {
  readonly resources: number;
  /**
   * Those of types that are scanned, or that a rule is about: an inventory may hold others, which are passed over. Only
   * sentences use it; a report that is read back has none.
   */
  readonly relevant?: number;
  readonly compliant: number;
  readonly nonCompliant: number;
  readonly exempt: number;
  readonly unknown: number;
  readonly notApplicable: number;
  /** Non-compliant verdicts only. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
}

/** A rule as reports carry it. */
export interface ReportRule {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  /** One type, or several joined by a comma and a space. */
  readonly resourceType: string;
  readonly controls: Readonly<Record<string, readonly string[]>>;
  readonly helpUri: string;
  /** The values of its parameters in force; absent in a report of version 1.0. */
  readonly parameters?: Readonly<Record<string, Json>>;
  /** The types among its own that the scan did not read; absent where it read all of them. */
  readonly notJudged?: readonly NotJudged[];
}

/** A resource type that a rule is about, and that could not be judged. */
export interface NotJudged {
  readonly type: string;
  /** One sentence. */
  readonly reason: string;
}

/** The version of the JSON report: 1.1 is written, both are read. */
export type ReportVersion = '1.0' | '1.1';

/** The result of a scan: the one value that every reporter renders. Times are ISO 8601 UTC. */
export interface ScanReport {
  readonly schemaVersion: ReportVersion;
  readonly tool: Tool;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** False when anything in scope was not read; then the report does not prove compliance. */
  readonly complete: boolean;
  readonly scope: ReportScope;
  readonly summary: Summary;
  readonly rules: readonly ReportRule[];
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
}
