import { number } from '../words/counts.ts';
import { revealInvisible } from './invisible.ts';
import { defuseCommands } from './workflow-commands.ts';

/** Nobody reads more of one text on a terminal, and to lay out a name of megabytes takes many seconds. */
const longest = 4_000;

/**
 * Untrusted text for a terminal or a build log: one line, without anything that the terminal or the log would execute.
 * Of a text of more than 4,000 characters the beginning, and how many more there are.
 */
export function terminalText(text: string): string {
  if (text.length <= longest) return defuseCommands(revealInvisible(text));
  // Not between the two halves of a character.
  const beginning = text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '');
  const more = number(text.length - beginning.length);
  return `${defuseCommands(revealInvisible(beginning))}… (${more} more characters)`;
}
