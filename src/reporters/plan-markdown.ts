import type { ManualItem, Plan, PlanStep } from '../model/plan.ts';
import { changesOf } from './plan/difference.ts';
import { applyFlags, placeWords, planSummary, rulesWords, sideWords } from './plan/words.ts';
import { markdownCode, markdownText } from './text/markdown.ts';

/**
 * A plan in GitHub Markdown, for whoever approves it; it ends with the hash that the approval is about. `gaps` says in
 * words what could not be looked at.
 */
export function* planMarkdown(plan: Plan, gaps: readonly string[] = []): Iterable<string> {
  yield `## Plan\n\n${markdownText(planSummary(plan, gaps))}\n`;
  if (gaps.length > 0) yield `\n${gaps.map((gap) => `- ${markdownText(gap)}\n`).join('')}`;
  for (const step of plan.steps) yield stepSection(step, plan);
  if (plan.manual.length > 0) yield '\n### To fix by hand\n';
  for (const item of plan.manual) yield manualSection(item);
  yield `\n${footer(plan)}\n`;
}

function stepSection(step: PlanStep, plan: Plan): string {
  const { vault, risk, consequences, preconditions } = step;
  const rows = changesOf(step).map(
    ({ field, before, after }) =>
      `| ${markdownCode(field)} | ${markdownCode(sideWords(before))} | ${markdownCode(sideWords(after))} |`,
  );
  return [
    `\n### ${markdownCode(vault.name)} — ${risk}\n`,
    `${markdownText(placeWords(vault, plan))}, step ${markdownCode(step.id)}. Closes ${markdownText(rulesWords(step))}.\n`,
    '| Property | Now | Then |\n| --- | --- | --- |',
    ...rows,
    '',
    ...consequences.map((sentence) => `- ${markdownText(sentence)}`),
    ...preconditions.map(({ message }) => `- **In the way:** ${markdownText(message)}`),
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

function footer(plan: Plan): string {
  const { hash, tenantId, createdAt, expiresAt, tool } = plan;
  const made = `Made ${createdAt} by ${tool.name} ${tool.version} for tenant ${tenantId}, valid until ${expiresAt}.`;
  const apply = `Apply with ${markdownCode(`purgeproof apply PLAN${applyFlags(plan)}`)}.`;
  return `${markdownText(made)} ${plan.steps.length === 0 ? '' : apply}\n\nHash: ${markdownCode(hash)}`;
}
