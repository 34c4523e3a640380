import type { Command } from 'commander';
import { loadProgram } from '../../src/cli/main.ts';
import { worldOf } from './run.ts';

/** Every command of the program that can be run, by its words: `rules list`. */
export async function runnableCommands(): Promise<ReadonlyMap<string, Command>> {
  const program = await loadProgram({
    world: worldOf([], {}, { out: [], err: [] }),
    tool: { name: 'purgeproof', version: '0.0.0' },
    azure: {},
    finish: () => undefined,
    onSignedIn: () => undefined,
  });
  return new Map(program.commands.flatMap((command) => leaves(command, '')));
}

function leaves(command: Command, before: string): readonly (readonly [string, Command])[] {
  const name = `${before}${command.name()}`;
  if (command.commands.length === 0) return [[name, command]];
  const own = command.registeredArguments.length > 0 ? [[name, command] as const] : [];
  return [...own, ...command.commands.flatMap((sub) => leaves(sub, `${name} `))];
}
