import { stringify } from 'yaml';

import type { JsonObject } from '../model/json.ts';
import type { Rule } from '../model/rule.ts';
import { describeCondition } from './condition/describe-condition.ts';
import { fixBlocks, riskInWords } from './rule-help.ts';
import { inWords } from './operators/scalar.ts';

/** The documentation page of a rule, in Markdown: `docs/rules/ID.md` and `purgeproof rules show ID`. */
export function rulePage(rule: Rule): string {
  const sections = [
    `# ${rule.id} ${rule.name}`,
    `**${rule.title}**`,
    facts(rule),
    section('Why', rule.description),
    ...(rule.when === undefined ? [] : [section('When it applies', describeCondition(rule.when).join('\n'))]),
    section('How it is checked', checks(rule)),
    ...parameters(rule),
    section('How to fix it', fix(rule)),
    ...examples('Examples that fail', rule.examples.fail),
    ...examples('Examples that pass', rule.examples.pass),
    ...examples('Examples it does not apply to', rule.examples.notApplicable),
    ...controls(rule),
    ...references(rule),
  ];
  return `${sections.join('\n\n')}\n`;
}

function facts({ severity, resourceTypes }: Rule): string {
  return `| severity | applies to |\n| --- | --- |\n| ${severity} | ${resourceTypes.join(', ')} |`;
}

function section(heading: string, body: string): string {
  return `## ${heading}\n\n${body}`;
}

function checks({ require, unset }: Rule): string {
  const meanings = Object.entries(unset).map(([field, meaning]) => `- \`${field}\`: ${meaning}`);
  const lines = describeCondition(require).join('\n');
  return meanings.length === 0 ? lines : `${lines}\n\nWhen unset:\n\n${meanings.join('\n')}`;
}

function parameters({ id, parameters: declared }: Rule): readonly string[] {
  const rows = Object.entries(declared).map(([name, definition]) => {
    const { minimum, maximum, allowedValues } = definition;
    const range =
      allowedValues?.map((value) => `\`${inWords(value)}\``).join(', ') ?? interval(minimum, maximum);
    return `| \`${name}\` | ${definition.type} | \`${JSON.stringify(definition.default)}\` | ${range} | ${definition.description ?? ''} |`;
  });
  const [first] = Object.entries(declared);
  if (first === undefined) return [];
  const [name, definition] = first;
  const table = ['| name | type | default | allowed | meaning |', '| --- | --- | --- | --- | --- |', ...rows];
  const usage = `Set with \`--param ${id}.${name}=${inWords(definition.default)}\`, or in the configuration file.`;
  return [section('Parameters', `${table.join('\n')}\n\n${usage}`)];
}

function interval(minimum?: number, maximum?: number): string {
  if (minimum === undefined) return maximum === undefined ? 'any' : `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`;
}

function fix(rule: Rule): string {
  const { remediation } = rule;
  if (remediation === undefined) return 'The rule names no fix.';
  const paragraphs = [
    riskInWords[remediation.risk],
    ...(remediation.manual === undefined ? [] : [remediation.manual]),
  ];
  const blocks = fixBlocks(rule);
  if (blocks.length > 0)
    paragraphs.push('`purgeproof plan` proposes the change and proves it. By hand:', ...blocks);
  return paragraphs.join('\n\n');
}

function examples(heading: string, bodies: readonly JsonObject[]): readonly string[] {
  if (bodies.length === 0) return [];
  const blocks = bodies.map((body) => `\`\`\`yaml\n${stringify(body, { lineWidth: 0 }).trimEnd()}\n\`\`\``);
  return [section(heading, blocks.join('\n\n'))];
}

function controls({ controls: mapped }: Rule): readonly string[] {
  const rows = Object.entries(mapped).map(([framework, ids]) => `| ${framework} | ${ids.join(', ')} |`);
  if (rows.length === 0) return [];
  return [section('Controls', ['| framework | controls |', '| --- | --- |', ...rows].join('\n'))];
}

function references({ references: links }: Rule): readonly string[] {
  return links.length === 0 ? [] : [section('References', links.map((link) => `- <${link}>`).join('\n'))];
}
