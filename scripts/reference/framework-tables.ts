import type { MappedBy } from '../../src/model/control.ts';
import type { Rule } from '../../src/model/rule.ts';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import { frameworkNames } from '../../src/rules/find-rule.ts';
import { type ServedControl, type ServedFramework, servedFrameworks } from '../../src/rules/frameworks.ts';
import { markdownTable } from './markdown-table.ts';

/** The tables of docs/frameworks.md: one a framework. */
export function frameworkTables(): ReadonlyMap<string, string> {
  const sections = servedFrameworks(shippedRules, frameworkNames(shippedRules)).map(section);
  return new Map([['frameworks', sections.join('\n\n')]]);
}

function section(framework: ServedFramework<Rule>): string {
  const { name, known, controls, notCovered } = framework;
  const { title = name, version = '', initiatives = [] } = known ?? {};
  const rows = controls.map((control) => [
    `\`${control.control}\``,
    control.title ?? '',
    rulesBy(control, 'framework'),
    rulesBy(control, 'azurePolicy'),
    rulesBy(control, 'author'),
    control.isWhole ? 'whole' : 'in part',
  ]);
  const head = ['control', 'asks for', 'the framework', 'Azure Policy', 'our judgement', 'covered'];
  const used = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const kept = (cells: readonly string[]): readonly string[] => cells.filter((_, column) => used[column]);
  return [
    `## ${name}`,
    [`${title} ${version}.`, initiativeWords(initiatives)].filter(Boolean).join(' '),
    markdownTable(kept(head), rows.map(kept)),
    ...(notCovered.length === 0 ? [] : ['No rule covers:', notCoveredItems(notCovered).join('\n')]),
  ].join('\n\n');
}

function initiativeWords(initiatives: readonly string[]): string {
  if (initiatives.length === 0) return 'Azure has no built-in initiative for it.';
  const ids = initiatives.map((id) => `\`${id}\``).join(', ');
  return `Azure's ${initiatives.length === 1 ? 'initiative' : 'initiatives'}: ${ids}.`;
}

function rulesBy({ rules }: ServedControl<Rule>, by: MappedBy): string {
  return rules
    .filter(({ mappedBy }) => mappedBy === by)
    .map(({ rule: { id } }) => `[${id}](rules/${id}.md)`)
    .join(', ');
}

/** Those without a title share an item. */
function notCoveredItems(controls: ServedFramework<Rule>['notCovered']): readonly string[] {
  const named = controls.flatMap(({ control, title }) =>
    title === undefined ? [] : [`- \`${control}\` ${title}`],
  );
  const rest = controls.flatMap(({ control, title }) => (title === undefined ? [`\`${control}\``] : []));
  return rest.length === 0 ? named : [...named, `- ${rest.join(', ')}`];
}
