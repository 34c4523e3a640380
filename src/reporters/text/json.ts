import { escapeInvisible } from './invisible.ts';
import { defuseHashCommands } from './workflow-commands.ts';

/**
 * Makes JSON text harmless in a terminal and a build log without changing a value: what a reader cannot see and what
 * an agent would obey are written as `\uXXXX`.
 */
export function jsonText(json: string): string {
  return defuseHashCommands(escapeInvisible(json));
}
