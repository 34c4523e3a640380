import { number } from '../words/counts.ts';
import { revealInvisible } from './invisible.ts';
import { defuseCommands } from './workflow-commands.ts';

/** Nobody reads more of one text on a screen, and to lay out a name of megabytes takes many seconds. */
const longest = 4_000;

/**
 * Untrusted text for a terminal or a build log: one line, without anything that the terminal or the log would execute.
 * Of a text of more than 4,000 characters the beginning, and how many more there are.
 */
export function terminalText(text: string): string {
  const [shown, rest] = beginningOf(text);
  return defuseCommands(revealInvisible(shown)) + rest;
}

/** The first 4,000 characters of a text that has more, and in words how many more there are; any other text whole. */
export function beginningOf(text: string): readonly [shown: string, rest: string] {
  if (text.length <= longest) return [text, ''];
  // Not between the two halves of a character.
  const shown = text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '');
  return [shown, `… (${number(text.length - shown.length)} more characters)`];
}
