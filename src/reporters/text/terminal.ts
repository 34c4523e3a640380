import { revealInvisible } from './invisible.ts';
import { defuseCommands } from './workflow-commands.ts';

/** Untrusted text for a terminal or a build log: one line, without anything that the terminal or the log would execute. */
export function terminalText(text: string): string {
  return defuseCommands(revealInvisible(text));
}
