import type { Compliance, Finding } from '../../model/finding.ts';
import type { Summary } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import type { PassedResources, Subscription, UnreadContents } from '../../model/source.ts';
import { scannedTypes } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { judge } from '../../rules/evaluate.ts';
import type { ExemptionsInUse } from '../../rules/exemptions/effect.ts';
import { type ListedVerdict, compareByResource, describeUnread, describeVerdict } from './finding.ts';
import { isJudgeable, type Readable, missingFacts } from './not-judged.ts';
import type { Severity } from '../../model/severity.ts';

/** Judges resources as they come; they are released then, and the verdicts are kept. */
export interface Judging {
  judge(resource: Resource): void;
  /** Counts the verdicts on resources that were not returned. */
  countPassed(passed: PassedResources): void;
  /** Every rule on what could not be read in a resource is unknown on that resource, once. */
  judgeUnread(contents: UnreadContents): void;
  verdicts(): Verdicts;
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

/** The rules and exemptions to judge by, and the subscriptions whose resources come. */
export interface JudgingRequest {
  readonly rules: readonly CompiledRule[];
  readonly readable: Readable;
  readonly exemptions: ExemptionsInUse;
  readonly subscriptions: readonly Subscription[];
  /** List compliant verdicts too. They are always counted. */
  readonly includeCompliant: boolean;
}

/** Begins without verdicts. */
export function beginJudging({
  rules,
  readable,
  exemptions,
  subscriptions,
  includeCompliant,
}: JudgingRequest): Judging {
  const rulesFor = rulesByType(rules, readable);
  const byId = new Map(subscriptions.map((item) => [item.id.toLowerCase(), item]));
  const counts = tally();
  const findings: Finding[] = [];
  const foreign = new Map<string, number>();
  const seen = new Set<string>();

  function judgeBy(compiled: CompiledRule, resource: Resource): void {
    const verdict = judge(compiled, resource);
    const exemption =
      verdict === 'nonCompliant'
        ? exemptions.find(compiled.rule.id, resource, byId.get(resource.subscriptionId.toLowerCase()))
        : undefined;
    counts.verdict(exemption === undefined ? verdict : 'exempt', compiled.rule.severity);
    if (verdict === 'notApplicable') return;
    if (verdict === 'compliant' && !includeCompliant) return;
    const listed: ListedVerdict =
      exemption === undefined ? { compliance: verdict } : { compliance: 'exempt', exemption };
    findings.push(describeVerdict({ compiled, resource, verdict: listed }));
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
        findings.push(describeUnread(compiled, contents));
      }
    },
    verdicts: () => ({
      findings: findings.toSorted(compareByResource),
      summary: counts.summary(),
      foreign,
      hasSeen: (type) => seen.has(type.toLowerCase()),
    }),
  };
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
