import { compareText } from '../model/compare-text.ts';
import {
  type ControlMapping,
  type ControlRule,
  controlVerdicts,
  type MappedControls,
  mappingSources,
  type ReportControl,
  type ReportFramework,
  type RuleVerdicts,
} from '../model/control.ts';
import { groupsBy } from '../model/groups-by.ts';
import type { ReportRule } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import frameworks from './known-frameworks.json' with { type: 'json' };

/** A framework whose controls about key vaults are known, whether a rule serves them or not. */
interface KnownFramework {
  readonly title: string;
  readonly version: string;
  /** The built-in initiatives of Azure for it, by their names. */
  readonly initiatives: readonly string[];
  /** By the id of a control: the rules that together check all that it asks for. There is more to all others. */
  readonly wholeBy?: Readonly<Record<string, readonly string[]>>;
  /** A few words of ours on each control that is about key vaults, alone or among other things: what it asks for. */
  readonly controls: Readonly<Record<string, string>>;
  /** Others, which no rule serves. */
  readonly untitled?: readonly string[];
}

/**
 * The known frameworks by their names. The controls are those of the benchmark for CIS, and for the others those that the
 * initiatives of Azure give definitions about key vaults, with those of our own judgement. Sources:
 * prowler-cloud/prowler@3e000faa, prowler/compliance/azure; Azure/azure-policy@f4a50bac,
 * built-in-policies/policySetDefinitions.
 */
export const knownFrameworks: ReadonlyMap<string, KnownFramework> = new Map(Object.entries(frameworks));

/** Rules that serve controls. */
type ServingRule = Pick<Rule, 'id' | 'controls' | 'controlMappings' | 'policy'>;

/** The controls that a rule serves, each by the first of those who say so. Those of a member of an initiative are its groups. */
export function mappingsOf({ controls, controlMappings, policy }: ServingRule): readonly ControlMapping[] {
  const otherwise = policy === undefined ? 'author' : 'azurePolicy';
  return Object.entries(controls).flatMap(([framework, ids]) => {
    const mapped: MappedControls = controlMappings?.[framework] ?? { [otherwise]: ids };
    const titles = new Map(Object.entries(knownFrameworks.get(framework)?.controls ?? {}));
    const all = mappingSources.flatMap((mappedBy) =>
      (mapped[mappedBy] ?? []).map((named): ControlMapping => {
        const { id: control, title } = typeof named === 'string' ? { id: named } : named;
        return {
          framework,
          control,
          title: title ?? titles.get(control),
          mappedBy,
        };
      }),
    );
    return groupsBy(all, ({ control }) => control).map(([first]) => first);
  });
}

/** A control, and the rules that serve it. */
export interface ServedControl<R extends ServingRule> {
  readonly control: string;
  readonly title: string | undefined;
  readonly rules: readonly { readonly rule: R; readonly mappedBy: ControlMapping['mappedBy'] }[];
  /** True where the rules check all that the control asks for, as far as is known. */
  readonly isWhole: boolean;
}

/** A framework, the controls of it that rules serve, and those about key vaults that none serves. */
export interface ServedFramework<R extends ServingRule> {
  readonly name: string;
  /** Absent for a framework that only rules know. */
  readonly known: KnownFramework | undefined;
  readonly controls: readonly ServedControl<R>[];
  readonly notCovered: readonly Pick<ServedControl<R>, 'control' | 'title'>[];
}

/** Frameworks of these names, with the controls that the rules serve, in the order of their ids. */
export function servedFrameworks<R extends ServingRule>(
  rules: readonly R[],
  names: readonly string[],
): readonly ServedFramework<R>[] {
  const sorted = rules.toSorted((a, b) => compareText(a.id, b.id));
  const mapped = sorted.flatMap((rule) => mappingsOf(rule).map((mapping) => ({ rule, mapping })));
  return names.map((name) => {
    const known = knownFrameworks.get(name);
    const { controls: titles = {}, untitled = [], wholeBy = {} } = known ?? {};
    const own = mapped.filter(({ mapping }) => mapping.framework.toLowerCase() === name.toLowerCase());
    const controls = groupsBy(own, ({ mapping }) => mapping.control).map((serving): ServedControl<R> => {
      const { control, title } = serving[0].mapping;
      const ids = new Set(serving.map(({ rule }) => rule.id));
      const isWhole =
        Object.hasOwn(wholeBy, control) && wholeBy[control]?.every((id) => ids.has(id)) === true;
      const by = serving.map(({ rule, mapping: { mappedBy } }) => ({ rule, mappedBy }));
      return { control, title, rules: by, isWhole };
    });
    const served = new Set(controls.map(({ control }) => control));
    const others = [...Object.keys(titles), ...untitled].filter((control) => !served.has(control));
    const notCovered = others.map((control) => ({ control, title: titles[control] }));
    return { name, known, controls: controls.toSorted(byId), notCovered: notCovered.toSorted(byId) };
  });
}

/** Numbers in ids by their values: 8.3.9 before 8.3.10. */
function byId(a: { readonly control: string }, b: { readonly control: string }): number {
  return compareText(sortKey(a.control), sortKey(b.control));
}

function sortKey(id: string): string {
  return id.replaceAll(/\d+/g, (digits) => digits.padStart(6, '0'));
}

/** The outcome of a scan that decides what its controls are. */
interface ScanOutcome {
  /** Every rule that was loaded, whether it was selected or not. */
  readonly rules: readonly Rule[];
  /** Those that were selected, as the report has them. */
  readonly selected: readonly Pick<ReportRule, 'id' | 'notJudged'>[];
  readonly verdicts: ReadonlyMap<string, RuleVerdicts>;
  readonly complete: boolean;
}

/** The verdicts of a scan by the controls of frameworks. A control passes only where every rule of it was judged. */
export function reportFrameworks(names: readonly string[], outcome: ScanOutcome): readonly ReportFramework[] {
  const selected = new Map(outcome.selected.map((rule) => [rule.id, rule]));
  const judge = ({ rule: { id }, mappedBy }: ServedControl<Rule>['rules'][number]): ControlRule => {
    const verdicts = outcome.verdicts.get(id) ?? noVerdicts;
    return { ruleId: id, mappedBy, ...judgeRule(selected.get(id), verdicts, outcome), verdicts };
  };
  return servedFrameworks(outcome.rules, names).map(({ name, known, controls, notCovered }) => ({
    name,
    title: known?.title,
    version: known?.version,
    controls: controls.map(({ control, title, rules, isWhole }): ReportControl => {
      const judged = rules.map(judge);
      const verdict = controlVerdicts.find((one) => judged.some((rule) => rule.verdict === one));
      const coverage = isWhole ? 'whole' : 'part';
      return { id: control, title, verdict: verdict ?? 'notApplicable', coverage, rules: judged };
    }),
    notCovered: notCovered.map(({ control, title }) => ({ id: control, title })),
  }));
}

const noVerdicts: RuleVerdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };

function judgeRule(
  rule: ScanOutcome['selected'][number] | undefined,
  verdicts: RuleVerdicts,
  { complete }: ScanOutcome,
): Pick<ControlRule, 'verdict' | 'reason'> {
  if (rule === undefined) return { verdict: 'notJudged', reason: 'It is not selected.' };
  const { notJudged = [] } = rule;
  if (verdicts.nonCompliant > 0) return { verdict: 'nonCompliant' };
  if (verdicts.unknown > 0) return { verdict: 'unknown' };
  if (!complete) return { verdict: 'unknown', reason: 'The scan is incomplete.' };
  if (notJudged.length > 0) {
    const reasons = new Set(notJudged.map(({ type, reason }) => `${type}: ${reason}`));
    return { verdict: 'notJudged', reason: [...reasons].join(' ') };
  }
  if (verdicts.exempt > 0) return { verdict: 'exempt' };
  return { verdict: verdicts.compliant > 0 ? 'compliant' : 'notApplicable' };
}
