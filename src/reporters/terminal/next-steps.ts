import { terminalText } from '../text/terminal.ts';
import { paragraph, type TerminalStyle } from './style.ts';

/** One thing to do, with the commands for it, in order; one that has none of them is left out. */
export interface NextStep {
  readonly text: string;
  /** Absent where no command is needed. */
  readonly commands?: readonly string[];
}

/** The next steps, most urgent first; nothing where there are none. Each command stands on a line of its own, to be pasted. */
export function* nextStepRows(steps: readonly NextStep[], style: TerminalStyle): Iterable<string> {
  const shown = steps.filter(({ commands }) => commands === undefined || commands.length > 0);
  if (shown.length === 0) return;
  yield `${style.colors.bold('Next steps')}\n`;
  for (const { text, commands = [] } of shown) {
    yield paragraph({ label: '  ', width: 2, text }, style);
    for (const command of commands) yield `    ${style.colors.cyan(terminalText(command))}\n`;
  }
  yield '\n';
}
