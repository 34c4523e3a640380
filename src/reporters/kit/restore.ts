import { type KitRestore, type RestoreStep, kitPartWords, type VaultRestore } from '../../model/kit.ts';
import { asJson, type Format, type Terminal } from '../format.ts';
import { shellCommand } from '../text/shell.ts';
import { terminalText } from '../text/terminal.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { markdownCode, markdownText } from '../text/markdown.ts';
import { count } from '../words/counts.ts';

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

/** The first line of the runbook of a kit, by which it is told from any other file. */
export const runbookMark = '# Recovery kit';

/** The runbook: each step with its command, for a person who has not seen it before. It says what is not in the kit first. */
export function* kitRunbook({ kit, vaults }: KitRestore): Iterable<string> {
  yield `${runbookMark}\n\n`;
  yield `${markdownText(`Made at ${kit.createdAt} by ${kit.tool.name} ${kit.tool.version}, for ${contentWords(kit)}.`)}\n`;
  yield '\nFollow the steps of each in order, in a shell (bash or zsh) in this folder, signed in with `az login`. ';
  yield 'Each may be run again. `purgeproof kit diff .` says what is still missing.\n';
  for (const one of vaults) yield* vaultSection(one);
}

/** `2 vaults and 1 managed HSM`. */
function contentWords({ vaults }: KitRestore['kit']): string {
  const types = [...new Set(vaults.map(({ type }) => type))];
  return types
    .map((type) => {
      const number = vaults.filter((vault) => vault.type === type).length;
      return count(number, knownType(type)?.words.one ?? 'vault');
    })
    .join(' and ');
}

function* vaultSection({ vault, steps }: VaultRestore): Iterable<string> {
  yield `\n## ${markdownCode(vault.name)}\n\n${markdownCode(vault.id)}\n\n`;
  for (const part of vault.parts) {
    const found = part.state === 'read' ? countWords(part.items.length) : '**not read: there may be some**';
    yield `- ${kitPartWords[part.name]}: ${found}\n`;
  }
  for (const [index, step] of steps.entries()) yield stepSection(step, index + 1);
}

function countWords(items: number): string {
  return items === 0 ? 'none' : String(items);
}

function stepSection({ title, command, notes }: RestoreStep, number: number): string {
  return [
    `\n### ${number}. ${markdownText(title)}\n`,
    ...notes.map((note) => `- ${markdownText(note)}`),
    ...(command === undefined ? [] : ['', codeBlock(shellCommand(command))]),
    '',
  ].join('\n');
}

/** A fence that is longer than any in the text cannot be closed by it. */
function codeBlock(text: string): string {
  const runs = Array.from(text.matchAll(/`+/g), ([run]) => run.length);
  const fence = '`'.repeat(Math.max(2, ...runs) + 1);
  return `${fence}sh\n${text}\n${fence}`;
}
