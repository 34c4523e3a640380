import { Command, CommanderError } from 'commander';
import { packageVersion } from '../sources/package-version.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { describeFailure } from '../usecases/failure.ts';
import type { AzureOverrides, CommandContext } from './context.ts';
import type { World } from './world.ts';

type AddCommand = (program: Command, context: CommandContext) => void;

/** Every command, in the order of the help. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  scan: async () => (await import('./commands/scan.ts')).addScanCommand,
  plan: async () => (await import('./commands/plan.ts')).addPlanCommand,
  apply: async () => (await import('./commands/apply.ts')).addApplyCommand,
  journal: async () => (await import('./commands/journal.ts')).addJournalCommand,
  rules: async () => (await import('./commands/rules.ts')).addRulesCommand,
};

/** The program: reads arguments, runs one command, returns the exit code. The one place that catches. */
export async function main(world: World, azure: AzureOverrides = {}): Promise<number> {
  let code: number = exitCodes.clean;
  const tool = { name: 'purgeproof', version: packageVersion(world.packageRoot) };
  const program = describeProgram(world, tool.version);
  const context: CommandContext = {
    world,
    tool,
    azure,
    finish: (given) => {
      code = given;
    },
  };
  for (const add of await loadCommands(world.argv)) add(program, context);
  try {
    await program.parseAsync(world.argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.refused;
    await world.stderr.write(describeFailure(error));
    return exitCodes.refused;
  }
}

/** Loads the command that is named, and all where none is: to load the others takes longer than a small scan. */
async function loadCommands([name = '']: readonly string[]): Promise<readonly AddCommand[]> {
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const wanted = named === undefined ? Object.values(commands) : [named];
  return Promise.all(wanted.map((load) => load()));
}

function describeProgram(world: World, version: string): Command {
  return new Command('purgeproof')
    .description('Make every Azure Key Vault purge-proof, and prove it.')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(purgeproof --help shows what there is)')
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      // Commander quotes what it was given.
      writeErr: (text) => void world.stderr.write(text.split('\n').map(terminalText).join('\n')),
      getOutHelpWidth: () => world.stdout.columns || 100,
      getErrHelpWidth: () => world.stderr.columns || 100,
    })
    .addHelpText('after', '\nStart with: purgeproof scan --help');
}
