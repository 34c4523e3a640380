import { revealInvisible } from './invisible.ts';
import { defuseCommands } from './workflow-commands.ts';

/** Foreign text for a terminal or a build log: one line, nothing that the terminal or the log would obey. */
export function terminalText(text: string): string {
  return defuseCommands(revealInvisible(text));
}
