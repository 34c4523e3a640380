import type { Unreadable } from '../../model/coverage.ts';
import type { Problem } from '../../model/errors.ts';
import type { RuleVerdicts } from '../../model/control.ts';
import type { Finding } from '../../model/finding.ts';
import type { Summary } from '../../model/report.ts';
import type { Rule } from '../../model/rule.ts';
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
  /** By the ids of rules; one that was judged on nothing is not there. */
  readonly byRule: ReadonlyMap<string, RuleVerdicts>;
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
  const passedIn = new Map<string, number>();
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
    countPassed({ type, resources, notApplicable, mayBeIn = {} }) {
      hasPassed ||= resources > 0;
      for (const [place, amount] of Object.entries(mayBeIn))
        passedIn.set(place, (passedIn.get(place) ?? 0) + amount);
      counts.resources(resources, true);
      const about = rulesFor(type);
      if (about.length > 0) counts.judged(type, resources);
      for (const { rule } of about) {
        const notApplicableCount = notApplicable[rule.id] ?? 0;
        counts.verdict('compliant', rule, resources - notApplicableCount);
        counts.verdict('notApplicable', rule, notApplicableCount);
      }
    },
    judgeUnread(contents) {
      const about = new Set(contents.types.flatMap(rulesFor));
      for (const compiled of about) {
        counts.verdict('unknown', compiled.rule);
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
        ...counts.totals(findings.filter(({ compliance }) => compliance === 'exempt')),
        foreign,
        hasSeen: (type) => seen.has(type.toLowerCase()),
        gaps: [...gaps.values()],
        idleScopes: (background) =>
          idleScopes(rules, { met: scoped.met(), isWhole: !hasPassed, passedIn }, background),
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
    counts.verdict(verdict, rule);
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
    counts.verdict(verdict, compiled.rule);
    if (isReported(verdict, includeCompliant)) found.push(describe(compiled, verdict));
  }
  return { counts, found, gaps, add, judge: judgeOne };
}

const scanned = new Set(scannedTypes.map((type) => type.toLowerCase()));

/** Counts resources and verdicts as they come. */
function tally() {
  let [resources, relevant] = [0, 0];
  const judged = new Map<string, number>();
  const byRule = new Map<string, Counted>();
  return {
    /** `isRelevant` for types that are scanned, or that a rule is about. */
    resources(count: number, isRelevant: boolean) {
      resources += count;
      if (isRelevant) relevant += count;
    },
    judged(type: string, count: number) {
      const key = type.toLowerCase();
      if (count > 0) judged.set(key, (judged.get(key) ?? 0) + count);
    },
    verdict(verdict: keyof RuleVerdicts, { id, severity }: Rule, count = 1) {
      let counted = byRule.get(id);
      if (counted === undefined) byRule.set(id, (counted = { severity, verdicts: { ...noVerdicts } }));
      counted.verdicts[verdict] += count;
    },
    /** The counts so far, where what these findings are about is exempt: that was counted before exemptions were known. */
    totals(exempt: readonly Finding[]): Pick<Verdicts, 'summary' | 'byRule'> {
      const verdicts = { ...noVerdicts };
      const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
      const all = withExempt(byRule, exempt);
      for (const { severity, verdicts: own } of all.values()) {
        bySeverity[severity] += own.nonCompliant;
        for (const kind of verdictKinds) verdicts[kind] += own[kind];
      }
      return {
        summary: { resources, relevant, judged: Object.fromEntries(judged), ...verdicts, bySeverity },
        byRule: new Map(Array.from(all, ([id, { verdicts }]) => [id, verdicts])),
      };
    },
  };
}

/** The verdicts of a rule, while they are counted. */
interface Counted {
  readonly severity: Severity;
  readonly verdicts: Record<keyof RuleVerdicts, number>;
}

const noVerdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };

const verdictKinds = ['compliant', 'nonCompliant', 'exempt', 'unknown', 'notApplicable'] as const;

/** The counts with what is exempt, which was counted as non-compliant. */
function withExempt(
  byRule: ReadonlyMap<string, Counted>,
  exempt: readonly Finding[],
): ReadonlyMap<string, Counted> {
  const counts = new Map(byRule);
  for (const { ruleId, severity } of exempt) {
    const { verdicts } = counts.get(ruleId) ?? { verdicts: noVerdicts };
    const { nonCompliant, exempt } = verdicts;
    counts.set(ruleId, {
      severity,
      verdicts: { ...verdicts, nonCompliant: nonCompliant - 1, exempt: exempt + 1 },
    });
  }
  return counts;
}
