import type { RestoreStep } from '../../model/kit.ts';
import { shellCommand } from '../text/shell.ts';
import { terminalText } from '../text/terminal.ts';
import type { KitRestoreFormat } from './format.ts';

/** The commands of a kit as a script to read, and to run line by line. */
export const kitCommands: KitRestoreFormat = {
  extension: 'sh',
  *render({ kit, vaults }) {
    yield `# Recovery kit of ${terminalText(kit.createdAt)}. Nothing has been run.\n`;
    for (const { vault, steps } of vaults) {
      yield `\n# ${terminalText(vault.id)}\n`;
      for (const step of steps) yield stepText(step);
    }
  },
};

function stepText({ title, command, notes }: RestoreStep): string {
  const lines = [title, ...notes].map((line) => `# ${terminalText(line)}\n`);
  return `\n${lines.join('')}${command === undefined ? '' : `${shellCommand(command)}\n`}`;
}
