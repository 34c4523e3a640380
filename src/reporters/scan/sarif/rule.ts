import type {
  ReportingDescriptor,
  ReportingDescriptorReference,
  ReportingDescriptorRelationship,
  ToolComponent,
} from 'sarif';
import { compareText } from '../../../model/compare-text.ts';
import type { ReportControl, ReportFramework } from '../../../model/control.ts';
import type { ReportRule } from '../../../model/report.ts';
import type { ScanReportContext } from '../format.ts';
import { sarifName, sarifText } from '../../text/sarif.ts';
import { controlNames, controlSentence } from '../../words/controls.ts';
import { levelOf, securitySeverity } from './severity.ts';

/** GitHub refuses a rule with more. */
const maxTags = 20;
const maxNameLength = 255;

/** A rule as code scanning shows it: what, why, how to fix it, and how bad it is. */
export function describeRule(
  rule: ReportRule,
  { ruleHelp }: Pick<ScanReportContext, 'ruleHelp'>,
): ReportingDescriptor {
  const help = ruleHelp(rule.id);
  return {
    id: sarifName(rule.id),
    name: pascalCase(rule.name || rule.id),
    shortDescription: { text: sarifText(rule.title || rule.id) },
    fullDescription: { text: sarifText(rule.description || rule.title || rule.id) },
    help: {
      text: help.text || sarifText(rule.description || rule.title || rule.id),
      ...(help.markdown === '' ? {} : { markdown: help.markdown }),
    },
    ...(URL.canParse(rule.helpUri) ? { helpUri: new URL(rule.helpUri).href } : {}),
    // go-sarif 3.3.1 writes what is absent here as false: findings/go-sarif-disables-rules.sh.
    defaultConfiguration: { enabled: true, level: levelOf[rule.severity] },
    properties: {
      'security-severity': securitySeverity[rule.severity],
      precision: 'very-high',
      tags: tagsOf(rule),
    },
  };
}

function tagsOf(rule: ReportRule): string[] {
  const tags = ['security', 'azure', 'key-vault', ...controlNames(rule)].map(sarifName);
  return [...new Set(tags)].slice(0, maxTags);
}

function pascalCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  return joined.slice(0, maxNameLength) || 'Rule';
}

/** The control frameworks that rules name, each with the controls that they name, as SARIF taxonomies. */
export interface Taxonomies {
  readonly components: ToolComponent[];
  /** The controls of a rule, as relationships of its descriptor. */
  readonly relationshipsOf: (rule: ReportRule) => ReportingDescriptorRelationship[];
  /** The controls of a rule among those that were asked for. */
  readonly taxaOf: (ruleId: string) => ReportingDescriptorReference[];
}

/** Collects the frameworks and controls of all rules, sorted; those that were asked for have verdicts. */
export function taxonomiesOf(rules: readonly ReportRule[], asked: readonly ReportFramework[]): Taxonomies {
  const named = rules.flatMap(({ controls }) => Object.entries(controls));
  const own = asked.flatMap(({ name, controls }) => [[name, controls.map(({ id }) => id)] as const]);
  const frameworks = [...new Set([...named, ...own].map(([framework]) => framework))].toSorted(compareText);
  const controls = frameworks.map((framework) => {
    const ids = [...named, ...own].flatMap(([name, ids]) => (name === framework ? ids : []));
    return [...new Set(ids)].toSorted(compareText);
  });
  const components = frameworks.map((framework, index) =>
    taxonomy(
      framework,
      controls[index] ?? [],
      asked.find(({ name }) => name === framework),
    ),
  );
  const referencesTo = (framework: string, ids: readonly string[]): ReportingDescriptorReference[] => {
    const index = frameworks.indexOf(framework);
    const toolComponent = { name: sarifName(framework), index };
    return ids.map((id) => ({ id: sarifName(id), index: controls[index]?.indexOf(id) ?? -1, toolComponent }));
  };
  return {
    components,
    relationshipsOf: (rule) =>
      Object.entries(rule.controls).flatMap(([framework, ids]) =>
        referencesTo(framework, ids).map((target) => ({ target, kinds: ['relevant'] })),
      ),
    taxaOf: (ruleId) =>
      asked.flatMap(({ name, controls }) => {
        const served = controls.filter(({ rules }) => rules.some((rule) => rule.ruleId === ruleId));
        return referencesTo(
          name,
          served.map(({ id }) => id),
        );
      }),
  };
}

function taxonomy(name: string, ids: readonly string[], asked: ReportFramework | undefined): ToolComponent {
  const byId = new Map(asked?.controls.map((control) => [control.id, control]));
  return {
    name: sarifName(name),
    ...(asked?.title === undefined ? {} : { fullName: sarifName(asked.title) }),
    ...(asked?.version === undefined ? {} : { version: sarifName(asked.version) }),
    shortDescription: { text: sarifName(`Controls of ${name} that the rules name.`) },
    isComprehensive: false,
    taxa: ids.map((id) => ({ id: sarifName(id), ...(byId.has(id) ? taxonOf(name, byId.get(id)) : {}) })),
    ...(asked === undefined ? {} : { properties: { notCovered: asked.notCovered } }),
  };
}

function taxonOf(framework: string, control: ReportControl | undefined): Partial<ReportingDescriptor> {
  if (control === undefined) return {};
  const { title, verdict, coverage, rules } = control;
  return {
    ...(title === undefined ? {} : { shortDescription: { text: sarifText(title) } }),
    fullDescription: { text: sarifText(controlSentence(framework, control)) },
    properties: { verdict, coverage, rules },
  };
}
