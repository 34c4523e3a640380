import {
  type ControlRule,
  controlVerdicts,
  mappedByWords,
  type ReportControl,
  type ReportFramework,
} from '../../model/control.ts';
import { groupsBy } from '../../model/groups-by.ts';
import type { ReportRule, ScanReport } from '../../model/report.ts';

/** The controls that a rule serves: `CIS-Azure-6.0/8.3.5`, `MCSB/DP-8`. */
export function controlNames({ controls }: Pick<ReportRule, 'controls'>): readonly string[] {
  return Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
}

/** The verdicts of controls in words. */
const verdictWords: Readonly<Record<ReportControl['verdict'], string>> = {
  nonCompliant: 'non-compliant',
  unknown: 'unknown',
  notJudged: 'not judged',
  exempt: 'exempt',
  compliant: 'compliant',
  notApplicable: 'not applicable',
};

/** The verdict of a control: `compliant in part` where its rules do not check all that it asks for. */
export function controlVerdictWords({ verdict, coverage }: ReportControl): string {
  return verdict === 'compliant' && coverage === 'part' ? 'compliant in part' : verdictWords[verdict];
}

/** The rules of a control with their verdicts, by those who say that they serve it. */
export function controlRuleWords({ rules }: ReportControl): string {
  const groups = groupsBy(rules, ({ mappedBy }) => mappedBy);
  const words = groups.map((group) => {
    const named = group.map(({ ruleId, verdict }) => `${ruleId} ${verdictWords[verdict]}`);
    return `${named.join(', ')} (${mappedByWords[group[0].mappedBy]})`;
  });
  return words.join('; ');
}

/** The reasons why rules of a control were not judged, or are unknown without a finding. */
export function controlReasons({ rules }: ReportControl): readonly string[] {
  const explained = rules.filter(
    (rule): rule is ControlRule & { reason: string } => rule.reason !== undefined,
  );
  return groupsBy(explained, ({ reason }) => reason).map(
    (group) => `${group.map(({ ruleId }) => ruleId).join(', ')}: ${group[0].reason}`,
  );
}

/** A control in a sentence: `CIS-Azure-6.0/8.3.5 Purge protection is enabled: non-compliant. AKV002 …`. */
export function controlSentence(framework: string, control: ReportControl): string {
  const { id, title } = control;
  const name = `${framework}/${id}${title === undefined ? '' : ` ${title}`}`;
  const sentences = [`${name}: ${controlVerdictWords(control)}.`, `${controlRuleWords(control)}.`];
  return [...sentences, ...controlReasons(control)].join(' ');
}

/** The name of a framework and what it is: `CIS-Azure-6.0: CIS Microsoft Azure Foundations Benchmark 6.0.0`. */
export function frameworkTitle({ name, title, version }: ReportFramework): string {
  return title === undefined || version === undefined ? name : `${name}: ${title} ${version}`;
}

/** Its controls in numbers: `1 non-compliant, 2 compliant, 10 not covered by any rule`. */
export function frameworkCounts({ controls, notCovered }: ReportFramework): string {
  const inPart = controls.filter((control) => controlVerdictWords(control) === 'compliant in part').length;
  const counts = controlVerdicts.flatMap((verdict) => {
    const amount = controls.filter((control) => control.verdict === verdict).length;
    const part = verdict === 'compliant' && inPart > 0 ? ` (${inPart} in part)` : '';
    return amount === 0 ? [] : [`${amount} ${verdictWords[verdict]}${part}`];
  });
  return [
    ...counts,
    ...(notCovered.length === 0 ? [] : [`${notCovered.length} not covered by any rule`]),
  ].join(', ');
}

/** The controls about key vaults that no rule serves, with their titles where they have some; empty where none is known. */
export function uncoveredWords({ notCovered }: ReportFramework): string {
  return notCovered.map(({ id, title }) => (title === undefined ? id : `${id} ${title}`)).join('; ');
}

/** A control as reports that list rows have it. */
interface ControlEntry {
  /** `CIS-Azure-6.0/8.3.5` */
  readonly controls: string;
  readonly title: string | undefined;
  readonly controlVerdict: ReportControl['verdict'] | 'notCovered';
  readonly message: string;
}

/** Every control of the frameworks that were asked for, and those about key vaults that no rule serves. */
export function controlEntries({ frameworks = [] }: ScanReport): readonly ControlEntry[] {
  return frameworks.flatMap(({ name, controls, notCovered }) => [
    ...controls.map((control): ControlEntry => {
      const { id, title, verdict } = control;
      return {
        controls: `${name}/${id}`,
        title,
        controlVerdict: verdict,
        message: controlSentence(name, control),
      };
    }),
    ...notCovered.map(({ id, title }): ControlEntry => {
      return {
        controls: `${name}/${id}`,
        title,
        controlVerdict: 'notCovered',
        message: 'No rule covers it.',
      };
    }),
  ]);
}
