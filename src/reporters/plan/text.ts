import type { ManualItem, Plan, PlanStep } from '../../model/plan.ts';
import { applyCommand, withoutFile } from './apply-command.ts';
import { valueChanges } from './difference.ts';
import { placeWords, planSummary, riskWords, rulesWords, sideWords } from './plan-wording.ts';
import type { PlanContext, PlanFormat } from './format.ts';
import { type TerminalStyle, styleFor, paragraph } from '../terminal/style.ts';
import { terminalText } from '../text/terminal.ts';

/** A plan for a person at a terminal: for each vault the changes, the reason, and what can never be undone. */
export const planText: PlanFormat = { extension: 'txt', render };

function* render(plan: Plan, context: PlanContext): Iterable<string> {
  const style = styleFor(context.terminal);
  const { bold, dim } = style.colors;
  const { gaps } = context;
  yield paragraph({ label: '', width: 0, text: planSummary(plan, gaps), paint: bold }, style);
  for (const gap of gaps) yield line(`${style.colors.magenta('?')} `, gap, style);
  for (const step of plan.steps) yield* stepLines(step, plan, style);
  if (plan.manual.length > 0) yield `\n${bold('To fix by hand')}\n`;
  for (const item of plan.manual) yield* manualLines(item, plan, style);
  if (plan.steps.length === 0) return;
  const command = applyCommand(plan, context);
  const how = command === undefined ? withoutFile : `To apply this plan, until ${plan.expiresAt}:`;
  yield `\n${paragraph({ label: '', width: 0, text: how, paint: dim }, style)}`;
  // On a line of its own, whatever its length: it is there to be copied.
  if (command !== undefined) yield `  ${terminalText(command)}\n`;
}

function* stepLines(step: PlanStep, plan: Plan, style: TerminalStyle): Iterable<string> {
  const { red, green, yellow, dim, magenta } = style.colors;
  const risk =
    step.risk === 'safe' ? '' : `  ${(step.risk === 'irreversible' ? red : yellow)(riskWords(step))}`;
  const aside = `${dim(terminalText(step.id))}${risk}`;
  yield heading({ name: step.vault.name, place: placeWords(step.vault, plan), aside }, style);
  for (const { field, before, after } of valueChanges(step)) {
    yield line(`${red('-')} `, `${field}: ${sideWords(before)}`, style);
    yield line(`${green('+')} `, `${field}: ${sideWords(after)}`, style);
  }
  yield paragraph({ label: `  ${dim('closes')} `, width: 9, text: rulesWords(step) }, style);
  for (const sentence of step.consequences) yield line(`${yellow('!')} `, sentence, style);
  for (const { message } of step.preconditions) yield line(`${magenta('?')} `, message, style);
}

function* manualLines(
  { vault, rule, reason, runbook }: ManualItem,
  plan: Plan,
  style: TerminalStyle,
): Iterable<string> {
  const aside = style.colors.yellow(terminalText(`${rule.id} ${rule.name}`));
  yield heading({ name: vault.name, place: placeWords(vault, plan), aside }, style);
  yield paragraph({ label: '  ', width: 2, text: reason }, style);
  for (const [index, text] of runbook.entries()) {
    yield paragraph({ label: `  ${`${index + 1}.`.padStart(3)} `, width: 6, text }, style);
  }
}

interface Heading {
  readonly name: string;
  readonly place: string;
  /** Safe, and painted already. */
  readonly aside: string;
}

function heading({ name, place, aside }: Heading, style: TerminalStyle): string {
  const { bold, dim } = style.colors;
  return `\n${bold(terminalText(name))}  ${dim(terminalText(place))}  ${aside}\n`;
}

/** `label` is a sign and a space. */
function line(label: string, text: string, style: TerminalStyle): string {
  return paragraph({ label: `  ${label}`, width: 4, text }, style);
}
