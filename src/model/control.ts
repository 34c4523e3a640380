/**
 * Those who can say that a rule serves a control: the framework, whose control names the setting; Azure, in whose initiative
 * for the framework the built-in policy definition that the rule corresponds to has the control; or the author of the rule.
 */
export const mappingSources = ['framework', 'azurePolicy', 'author'] as const;

/** One of them. */
export type MappedBy = (typeof mappingSources)[number];

/** A control as a rule names it: its id, or with a few words of its author on what it asks for. */
export type NamedControl = string | { readonly id: string; readonly title?: string };

/** The id of a control that a rule names. */
export function controlId(named: NamedControl): string {
  return typeof named === 'string' ? named : named.id;
}

/** The controls of a framework that a rule serves, by those who say so. */
export type MappedControls = Readonly<Partial<Record<MappedBy, readonly NamedControl[]>>>;

/** A control that a rule serves, and who says so. */
export interface ControlMapping {
  /** Such as `CIS-Azure-6.0`: its version is part of its name. */
  readonly framework: string;
  readonly control: string;
  readonly title: string | undefined;
  readonly mappedBy: MappedBy;
}

/** Those who say it, in words. */
export const mappedByWords: Readonly<Record<MappedBy, string>> = {
  framework: 'the framework itself',
  azurePolicy: 'Azure Policy',
  author: "judgement of the rule's author",
};

/** The verdict of a control, or of a rule of it: the first of these that holds. */
export const controlVerdicts = [
  'nonCompliant',
  'unknown',
  'notJudged',
  'exempt',
  'compliant',
  'notApplicable',
] as const;

/** One of them. */
type ControlVerdict = (typeof controlVerdicts)[number];

/** The verdicts of a rule on resources, counted. */
export type RuleVerdicts = Readonly<Record<Exclude<ControlVerdict, 'notJudged'>, number>>;

/** A rule of a control. */
export interface ControlRule {
  readonly ruleId: string;
  readonly mappedBy: MappedBy;
  readonly verdict: ControlVerdict;
  readonly verdicts: RuleVerdicts;
  /** A sentence, where the rule was not judged, or the scan was incomplete. */
  readonly reason?: string;
}

/** A control of a framework, by the rules that serve it. */
export interface ReportControl {
  readonly id: string;
  readonly title: string | undefined;
  readonly verdict: ControlVerdict;
  /** The part of the control that its rules check. */
  readonly coverage: 'whole' | 'part';
  readonly rules: readonly ControlRule[];
}

/** A framework that a scan was asked to report by. */
export interface ReportFramework {
  readonly name: string;
  readonly title: string | undefined;
  readonly version: string | undefined;
  readonly controls: readonly ReportControl[];
  /** Those about key vaults that no rule serves, as far as they are known. */
  readonly notCovered: readonly Pick<ReportControl, 'id' | 'title'>[];
}
