import type { Compliance, Finding } from '../../model/finding.ts';
import type { Summary } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { PassedResources, Subscription, UnreadContents } from '../../model/source.ts';
import { scannedTypes } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { judge } from '../../rules/evaluate.ts';
import type { ExemptionsInUse } from '../../rules/exemptions/effect.ts';
import { describeVerdict, inReportOrder, keepUnread, keepVerdict, type KeptVerdict } from './finding.ts';
import { isJudgeable, type Readable, missingFacts } from './not-judged.ts';
import type { Severity } from '../../model/severity.ts';

/** Judges resources as they come; they are released then, and the verdicts are kept. */
export interface Judging {
  judge(resource: Resource): void;
  /** Counts the verdicts on resources that were not returned. */
  countPassed(passed: PassedResources): void;
  /** Every rule on what could not be read in a resource is unknown on that resource, once. */
  judgeUnread(contents: UnreadContents): void;
  /** All verdicts so far. Which subscriptions there are, and so what is exempt, may be known only when all is read. */
  verdicts(exemptions: ExemptionsInUse, subscriptions: readonly Subscription[]): Verdicts;
}

/** The verdicts so far. */
export interface Verdicts {
  /** Those that the report lists, in its order. */
  readonly findings: readonly Finding[];
  readonly summary: Summary & { readonly relevant: number };
  /** The number of resources of each type that is not scanned, and that no rule is about. */
  readonly foreign: ReadonlyMap<string, number>;
  /** True where a resource of the type came, whether a source announced the type or not. */
  readonly hasSeen: (type: string) => boolean;
}

/** The rules to judge by, and what is listed. */
export interface JudgingRequest {
  readonly rules: readonly CompiledRule[];
  readonly readable: Readable;
  /** List compliant verdicts too. They are always counted. */
  readonly includeCompliant: boolean;
}

/** Begins without verdicts. */
export function beginJudging({ rules, readable, includeCompliant }: JudgingRequest): Judging {
  const rulesFor = rulesByType(rules, readable);
  const counts = tally();
  const kept: KeptVerdict[] = [];
  const foreign = new Map<string, number>();
  const seen = new Set<string>();

  function judgeBy(compiled: CompiledRule, resource: Resource): void {
    const verdict = judge(compiled, resource);
    counts.verdict(verdict, compiled.rule.severity);
    if (verdict === 'notApplicable') return;
    if (verdict !== 'compliant' || includeCompliant) kept.push(keepVerdict(compiled, resource, verdict));
  }

  return {
    judge(resource) {
      const about = rulesFor(resource.type);
      seen.add(resource.type.toLowerCase());
      const isRelevant =
        about.length > 0 || scanned.has(resource.type.toLowerCase()) || readable.readsType(resource.type);
      counts.resources(1, isRelevant);
      if (!isRelevant) foreign.set(resource.type, (foreign.get(resource.type) ?? 0) + 1);
      for (const compiled of about) judgeBy(compiled, resource);
    },
    countPassed({ type, resources, notApplicable }) {
      counts.resources(resources, true);
      for (const { rule } of rulesFor(type)) {
        const notApplicableCount = notApplicable[rule.id] ?? 0;
        counts.passed({ compliant: resources - notApplicableCount, notApplicable: notApplicableCount });
      }
    },
    judgeUnread(contents) {
      const about = new Set(contents.types.flatMap(rulesFor));
      for (const compiled of about) {
        counts.verdict('unknown', compiled.rule.severity);
        kept.push(keepUnread(compiled, contents));
      }
    },
    verdicts(exemptions, subscriptions) {
      const findExemption = exemptionFinder(exemptions, subscriptions);
      const findings = kept.map((verdict) => describeVerdict(verdict, findExemption(verdict)));
      return {
        findings: inReportOrder(findings),
        summary: withExempt(counts.summary(), findings),
        foreign,
        hasSeen: (type) => seen.has(type.toLowerCase()),
      };
    },
  };
}

function exemptionFinder(
  exemptions: ExemptionsInUse,
  subscriptions: readonly Subscription[],
): (verdict: KeptVerdict) => Exemption | undefined {
  const byId = new Map(subscriptions.map((item) => [item.id.toLowerCase(), item]));
  return ({ compiled, resource, compliance }) =>
    compliance === 'nonCompliant'
      ? exemptions.find(compiled.rule.id, resource, byId.get(resource.subscriptionId.toLowerCase()))
      : undefined;
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

/** Finds the rules that can be judged on a type, once per type and not once per resource. */
function rulesByType(
  rules: readonly CompiledRule[],
  readable: Readable,
): (type: string) => readonly CompiledRule[] {
  const known = new Map<string, readonly CompiledRule[]>();
  const isJudged =
    (type: string) =>
    ({ rule, appliesTo }: CompiledRule): boolean =>
      appliesTo(type) && isJudgeable(type, readable) && missingFacts(rule, type, readable).length === 0;
  return (type) => {
    const found = known.get(type) ?? rules.filter(isJudged(type));
    known.set(type, found);
    return found;
  };
}

/** Counts resources and verdicts as they come. */
function tally(): {
  /** `isRelevant` for types that are scanned, or that a rule is about. */
  readonly resources: (count: number, isRelevant: boolean) => void;
  readonly verdict: (compliance: Compliance | 'notApplicable', severity: Severity) => void;
  /** Verdicts on resources that were counted and not returned. */
  readonly passed: (verdicts: { readonly compliant: number; readonly notApplicable: number }) => void;
  readonly summary: () => Summary & { readonly relevant: number };
} {
  let [resources, relevant] = [0, 0];
  const verdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  return {
    resources(count, isRelevant) {
      resources += count;
      if (isRelevant) relevant += count;
    },
    verdict(compliance, severity) {
      verdicts[compliance] += 1;
      if (compliance === 'nonCompliant') bySeverity[severity] += 1;
    },
    passed({ compliant, notApplicable }) {
      verdicts.compliant += compliant;
      verdicts.notApplicable += notApplicable;
    },
    summary: () => ({ resources, relevant, ...verdicts, bySeverity: { ...bySeverity } }),
  };
}
