import { UsageError } from '../../model/errors.ts';
import type { NotJudged, ReportPolicy, ReportRule, ScanReport } from '../../model/report.ts';
import type { PolicyOrigin, Rule } from '../../model/rule.ts';
import type { RuleChoice } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { findRules } from '../../rules/find-rule.ts';
import { judgedElsewhere, sameScopes, scopedParametersOf, shortened } from './scoped-parameters.ts';

const documentation = 'https://github.com/purgeproof/purgeproof/blob/main/docs/rules';

/** A rule as reports carry it. A user's own rule points to its first reference, if it has one. */
export function reportRule(compiled: CompiledRule, notJudged: readonly NotJudged[] = []): ReportRule {
  const { rule } = compiled;
  const scopes = scopedParametersOf(compiled);
  return {
    id: rule.id,
    name: rule.name,
    title: rule.title,
    description: [rule.description, judgedWith(compiled), judgedElsewhere(scopes)].filter(Boolean).join(' '),
    severity: rule.severity,
    resourceType: rule.resourceTypes.join(', '),
    controls: rule.controls,
    helpUri: rule.builtIn ? `${documentation}/${rule.id}.md` : (rule.references[0] ?? documentation),
    parameters: compiled.parameters,
    ...(rule.policy === undefined ? {} : { policy: reportPolicy(rule.policy, compiled.effect) }),
    ...(scopes.length === 0 ? {} : { parametersByScope: scopes }),
    ...(notJudged.length === 0 ? {} : { notJudged }),
  };
}

function reportPolicy(
  { definitionId, version, category, initiative }: PolicyOrigin,
  effect: string | undefined,
): ReportPolicy {
  return {
    ...(definitionId === undefined ? {} : { definitionId }),
    ...(version === undefined ? {} : { version }),
    ...(category === undefined ? {} : { category }),
    ...(initiative === undefined ? {} : { initiative }),
    ...(effect === undefined || effect === '' ? {} : { effect }),
  };
}

/**
 * The parameters that a rule is judged with, as a sentence for its description in a report; empty where all of them have
 * their defaults. Programs read `parameters` of the rule instead.
 */
export function judgedWith({ rule, parameters }: Pick<CompiledRule, 'rule' | 'parameters'>): string {
  const set = Object.entries(rule.parameters).flatMap(([name, definition]) => {
    const value = JSON.stringify(parameters[name]);
    return value === JSON.stringify(definition.default) ? [] : [`${name} = ${shortened(value)}`];
  });
  return set.length === 0 ? '' : `${opening}${set.join(', ')}.`;
}

const opening = 'Judged with ';

/**
 * That sentence at the end of a description in a report of version 1.0, which had no other place for parameters. It is
 * found by the names of the rule's own parameters, since the rule may have been reworded since.
 */
export function judgedWithIn10(description: string, { rule }: CompiledRule): string {
  if (description.startsWith(rule.description)) return description.slice(rule.description.length).trim();
  const starts = Object.keys(rule.parameters).map((name) => description.lastIndexOf(`${opening}${name} = `));
  const start = Math.max(-1, ...starts);
  return start === -1 ? '' : description.slice(start);
}

/** The rules that a plan is made by, and those that were asked for by name. */
interface PlanRules {
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
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

function refuseUnjudged(report: ScanReport, { rules, named }: PlanRules, from: string): void {
  const judged = new Set(report.rules.map(({ id }) => id));
  const unjudged = named.find(({ rule }) => findRules(rule, rules).every(({ id }) => !judged.has(id)));
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
  const reported = new Map(report.rules.map((rule) => [rule.id, rule]));
  for (const rule of compiled) {
    const { id } = rule.rule;
    const then = reported.get(id);
    const difference = then === undefined ? undefined : parametersApart(then, rule);
    if (difference === undefined) continue;
    throw new UsageError(
      `${from} and this plan evaluate ${id} with different parameters. The report: ${difference.report} The plan: ${difference.plan}`,
      'Use the same --param and --config as for the report, or leave out --from.',
    );
  }
}

/** The parameters of a report and of a plan in words, where they differ. */
interface ParameterDifference {
  readonly report: string;
  readonly plan: string;
}

function parametersApart(reported: ReportRule, compiled: CompiledRule): ParameterDifference | undefined {
  const report = reportedParameters(reported, compiled);
  const plan = judgedWith(compiled);
  const [then, now] = [reported.parametersByScope ?? [], scopedParametersOf(compiled)];
  if (report === plan && sameScopes(then, now)) return undefined;
  const [elsewhere, here] = [judgedElsewhere(then), judgedElsewhere(now)];
  return { report: `${inWords(report)} ${elsewhere}`.trim(), plan: `${inWords(plan)} ${here}`.trim() };
}

/** A parameter that the rule did not have at the time of the report counts with its default. */
function reportedParameters({ parameters, description }: ReportRule, compiled: CompiledRule): string {
  if (parameters === undefined) return judgedWithIn10(description, compiled);
  const { rule } = compiled;
  const defaults = Object.entries(rule.parameters).map(([name, definition]) => [name, definition.default]);
  return judgedWith({ rule, parameters: { ...Object.fromEntries(defaults), ...parameters } });
}

function inWords(sentence: string): string {
  return sentence === '' ? 'judged with the defaults.' : `j${sentence.slice(1)}`;
}
