import type { Unreadable } from '../../model/coverage.ts';
import type { Problem } from '../../model/errors.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import type { Summary } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import type { PassedResources, Subscription, UnreadContents } from '../../model/source.ts';
import { scannedTypes } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { isReported, judge } from '../../rules/evaluate.ts';
import { type ExemptionFinder, exempted } from './exempting.ts';
import { idleScopes, type ScopeBackground } from '../../rules/scopes/notices.ts';
import { judgeByScope, type ScopedJudging, type ScopedVerdict } from './by-scope.ts';
import { describeUnread, type DescribeVerdict, describeVerdicts, inReportOrder } from './finding.ts';
import { type Readable, rulesByType } from './not-judged.ts';
import type { Severity } from '../../model/severity.ts';

/** Judges resources as they come; they are released then, and the verdicts are kept. */
export interface Judging {
  judge(resource: Resource): void;
  /** Counts the verdicts on resources that were not returned. */
  countPassed(passed: PassedResources): void;
  /** Every rule on what could not be read in a resource is unknown on that resource, once. */
  judgeUnread(contents: UnreadContents): void;
  /** All verdicts so far. Which subscriptions there are, and so what is exempt, may be known only when all is read. */
  verdicts(exemptionOf: ExemptionFinder, subscriptions: readonly Subscription[]): Verdicts;
}

/** The verdicts so far. */
export interface Verdicts {
  /** Those that the report lists, in its order. */
  readonly findings: readonly Finding[];
  readonly summary: CountedSummary;
  /** The number of resources of each type that is not scanned, and that no rule is about. */
  readonly foreign: ReadonlyMap<string, number>;
  /** True where a resource of the type came, whether a source announced the type or not. */
  readonly hasSeen: (type: string) => boolean;
  /** The gaps without which it would be known which parameters are in force. */
  readonly gaps: readonly Unreadable[];
  /** A notice for each scope of parameters that nothing is in. */
  readonly idleScopes: (background: ScopeBackground) => readonly Problem[];
}

/** The counts of a scan that has just ended: with those that only sentences use. */
type CountedSummary = Summary & Required<Pick<Summary, 'relevant' | 'judged'>>;

/** The rules to judge by, and what is listed. */
export interface JudgingRequest {
  readonly rules: readonly CompiledRule[];
  readonly readable: Readable;
  /** List compliant verdicts too. They are always counted. */
  readonly includeCompliant: boolean;
  /** Every subscription, where all are known before the first resource: an inventory tells of its own last. */
  readonly subscriptions: readonly Subscription[] | undefined;
}

/** Begins without verdicts. Throws PolicyError where the scopes of parameters contradict each other. */
export function beginJudging(request: JudgingRequest): Judging {
  const { rules, readable, includeCompliant } = request;
  const rulesFor = rulesByType(rules, readable);
  const scoped = judgeByScope(request);
  const record = beginRecord(scoped, includeCompliant);
  const { counts, found, gaps } = record;
  let hasPassed = false;
  const foreign = new Map<string, number>();
  const seen = new Set<string>();

  return {
    judge(resource) {
      const about = rulesFor(resource.type);
      seen.add(resource.type.toLowerCase());
      const isRelevant =
        about.length > 0 || scanned.has(resource.type.toLowerCase()) || readable.readsType(resource.type);
      counts.resources(1, isRelevant);
      if (about.length > 0) counts.judged(resource.type, 1);
      if (!isRelevant) foreign.set(resource.type, (foreign.get(resource.type) ?? 0) + 1);
      const describe = describeVerdicts(resource);
      for (const compiled of about) record.judge(compiled, resource, describe);
    },
    countPassed({ type, resources, notApplicable }) {
      hasPassed ||= resources > 0;
      counts.resources(resources, true);
      const about = rulesFor(type);
      if (about.length > 0) counts.judged(type, resources);
      for (const { rule } of about) {
        const notApplicableCount = notApplicable[rule.id] ?? 0;
        counts.passed({ compliant: resources - notApplicableCount, notApplicable: notApplicableCount });
      }
    },
    judgeUnread(contents) {
      const about = new Set(contents.types.flatMap(rulesFor));
      for (const compiled of about) {
        counts.verdict('unknown', compiled.rule.severity);
        found.push(describeUnread(compiled, contents));
      }
    },
    verdicts(exemptionOf, subscriptions) {
      for (const { compiled, ...decided } of scoped.close(subscriptions)) record.add(compiled, decided);
      const findings = found.map((finding) => {
        const exemption = exemptionOf(finding);
        return exemption === undefined ? finding : exempted(finding, exemption);
      });
      return {
        findings: inReportOrder(findings),
        summary: withExempt(counts.summary(), findings),
        foreign,
        hasSeen: (type) => seen.has(type.toLowerCase()),
        gaps: [...gaps.values()],
        idleScopes: (background) => idleScopes(rules, { met: scoped.met(), isWhole: !hasPassed }, background),
      };
    },
  };
}

/** Records verdicts with their findings, worded as they come, while a scan waits for Azure anyway, and with their gaps. */
function beginRecord(scoped: ScopedJudging, includeCompliant: boolean) {
  const counts = tally();
  const found: Finding[] = [];
  // Many verdicts may lack the same fact.
  const gaps = new Map<string, Unreadable>();
  function add({ rule }: CompiledRule, { verdict, finding, gap }: ScopedVerdict): void {
    counts.verdict(verdict, rule.severity);
    if (gap !== undefined) gaps.set(JSON.stringify(gap), gap);
    if (finding !== undefined && isReported(verdict, includeCompliant)) found.push(finding);
  }
  function judgeOne(compiled: CompiledRule, resource: Resource, describe: DescribeVerdict): void {
    if (compiled.byScope !== undefined) {
      const decided = scoped.judge(compiled, resource, describe);
      if (decided !== undefined) add(compiled, decided);
      return;
    }
    const verdict = judge(compiled, resource);
    counts.verdict(verdict, compiled.rule.severity);
    if (isReported(verdict, includeCompliant)) found.push(describe(compiled, verdict));
  }
  return { counts, found, gaps, add, judge: judgeOne };
}

/** Counts as exempt what was counted as non-compliant before the exemptions were known. */
function withExempt<S extends Summary>(summary: S, findings: readonly Finding[]): S {
  const exempt = findings.filter(({ compliance }) => compliance === 'exempt');
  const bySeverity = { ...summary.bySeverity };
  for (const { severity } of exempt) bySeverity[severity] -= 1;
  const nonCompliant = summary.nonCompliant - exempt.length;
  return { ...summary, nonCompliant, exempt: exempt.length, bySeverity };
}

const scanned = new Set(scannedTypes.map((type) => type.toLowerCase()));

/** Counts resources and verdicts as they come. */
function tally(): {
  /** `isRelevant` for types that are scanned, or that a rule is about. */
  readonly resources: (count: number, isRelevant: boolean) => void;
  readonly judged: (type: string, count: number) => void;
  readonly verdict: (compliance: Compliance | 'notApplicable', severity: Severity) => void;
  /** Verdicts on resources that were counted and not returned. */
  readonly passed: (verdicts: { readonly compliant: number; readonly notApplicable: number }) => void;
  readonly summary: () => CountedSummary;
} {
  let [resources, relevant] = [0, 0];
  const judged = new Map<string, number>();
  const verdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  return {
    resources(count, isRelevant) {
      resources += count;
      if (isRelevant) relevant += count;
    },
    judged(type, count) {
      const key = type.toLowerCase();
      if (count > 0) judged.set(key, (judged.get(key) ?? 0) + count);
    },
    verdict(compliance, severity) {
      verdicts[compliance] += 1;
      if (compliance === 'nonCompliant') bySeverity[severity] += 1;
    },
    passed({ compliant, notApplicable }) {
      verdicts.compliant += compliant;
      verdicts.notApplicable += notApplicable;
    },
    summary: () => ({
      resources,
      relevant,
      judged: Object.fromEntries(judged),
      ...verdicts,
      bySeverity: { ...bySeverity },
    }),
  };
}
