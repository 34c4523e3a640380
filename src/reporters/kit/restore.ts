import type { KitRestore, RestoreStep } from '../../model/kit.ts';
import { asJson, type Format, type Terminal } from '../format.ts';
import { shellCommand } from '../text/shell.ts';
import { terminalText } from '../text/terminal.ts';

/** A format of the steps that put a kit back. */
export type KitRestoreFormat = Format<KitRestore, Terminal>;

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

/** The formats of the steps, in the order in which help lists them; the first is the default. */
export const kitRestoreFormats = { text: kitCommands, json: asJson } as const satisfies Readonly<
  Record<string, KitRestoreFormat>
>;

function stepText({ title, command, notes }: RestoreStep): string {
  const lines = [title, ...notes].map((line) => `# ${terminalText(line)}\n`);
  return `\n${lines.join('')}${command === undefined ? '' : `${shellCommand(command)}\n`}`;
}
