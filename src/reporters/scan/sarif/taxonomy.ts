import type { ReportingDescriptorRelationship, ToolComponent } from 'sarif';
import type { ReportRule } from '../../../model/report.ts';
import { compareText } from '../../../model/compare-text.ts';
import { sarifName } from '../../text/sarif.ts';

/** The control frameworks that rules name, each with the controls that they name, as SARIF taxonomies. */
export interface Taxonomies {
  readonly components: ToolComponent[];
  /** The controls of a rule, as relationships of its descriptor. */
  readonly relationshipsOf: (rule: ReportRule) => ReportingDescriptorRelationship[];
}

/** Collects the frameworks and controls of all rules, sorted. */
export function taxonomiesOf(rules: readonly ReportRule[]): Taxonomies {
  const named = rules.flatMap(({ controls }) => Object.entries(controls));
  const frameworks = [...new Set(named.map(([framework]) => framework))].toSorted(compareText);
  const controls = frameworks.map((framework) => {
    const ids = named.flatMap(([name, ids]) => (name === framework ? ids : []));
    return [...new Set(ids)].toSorted(compareText);
  });
  const components = frameworks.map((framework, index) => taxonomy(framework, controls[index] ?? []));
  return { components, relationshipsOf };

  function relationshipsOf(rule: ReportRule): ReportingDescriptorRelationship[] {
    return Object.entries(rule.controls).flatMap(([framework, ids]) => {
      const index = frameworks.indexOf(framework);
      const toolComponent = { name: sarifName(framework), index };
      return ids.map((id) => ({
        target: { id: sarifName(id), index: controls[index]?.indexOf(id) ?? -1, toolComponent },
        kinds: ['relevant'],
      }));
    });
  }
}

function taxonomy(framework: string, ids: readonly string[]): ToolComponent {
  return {
    name: sarifName(framework),
    shortDescription: { text: sarifName(`Controls of ${framework} that the rules name.`) },
    isComprehensive: false,
    taxa: ids.map((id) => ({ id: sarifName(id) })),
  };
}
