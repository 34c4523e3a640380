import type { Plan } from '../../model/plan.ts';
import { advice, paragraph, severityPaint, styleFor, type TerminalStyle } from '../terminal/style.ts';
import { terminalText } from '../text/terminal.ts';
import { count } from '../words/counts.ts';
import { momentWords } from '../words/moment.ts';
import { applyCommand } from './apply-command.ts';
import { changeRows, nameList } from './change-rows.ts';
import { eachVault } from './each-vault.ts';
import type { PlanContext, PlanFormat } from './format.ts';
import { type ManualGroup, manualGroups, type StepGroup, stepGroups } from './groups.ts';
import { heldBackWords, placeParts, planSummary, riskWords, rulesWords, vaultCount } from './plan-wording.ts';

/** A plan for a person at a terminal: what changes, why, on which vaults, and what can never be undone. */
export const planText: PlanFormat = { extension: 'txt', render };

/** The most vaults that a terminal names of those that a step or a rule is about, and in a sentence about some of them. */
const mostNames = { list: 4, aside: 2 };

/** A longer runbook is begun on a terminal, and the rest of it is counted. */
const mostSteps = { shown: 1, whole: 4 };

function* render(plan: Plan, context: PlanContext): Iterable<string> {
  const style = styleFor(context.terminal);
  const sections = [
    gapRows(context, style),
    ...(context.detail === 'full' ? eachVault(plan, style) : grouped(plan, style)),
    endRows(plan, context, style),
  ];
  let before = '';
  for (const section of sections) {
    const text = [...section].join('');
    if (text === '') continue;
    yield before + text;
    before = '\n';
  }
}

function* gapRows({ gaps }: PlanContext, style: TerminalStyle): Iterable<string> {
  const label = `${style.colors.magenta('?')} `;
  for (const { text, hint } of gaps) yield advice({ label, width: 2, text, hint }, style);
}

/** A section for each thing to do. */
function grouped(plan: Plan, style: TerminalStyle): readonly Iterable<string>[] {
  const manual = manualGroups(plan);
  return [
    ...stepGroups(plan).map((group) => stepRows(group, plan, style)),
    manual.length === 0 ? [] : [`${style.colors.bold('To fix by hand')}\n`],
    ...manual.map((group) => manualRows(group, style)),
  ];
}

function* endRows(plan: Plan, context: PlanContext, style: TerminalStyle): Iterable<string> {
  const { bold, cyan } = style.colors;
  const text = planSummary(plan, context.gaps);
  yield paragraph({ label: '', width: 0, text, paint: bold }, style);
  for (const { why, command } of nextCommands(plan, context, style)) {
    yield paragraph({ label: '', width: 0, text: `${why}:` }, style);
    // On a line of its own, whatever its length: it is there to be copied.
    yield `  ${cyan(terminalText(command))}\n`;
  }
}

interface NextCommand {
  readonly why: string;
  readonly command: string;
}

function nextCommands(plan: Plan, context: PlanContext, style: TerminalStyle): readonly NextCommand[] {
  const { commands, heldBack = 0, detail } = context;
  const next: NextCommand[] = [];
  if (commands?.everything !== undefined && detail !== 'full' && isCut(plan, style))
    next.push({ why: 'One by one, with every change and every step', command: commands.everything });
  if (commands !== undefined && heldBack > 0)
    next.push({ why: heldBackWords(heldBack), command: commands.disruptive });
  if (plan.steps.length === 0) return next;
  const apply = applyCommand(plan, context);
  if (apply !== undefined)
    return [
      ...next,
      { why: 'To see what applying this plan would do now, and send nothing', command: `${apply} --dry-run` },
      { why: `To apply it, until ${momentWords(plan.expiresAt)}`, command: apply },
    ];
  if (commands !== undefined)
    next.push({ why: 'To apply this plan, write it to a file', command: commands.toFile });
  return next;
}

/** True where something is the same for several vaults, or was left out. */
function isCut({ steps, manual }: Plan, { columns }: TerminalStyle): boolean {
  return Number.isFinite(columns) && steps.length + manual.length > 1;
}

function stepRows(group: StepGroup, plan: Plan, style: TerminalStyle): Iterable<string> {
  const { steps, first, changes, consequences, preconditions: obstacles } = group;
  const { red, yellow } = style.colors;
  const risk = first.risk === 'safe' ? '' : (first.risk === 'irreversible' ? red : yellow)(riskWords(first));
  const most = { list: mostOf(mostNames.list, style), aside: mostOf(mostNames.aside, style) };
  return changeRows(
    { requests: steps, risk, changes, closes: rulesWords(first), consequences, obstacles },
    { style, placeOf: ({ vault }) => placeParts(vault, plan), most },
  );
}

function* manualRows({ items, rule, reasons, runbook }: ManualGroup, style: TerminalStyle): Iterable<string> {
  const { severity, id, name } = rule;
  yield `${severityPaint(severity, style)(severity)}  ${style.colors.bold(terminalText(`${id} ${name}`))}  ${vaultCount(items)}\n`;
  for (const { text, about } of reasons) {
    const names = nameList(about, mostOf(mostNames.list, style));
    yield paragraph({ label: '  ', width: 2, text: `${text.replace(/\.$/, '')}: ${names}` }, style);
  }
  const shown = runbook.length > mostOf(mostSteps.whole, style) ? runbook.slice(0, mostSteps.shown) : runbook;
  const left = runbook.length - shown.length;
  for (const [index, step] of shown.entries()) {
    const isLast = index === shown.length - 1;
    const text = left > 0 && isLast ? `${step} … and ${count(left, 'more step')}` : step;
    yield paragraph({ label: `  ${`${index + 1}.`.padStart(3)} `, width: 6, text }, style);
  }
}

/** All of them where there is no terminal. */
function mostOf(most: number, { columns }: TerminalStyle): number {
  return Number.isFinite(columns) ? most : columns;
}
