import { asJson } from '../format.ts';
import { planText } from './text.ts';

import type { Plan, PlanStep } from '../../model/plan.ts';
import { applyCommand } from './apply-command.ts';
import type { PlanContext, PlanFormat, PlanGap } from './format.ts';
import { valueChanges } from './difference.ts';
import { type ManualGroup, manualGroups } from './groups.ts';
import { placeWords, planSummary, riskWords, rulesWords, sideWords, vaultCount } from './plan-wording.ts';
import { markdownAdvice, markdownCode, markdownText } from '../text/markdown.ts';

/** A plan in GitHub Markdown, for its approver; it ends with the hash that the approval is about. */
const planMarkdown: PlanFormat = { extension: 'md', render: renderMarkdown };

/** The formats of a plan, in the order in which help lists them; the first is the default. */
export const planFormats = {
  text: planText,
  json: asJson,
  markdown: planMarkdown,
} as const satisfies Readonly<Record<string, PlanFormat>>;

function* renderMarkdown(plan: Plan, context: PlanContext): Iterable<string> {
  const { gaps } = context;
  yield `## Plan\n\n${markdownText(planSummary(plan, gaps))}\n`;
  if (gaps.length > 0) yield `\n${gaps.map((gap) => `- ${gapText(gap)}\n`).join('')}`;
  for (const step of plan.steps) yield stepSection(step, plan);
  if (plan.manual.length > 0) yield '\n### To fix by hand\n';
  for (const group of manualGroups(plan)) yield manualSection(group);
  yield `\n${footer(plan, context)}\n`;
}

function gapText({ text, hint }: PlanGap): string {
  return [markdownText(text), markdownAdvice(hint)].join(' ').trimEnd();
}

function stepSection(step: PlanStep, plan: Plan): string {
  const { vault, consequences, preconditions } = step;
  const rows = valueChanges(step).map(
    ({ field, before, after }) =>
      `| ${markdownCode(field)} | ${markdownCode(sideWords(before))} | ${markdownCode(sideWords(after))} |`,
  );
  return [
    `\n### ${markdownCode(vault.name)} — ${riskWords(step)}\n`,
    `${markdownText(placeWords(vault, plan))}, step ${markdownCode(step.id)}. Closes ${markdownText(rulesWords(step))}.\n`,
    '| Property | Now | Then |\n| --- | --- | --- |',
    ...rows,
    '',
    ...consequences.map((sentence) => `- ${markdownText(sentence)}`),
    ...preconditions.map(({ message }) => `- **Check first:** ${markdownText(message)}`),
    '',
  ].join('\n');
}

function manualSection({ items, rule, reasons, runbook }: ManualGroup): string {
  const title = `${markdownText(`${rule.id} ${rule.name}`)}: ${vaultCount(items)}`;
  return [
    `\n<details><summary>${title}</summary>\n`,
    ...reasons.map(({ text, about }) => {
      const names = about.map(({ vault }) => markdownCode(vault.name)).join(', ');
      return `${markdownText(text.replace(/\.$/, ''))}: ${names}\n`;
    }),
    ...runbook.map((text, index) => `${index + 1}. ${markdownAdvice(text)}`),
    '\n</details>\n',
  ].join('\n');
}

function footer(plan: Plan, context: PlanContext): string {
  const { hash, tenantId, createdAt, expiresAt, tool } = plan;
  const made = `Made ${createdAt} by ${tool.name} ${tool.version} for tenant ${tenantId}, valid until ${expiresAt}.`;
  const command = applyCommand(plan, context);
  const apply = command === undefined ? '' : ` Apply it with ${markdownCode(command)}.`;
  return `${markdownText(made)}${apply}\n\nHash: ${markdownCode(hash)}`;
}
