import { UsageError } from '../../model/errors.ts';
import type { ScanReport } from '../../model/report.ts';
import type { RuleChoice } from '../../model/settings.ts';
import type { ScanPolicies } from '../settings/load-policies.ts';
import { judgedWith, judgedWithIn } from '../report/judged-with.ts';

/** The rules that a plan is made by, and those that were asked for by name. */
export interface PlanRules extends Pick<ScanPolicies, 'rules' | 'compiled'> {
  readonly named: readonly RuleChoice[];
}

/**
 * Throws UsageError where a report and the rules do not know of each other, or judge differently: what is missing from
 * either would be skipped, and look as if nothing were wrong with it.
 */
export function checkReportFits(report: ScanReport, rules: PlanRules, from: string): void {
  refuseUnjudged(report, rules, from);
  refuseUnknown(report, rules, from);
  refuseOtherParameters(report, rules, from);
}

function refuseUnjudged(report: ScanReport, { named }: PlanRules, from: string): void {
  const judged = new Set(report.rules.map(({ id }) => id.toLowerCase()));
  const unjudged = named.find(({ rule }) => !judged.has(rule.toLowerCase()));
  if (unjudged === undefined) return;
  throw new UsageError(
    `${from} was made without the rule ${unjudged.rule}, so it says nothing about it.`,
    'Scan again with that rule, or leave out --from.',
  );
}

function refuseUnknown(report: ScanReport, { rules }: PlanRules, from: string): void {
  const loaded = new Set(rules.map(({ id }) => id));
  const unknown = report.findings.find(({ ruleId }) => !loaded.has(ruleId));
  if (unknown === undefined) return;
  throw new UsageError(
    `${from} has findings of the rule ${unknown.ruleId}, which is not loaded.`,
    'Name the file of the rule with --policies.',
  );
}

function refuseOtherParameters(report: ScanReport, { compiled }: PlanRules, from: string): void {
  const reported = new Map(report.rules.map(({ id, description }) => [id, description]));
  for (const rule of compiled) {
    const { id } = rule.rule;
    const description = reported.get(id);
    const then = description === undefined ? undefined : judgedWithIn(description, rule.rule);
    const now = judgedWith(rule);
    if (then === undefined || then === now) continue;
    throw new UsageError(
      `${from} and this plan evaluate ${id} with different parameters. ${inWords('The report', then)} ${inWords('The plan', now)}`,
      'Use the same --param and --config as for the report, or leave out --from.',
    );
  }
}

function inWords(who: string, sentence: string): string {
  return `${who}: ${sentence === '' ? 'judged with the defaults.' : sentence.replace(/^J/, 'j')}`;
}
