import type { ManualItem, Plan, PlanStep } from '../../model/plan.ts';
import { paragraph, type TerminalStyle } from '../terminal/style.ts';
import { terminalText } from '../text/terminal.ts';
import { valueChanges } from './difference.ts';
import { placeWords, riskWords, rulesWords, sideWords } from './plan-wording.ts';

/** The plan in full, a section each: of each vault every change and what it means, then each finding to fix by hand. */
export function eachVault(plan: Plan, style: TerminalStyle): readonly Iterable<string>[] {
  const { steps, manual } = plan;
  return [
    ...steps.map((step) => stepLines(step, plan, style)),
    manual.length === 0 ? [] : [`${style.colors.bold('To fix by hand')}\n`],
    ...manual.map((item) => manualLines(item, plan, style)),
  ];
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
  return `${bold(terminalText(name))}  ${dim(terminalText(place))}  ${aside}\n`;
}

/** `label` is a sign and a space. */
function line(label: string, text: string, style: TerminalStyle): string {
  return paragraph({ label: `  ${label}`, width: 4, text }, style);
}
