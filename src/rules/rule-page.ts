import { stringify } from 'yaml';

import { mappedByWords } from '../model/control.ts';
import { groupsBy } from '../model/groups-by.ts';
import { joinWords } from '../model/join-words.ts';
import type { JsonObject } from '../model/json.ts';
import type { PageBlock } from '../model/page.ts';
import type { Rule } from '../model/rule.ts';
import { describeCondition } from './condition/describe-condition.ts';
import { mappingsOf } from './frameworks.ts';
import { writeCondition } from './load/rule-file.ts';
import { inWords } from './operators/scalar.ts';
import { fixCode, riskInWords } from './rule-help.ts';

/** The documentation page of a rule, in Markdown: `docs/rules/ID.md` and `purgeproof rules show ID`. */
export function rulePage(rule: Rule): string {
  return `${ruleBlocks(rule).map(markdownOf).join('\n\n')}\n`;
}

/** The same as blocks, for a terminal to lay out. */
export function ruleBlocks(rule: Rule): readonly PageBlock[] {
  return [
    { kind: 'heading', level: 1, text: `${rule.id} ${rule.name}` },
    { kind: 'paragraph', text: rule.title, isStrong: true },
    table(['severity', 'applies to'], [[rule.severity, rule.resourceTypes.join(', ')]]),
    ...section('Why', [paragraph(rule.description)]),
    ...section('When it applies', rule.when === undefined ? [] : [list(describeCondition(rule.when))]),
    ...section('How it is checked', checks(rule)),
    ...section('Parameters', parameters(rule)),
    ...section('How to fix it', fix(rule)),
    ...section('Examples that fail', examples(rule.examples.fail)),
    ...section('Examples that pass', examples(rule.examples.pass)),
    ...section('Examples it does not apply to', examples(rule.examples.notApplicable)),
    ...section('Examples that cannot be judged', examples(rule.examples.unknown)),
    ...section('Controls', controls(rule)),
    ...section('Azure Policy', azurePolicies(rule)),
    ...section('References', rule.references.length === 0 ? [] : [{ kind: 'links', links: rule.references }]),
  ];
}

/**
 * The same as JSON: the conditions as a rule file has them, and in words, line by line; the file and line that the rule was
 * read from.
 */
export function ruleJson(rule: Rule): string {
  const { when, require, unset: _, location, ...rest } = rule;
  const conditions = {
    ...(when === undefined ? {} : { when: writeCondition(when) }),
    require: writeCondition(require),
    inWords: {
      ...(when === undefined ? {} : { when: describeCondition(when) }),
      require: describeCondition(require),
    },
  };
  return `${JSON.stringify({ ...rest, ...conditions, location }, null, 2)}\n`;
}

function markdownOf(block: PageBlock): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`;
    case 'paragraph':
      return block.isStrong === true ? `**${block.text}**` : block.text;
    case 'list':
      return block.lines.join('\n');
    case 'links':
      return block.links.map((link) => `- <${link}>`).join('\n');
    case 'table':
      return [block.head, block.head.map(() => '---'), ...block.rows]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n');
    case 'code':
      return `\`\`\`${block.language}\n${block.text}\n\`\`\``;
  }
}

/** Nothing where there is nothing to say. */
function section(text: string, blocks: readonly PageBlock[]): readonly PageBlock[] {
  return blocks.length === 0 ? [] : [{ kind: 'heading', level: 2, text }, ...blocks];
}

function paragraph(text: string): PageBlock {
  return { kind: 'paragraph', text };
}

function list(lines: readonly string[]): PageBlock {
  return { kind: 'list', lines };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): PageBlock {
  return { kind: 'table', head, rows };
}

function checks({ require, unset }: Rule): readonly PageBlock[] {
  const meanings = Object.entries(unset).map(([field, meaning]) => `- \`${field}\`: ${meaning}`);
  const conditions = list(describeCondition(require));
  return meanings.length === 0 ? [conditions] : [conditions, paragraph('When unset:'), list(meanings)];
}

function parameters({ id, parameters: declared }: Rule): readonly PageBlock[] {
  const rows = Object.entries(declared).map(([name, definition]) => {
    const { minimum, maximum, allowedValues } = definition;
    const range =
      allowedValues?.map((value) => `\`${inWords(value)}\``).join(', ') ?? interval(minimum, maximum);
    const fallback = definition.default === undefined ? 'none' : `\`${JSON.stringify(definition.default)}\``;
    return [`\`${name}\``, definition.type, fallback, range, definition.description ?? ''];
  });
  const [first] = Object.entries(declared);
  if (first === undefined) return [];
  const [name, definition] = first;
  return [
    table(['name', 'type', 'default', 'allowed', 'meaning'], rows),
    paragraph(
      `Set with \`--param ${id}.${name}=${inWords(definition.default ?? '…')}\`, or in the configuration file.`,
    ),
  ];
}

function interval(minimum?: number, maximum?: number): string {
  if (minimum === undefined) return maximum === undefined ? 'any' : `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`;
}

function fix(rule: Rule): readonly PageBlock[] {
  const { remediation } = rule;
  if (remediation === undefined) return [paragraph('The rule names no fix.')];
  const { risk, manual } = remediation;
  const code = fixCode(rule);
  return [
    paragraph(riskInWords[risk]),
    ...(manual === undefined ? [] : [paragraph(manual)]),
    ...(code.length === 0
      ? []
      : [paragraph('`purgeproof plan` proposes the change and proves it. By hand:')]),
    ...code.flatMap(({ name, ...block }) => [paragraph(`${name}:`), block]),
  ];
}

function examples(bodies: readonly JsonObject[]): readonly PageBlock[] {
  return bodies.map((body) => {
    return { kind: 'code', language: 'yaml', text: stringify(body, { lineWidth: 0 }).trimEnd() };
  });
}

function azurePolicies({ azurePolicies: ids = [] }: Rule): readonly PageBlock[] {
  if (ids.length === 0) return [];
  const said = `Exemptions from ${joinWords(ids.map((id) => `\`${id}\``))} count with \`--azure-exemptions\`.`;
  return [paragraph(said)];
}

function controls(rule: Rule): readonly PageBlock[] {
  const groups = groupsBy(mappingsOf(rule), ({ framework, mappedBy }) => `${mappedBy} ${framework}`);
  const rows = groups.map((group) => {
    const [{ framework, mappedBy }] = group;
    return [framework, group.map(({ control }) => control).join(', '), mappedByWords[mappedBy]];
  });
  return rows.length === 0 ? [] : [table(['framework', 'controls', 'mapped by'], rows)];
}
