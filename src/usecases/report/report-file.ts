import { UsageError } from '../../model/errors.ts';
import { type EvidenceJson, evidenceFromJson } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../model/json.ts';
import type { ScanReport, ReportRule } from '../../model/report.ts';
import type { RuleChoice } from '../../model/settings.ts';
import { lineAndColumn } from '../../documents/json/document-text.ts';
import { repeatedKeys } from '../../documents/json/repeated-keys.ts';
import { reportSchema, reportSchemaOf } from '../../reporters/scan/json-schema.ts';
import { validateBy } from '../../documents/schema/validate.ts';
import type { ScanPolicies } from '../settings/load-policies.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { judgedWith, judgedWithIn10 } from './report-rule.ts';

const mistakesIn = validateBy(reportSchema);
const mistakesIn10 = validateBy(reportSchemaOf('1.0'));

/** A report as its JSON says it: the same but for the evidence. */
type ReportJson = Omit<ScanReport, 'findings'> & { readonly findings: readonly FindingJson[] };
type FindingJson = WithEvidenceJson<Finding>;
type WithEvidenceJson<F> = F extends Finding
  ? Omit<F, 'evidence'> & { readonly evidence: readonly EvidenceJson[] }
  : never;

/** Reads a JSON report that a scan wrote, of version 1.0 or 1.1. Throws UsageError for any other file. */
export function readReport(bytes: Uint8Array, file: string): ScanReport {
  const value = parse(bytes, file);
  const isOld = isJsonObject(value) && value['schemaVersion'] === '1.0';
  const [mistake] = isOld ? mistakesIn10(value) : mistakesIn(value);
  if (isReport(value, mistake === undefined)) return fromJson(value);
  const where = mistake === undefined || mistake.path.length === 0 ? '' : ` at ${mistake.path.join('.')}`;
  throw notAReport(file, `${where}: ${mistake?.message ?? 'it is not an object'}`);
}

function parse(bytes: Uint8Array, file: string): Json {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = parseJson(text);
    const [repeated] = repeatedKeys(text, value);
    if (repeated === undefined) return value;
    const place = lineAndColumn(text, repeated.offset);
    throw new Error(
      `the key ${JSON.stringify(repeated.key.slice(0, 60))} is repeated in one object, at ${place}`,
    );
  } catch (error) {
    throw notAReport(file, `: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fromJson(report: ReportJson): ScanReport {
  const findings = report.findings.map((finding) => ({
    ...finding,
    evidence: finding.evidence.map(evidenceFromJson),
  }));
  return { ...report, findings };
}

/** The schema of its version has said that it is one. */
function isReport(value: Json, valid: boolean): value is JsonObject & ReportJson {
  return valid && isJsonObject(value);
}

function notAReport(file: string, why: string): UsageError {
  return new UsageError(
    `${file} is not a JSON report of purgeproof${why}.`,
    'Make one with purgeproof scan --output json=report.json.',
  );
}

/** The rules that a plan is made by, and those that were asked for by name. */
interface PlanRules extends Pick<ScanPolicies, 'rules' | 'compiled'> {
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
  return report === plan ? undefined : { report: inWords(report), plan: inWords(plan) };
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
