import { graphColumns } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../condition/compiled.ts';
import { isAlways, type Kql, or, render, renderPart } from './expression.ts';
import { shorterNames } from './literal.ts';
import { groupByTypes, type TypeGroup, typesOf, typeTest, unreadableProperties } from './prefilter.ts';

/**
 * The rules as one query, laid out for a person: it can be pasted into the portal's Resource Graph Explorer. Its rows are
 * those that the rules may fail on, or cannot decide. A scan asks for a few rows more (`push-down.ts`): those that it
 * could not count instead of reading, because KQL cannot say whether a `when` holds, or whose properties or tags cannot
 * be read.
 */
export function prefilterQuery(rules: readonly CompiledRule[]): string {
  const types = [...new Set(rules.flatMap(typesOf))].toSorted();
  const groups = groupByTypes(rules).map(groupLines);
  const filter = groups.flatMap((lines, index) => (index === 0 ? lines : prefixFirst(lines, 'or ')));
  return [
    'resources',
    ...(rules.length === 0
      ? ['| where false']
      : [`| where ${render(typeTest(types))}`, `| ${shorterNames}`, '| where', ...filter]),
    `| project ${graphColumns.join(', ')}`,
    '| order by id asc',
    '',
  ].join('\n');
}

function groupLines({ ofTypes, rules }: TypeGroup): readonly string[] {
  if (isAlways(or(rules.map(({ keeps }) => keeps)))) return [`  ${render(ofTypes)}`, ...comments(rules)];
  const byText = new Map<string, { readonly keeps: Kql; readonly rules: TypeGroup['rules'] }>();
  for (const one of rules) {
    const same = byText.get(render(one.keeps))?.rules ?? [];
    byText.set(render(one.keeps), { keeps: one.keeps, rules: [...same, one] });
  }
  const alternatives = [...byText.values()].flatMap(({ keeps, rules }) =>
    comments(rules).concat(prefixFirst(layOut(keeps, '    '), 'or ')),
  );
  return [`  (${render(ofTypes)} and (`, `    ${render(unreadableProperties)}`, ...alternatives, '  ))'];
}

/** Ids and names come from rule files: nothing of them may end the comment. */
function comments(rules: TypeGroup['rules']): readonly string[] {
  return rules.map(
    ({ rule: { rule } }) => `    // ${`${rule.id} ${rule.name}`.replaceAll(/[^A-Za-z0-9 ._-]/g, '?')}`,
  );
}

const width = 110;

/** A condition over lines that a person can read: what does not fit on one is broken at its `and`s or `or`s. */
function layOut(kql: Kql, indent: string): readonly string[] {
  const line = `${indent}${renderPart(kql)}`;
  if (line.length <= width || kql.kind === 'constant' || kql.kind === 'test') return [line];
  const { kind, parts } = kql;
  const inner = parts.flatMap((part, index) => {
    const lines = layOut(part, `${indent}  `);
    return index === 0 ? lines : prefixFirst(lines, `${kind} `);
  });
  return [`${indent}(`, ...inner, `${indent})`];
}

/** Puts a word before the first of some lines, after its indent. */
function prefixFirst(lines: readonly string[], word: string): readonly string[] {
  return lines.map((line, index) => (index === 0 ? line.replace(/^ */, (indent) => indent + word) : line));
}
