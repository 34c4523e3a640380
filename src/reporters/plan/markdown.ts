import type { ManualItem, Plan, PlanStep } from '../../model/plan.ts';
import { applyCommand } from './apply-command.ts';
import type { PlanContext, PlanFormat } from './format.ts';
import { valueChanges } from './difference.ts';
import { placeWords, planSummary, riskWords, rulesWords, sideWords } from './plan-wording.ts';
import { markdownCode, markdownText } from '../text/markdown.ts';

/** A plan in GitHub Markdown, for its approver; it ends with the hash that the approval is about. */
export const planMarkdown: PlanFormat = { extension: 'md', render };

function* render(plan: Plan, context: PlanContext): Iterable<string> {
  const { gaps } = context;
  yield `## Plan\n\n${markdownText(planSummary(plan, gaps))}\n`;
  if (gaps.length > 0) yield `\n${gaps.map((gap) => `- ${markdownText(gap)}\n`).join('')}`;
  for (const step of plan.steps) yield stepSection(step, plan);
  if (plan.manual.length > 0) yield '\n### To fix by hand\n';
  for (const item of plan.manual) yield manualSection(item);
  yield `\n${footer(plan, context)}\n`;
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

function manualSection({ vault, rule, reason, runbook }: ManualItem): string {
  return [
    `\n<details><summary>${markdownCode(vault.name)}: ${markdownText(`${rule.id} ${rule.name}`)}</summary>\n`,
    `${markdownText(reason)}\n`,
    ...runbook.map((text, index) => `${index + 1}. ${markdownText(text)}`),
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
