import { type BaselineResult, newOrWorse } from './comparison.ts';
import type { ReportFramework } from './control.ts';
import type { Unreadable, Coverage, ReportScope } from './coverage.ts';
import type { DeclaredToday } from './deployed.ts';
import type { ExemptionNotice } from './exemption-notice.ts';
import type { Finding } from './finding.ts';
import type { Identity } from './identity.ts';
import { canonicalJson, type Json } from './json.ts';
import type { ResourceScope } from './resource-scope.ts';
import type { Severity } from './severity.ts';
import type { CoveragePartName } from './source-name.ts';
import type { Tool } from './tool.ts';

/** `resources` counts resources; every other number counts (rule, resource) verdicts. */
export interface Summary {
  readonly resources: number;
  /**
   * Those of types that are scanned, or that a rule is about: an inventory may hold others, which are passed over. Only
   * sentences use it; a report that is read back has none.
   */
  readonly relevant?: number;
  /** Those that at least one rule was judged on, by type in lower case. Only sentences use it, too. */
  readonly judged?: Readonly<Record<string, number>>;
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
  /** The definition of Azure Policy that the rule was read from; absent for a rule of a rule file. */
  readonly policy?: ReportPolicy;
  /** Other values in some scopes, the most specific first; absent where the values are the same everywhere. */
  readonly parametersByScope?: readonly ReportScopedParameters[];
  /** The types among its own that the scan did not read, or on which it is not evaluated; absent where it read all of them. */
  readonly notJudged?: readonly NotJudged[];
}

/** A definition of Azure Policy as reports carry it; what the file does not say is absent. */
export interface ReportPolicy {
  readonly definitionId?: string;
  readonly version?: string;
  readonly category?: string;
  /** The name of the initiative by whose parameters it was judged. */
  readonly initiative?: string;
  /** The effect in force, in lower case. */
  readonly effect?: string;
}

/** The parameters of a rule that are others in a scope. */
export interface ReportScopedParameters {
  readonly scope: ResourceScope;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** The parameters of a rule as a text that is the same for the same ones; `undefined` for a report that does not tell. */
export function tuningOf({ parameters, parametersByScope = [] }: ReportRule): string | undefined {
  return parameters && canonicalJson(parameters) + JSON.stringify(parametersByScope);
}

/** The rules of both reports that were judged with other parameters; a report of version 1.0 does not say with which. */
export function tunedBetween(
  older: Pick<ScanReport, 'rules'>,
  newer: Pick<ScanReport, 'rules'>,
): readonly string[] {
  const before = new Map(older.rules.map((rule) => [rule.id, tuningOf(rule)]));
  return newer.rules.flatMap((rule) => {
    const [then, now] = [before.get(rule.id), tuningOf(rule)];
    return then === undefined || now === undefined || then === now ? [] : [rule.id];
  });
}

/** A resource type that a rule is about, and that could not be judged. */
export interface NotJudged {
  readonly type: string;
  /** The part of a scan that would judge it, as `--include` takes it; absent where none would. */
  readonly include?: CoveragePartName;
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
  /** The identity that read Azure; absent where nothing was read from it, and in older reports. */
  readonly identity?: Identity;
  readonly summary: Summary;
  readonly rules: readonly ReportRule[];
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
  /** Conditions that the authors of exemptions should know of; absent where there is none. */
  readonly exemptionNotices?: readonly ExemptionNotice[];
  /** The verdicts by the controls of frameworks; absent where none was asked for, and in a report that is read back. */
  readonly frameworks?: readonly ReportFramework[];
  /** Absent where the scan was not compared with a baseline, and in a report that is read back. */
  readonly baseline?: BaselineResult;
  /** The state in Azure of each declared resource; absent where nobody asked, and in a report that is read back. */
  readonly deployed?: readonly DeclaredToday[];
}

/** The findings to show: of code that is compared with a commit, those that the commit does not excuse. */
export function findingsToShow({
  findings,
  baseline,
}: Pick<ScanReport, 'findings' | 'baseline'>): readonly Finding[] {
  return baseline?.code === undefined ? findings : findings.filter(newOrWorse(baseline));
}
