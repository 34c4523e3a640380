import type { ManualItem, Plan, PlanStep } from '../../model/plan.ts';
import { applyCommand, type PlanContext, withoutFile } from './apply-command.ts';
import { changesOf } from './difference.ts';
import { placeWords, planSummary, riskWords, rulesWords, sideWords } from './words.ts';
import type { ReporterOptions } from '../format.ts';
import { type Look, lookFor, paragraph } from '../terminal/style.ts';
import { terminalText } from '../text/terminal.ts';

/** A plan for a person at a terminal: per vault what changes, why, and what can never be undone. */
export function* planText(
  plan: Plan,
  options: Pick<ReporterOptions, 'color' | 'width'>,
  context: PlanContext = {},
): Iterable<string> {
  const look = lookFor(options);
  const { bold, dim } = look.colors;
  const { gaps = [] } = context;
  yield paragraph({ label: '', width: 0, text: planSummary(plan, gaps), paint: bold }, look);
  for (const gap of gaps) yield line(`${look.colors.magenta('?')} `, gap, look);
  for (const step of plan.steps) yield* stepLines(step, plan, look);
  if (plan.manual.length > 0) yield `\n${bold('To fix by hand')}\n`;
  for (const item of plan.manual) yield* manualLines(item, plan, look);
  if (plan.steps.length === 0) return;
  const command = applyCommand(plan, context);
  const how = command === undefined ? withoutFile : `To apply this plan, until ${plan.expiresAt}:`;
  yield `\n${paragraph({ label: '', width: 0, text: how, paint: dim }, look)}`;
  // On a line of its own, whatever its length: it is there to be copied.
  if (command !== undefined) yield `  ${terminalText(command)}\n`;
}

function* stepLines(step: PlanStep, plan: Plan, look: Look): Iterable<string> {
  const { red, green, yellow, dim, magenta } = look.colors;
  const risk =
    step.risk === 'safe' ? '' : `  ${(step.risk === 'irreversible' ? red : yellow)(riskWords(step))}`;
  const aside = `${dim(terminalText(step.id))}${risk}`;
  yield heading({ name: step.vault.name, place: placeWords(step.vault, plan), aside }, look);
  for (const { field, before, after } of changesOf(step)) {
    yield line(`${red('-')} `, `${field}: ${sideWords(before)}`, look);
    yield line(`${green('+')} `, `${field}: ${sideWords(after)}`, look);
  }
  yield paragraph({ label: `  ${dim('closes')} `, width: 9, text: rulesWords(step) }, look);
  for (const sentence of step.consequences) yield line(`${yellow('!')} `, sentence, look);
  for (const { message } of step.preconditions) yield line(`${magenta('?')} `, message, look);
}

function* manualLines(
  { vault, rule, reason, runbook }: ManualItem,
  plan: Plan,
  look: Look,
): Iterable<string> {
  const aside = look.colors.yellow(terminalText(`${rule.id} ${rule.name}`));
  yield heading({ name: vault.name, place: placeWords(vault, plan), aside }, look);
  yield paragraph({ label: '  ', width: 2, text: reason }, look);
  for (const [index, text] of runbook.entries()) {
    yield paragraph({ label: `  ${`${index + 1}.`.padStart(3)} `, width: 6, text }, look);
  }
}

interface Heading {
  readonly name: string;
  readonly place: string;
  /** Safe, and painted already. */
  readonly aside: string;
}

function heading({ name, place, aside }: Heading, look: Look): string {
  const { bold, dim } = look.colors;
  return `\n${bold(terminalText(name))}  ${dim(terminalText(place))}  ${aside}\n`;
}

/** `label` is a sign and a space. */
function line(label: string, text: string, look: Look): string {
  return paragraph({ label: `  ${label}`, width: 4, text }, look);
}
