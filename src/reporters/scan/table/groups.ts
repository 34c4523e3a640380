import { compareText } from '../../../model/compare-text.ts';
import { groupsBy } from '../../../model/groups-by.ts';
import type { Finding, FindingResource } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import { severities, type Severity } from '../../../model/severity.ts';
import { terminalText } from '../../text/terminal.ts';
import { countSeverities } from '../../words/counts.ts';
import { fixLabel } from '../../words/fix.ts';
import { kindOf, kindsAmong, resourceName, subscriptionNames } from '../../words/scope.ts';
import type { FindingGrouping } from '../format.ts';
import { compareUrgency, worstFirst } from '../order.ts';
import { groupByVault } from '../vaults.ts';

/** Findings that stand below one heading, worst first. */
export interface FindingGroup {
  readonly title: string;
  /** The facts beside the title, the most important first: of a vault, the places that it is in. */
  readonly aside: readonly string[];
  readonly findings: readonly Finding[];
}

/** A way to put findings into groups. */
export interface Grouping {
  readonly groups: readonly FindingGroup[];
  /** The names of one group and of several; `undefined` for resources, which are called what they are. */
  readonly noun: readonly [one: string, many: string] | undefined;
  /** The parts of a finding that its heading does not say: each is a column, safe to print. */
  readonly subject: (finding: Finding) => readonly string[];
  /** The same in as few columns as will do. */
  readonly shortSubject: (finding: Finding) => readonly string[];
}

/** Puts findings into groups, the one with the worst finding first, then the one with more. */
export function groupFindings(
  findings: readonly Finding[],
  report: ScanReport,
  by: FindingGrouping,
): Grouping {
  return groupings[by](findings, subscriptionNames(report));
}

type NameOf = (subscriptionId: string) => string;

const groupings: Readonly<
  Record<FindingGrouping, (findings: readonly Finding[], nameOf: NameOf) => Grouping>
> = {
  vault: (findings, nameOf) => ({
    groups: groupByVault(findings).map(({ resource, findings: inVault }) => ({
      title: resourceName(resource),
      aside: placesOf(resource, nameOf),
      findings: inVault,
    })),
    noun: undefined,
    subject: (finding) => [ruleOf(finding)],
    shortSubject: ({ ruleId }) => [terminalText(ruleId)],
  }),
  rule: (findings, nameOf) => ({
    groups: groupBy(findings, ({ ruleId }) => ruleId).map((ofRule) => {
      const [example] = ofRule;
      const fix = example === undefined ? '' : fixLabel(example.remediation);
      return {
        title: example === undefined ? '' : `${example.ruleId} ${example.ruleName}`,
        aside: [kindsAmong(ofRule), fix].filter((part) => part !== ''),
        findings: ofRule,
      };
    }),
    noun: ['rule', 'rules'],
    subject: ({ resource }) => [
      terminalText(resourceName(resource)),
      terminalText(nameOf(resource.subscriptionId)),
    ],
    shortSubject: ({ resource }) => [terminalText(resourceName(resource))],
  }),
  subscription: (findings, nameOf) => ({
    groups: groupBy(findings, ({ resource }) => resource.subscriptionId.toLowerCase()).map((inside) => ({
      title: nameOf(inside[0]?.resource.subscriptionId ?? ''),
      aside: [kindsAmong(inside), failureWords(inside)],
      findings: inside,
    })),
    noun: ['subscription', 'subscriptions'],
    subject: (finding) => [terminalText(resourceName(finding.resource)), ruleOf(finding)],
    shortSubject: ({ resource, ruleId }) => [terminalText(resourceName(resource)), terminalText(ruleId)],
  }),
};

/** Failures by severity: `1 critical, 6 high`, or that there are none. */
export function failureWords(findings: readonly Finding[]): string {
  const failed = findings.filter(({ compliance }) => compliance === 'nonCompliant');
  if (failed.length === 0) return 'none of them fails a rule';
  const amount = (severity: Severity): number =>
    failed.filter((finding) => finding.severity === severity).length;
  const [critical, high, medium, low] = severities.map(amount);
  return countSeverities({ critical: critical ?? 0, high: high ?? 0, medium: medium ?? 0, low: low ?? 0 });
}

function ruleOf({ ruleId, ruleName }: Finding): string {
  return terminalText(`${ruleId} ${ruleName}`);
}

function placesOf(resource: FindingResource, nameOf: NameOf): readonly string[] {
  const { subscriptionId, resourceGroup, location } = resource;
  return [kindOf(resource), nameOf(subscriptionId), resourceGroup, location].filter((part) => part !== '');
}

function groupBy(
  findings: readonly Finding[],
  keyOf: (finding: Finding) => string,
): readonly (readonly Finding[])[] {
  return groupsBy(worstFirst(findings), keyOf).toSorted(
    (a, b) => compareGroups(a, b) || compareText(keyOf(a[0]), keyOf(b[0])),
  );
}

function compareGroups(a: readonly Finding[], b: readonly Finding[]): number {
  const [worst] = a;
  const [other] = b;
  if (worst === undefined || other === undefined) return 0;
  return compareUrgency(worst, other) || b.length - a.length;
}
