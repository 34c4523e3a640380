import { Command, CommanderError, Help, type Option } from 'commander';
import type { AzureOverrides } from '../azure/connection.ts';
import { AzureError } from '../model/errors.ts';
import { packageVersion } from '../files/package-version.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { describeFailure } from '../usecases/describe-failure.ts';
import { noDefault } from './choice.ts';
import type { CommandContext } from './context.ts';
import { processWorld, type World } from './world.ts';

/** Runs the program in this process, and returns its exit code. `packageRoot` holds `package.json` and `policies/`. */
export async function runProgram(packageRoot: string): Promise<number> {
  const world = processWorld(packageRoot);
  if (!isVersionFlag(world.argv[0])) await tuneEngine();
  return main(world);
}

async function tuneEngine(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  // A page is garbage as soon as it is judged. V8 would let three times as much of it pile up as there is to keep,
  // which is more than half of the memory that a large scan takes.
  setFlagsFromString('--heap-growing-percent=30');
  // V8 of Node.js 20 optimises what has run for some milliseconds: a sixth of the processor time of a small scan, which
  // ends before it profits. Newer versions have a faster compiler for what is that young, and do not know the flag.
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=500000');
}

/** Runs the program: reads arguments, runs one command, returns the exit code. The one place that catches. */
export async function main(world: World, azure: AzureOverrides = {}): Promise<number> {
  let code: number = exitCodes.clean;
  const context: CommandContext = {
    world,
    tool: { name: 'purgeproof', version: packageVersion(world.packageRoot) },
    azure,
    finish: (given) => {
      code = given;
    },
  };
  try {
    const program = await loadProgram(context);
    await program.parseAsync(world.argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.refused;
    if (world.signal.aborted && isInterruption(error)) {
      await world.stderr.write('Interrupted: nothing was sent or written.\n');
      return exitCodes.incomplete;
    }
    await world.stderr.write(describeFailure(error));
    return exitCodes.refused;
  }
}

/** True for what a command throws that is interrupted before it has sent or written anything. */
function isInterruption(error: unknown): boolean {
  if (error instanceof AzureError) return error.code === 'Aborted';
  return error instanceof Error && error.name === 'AbortError';
}

/** True for the flag that prints the version, for which nothing else has to be loaded. */
function isVersionFlag(argument: string | undefined): boolean {
  return argument === '-V' || argument === '--version';
}

type AddCommand = (program: Command, context: CommandContext) => void;

/** Every command, in the order of the help. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  scan: async () => (await import('./commands/scan.ts')).addScanCommand,
  plan: async () => (await import('./commands/plan.ts')).addPlanCommand,
  apply: async () => (await import('./commands/apply.ts')).addApplyCommand,
  journal: async () => (await import('./commands/journal.ts')).addJournalCommand,
  deleted: async () => (await import('./commands/deleted.ts')).addDeletedCommand,
  'who-can': async () => (await import('./commands/who-can.ts')).addWhoCanCommand,
  kit: async () => (await import('./commands/kit.ts')).addKitCommand,
  grants: async () => (await import('./commands/grants.ts')).addGrantsCommand,
  permissions: async () => (await import('./commands/permissions.ts')).addPermissionsCommand,
  rules: async () => (await import('./commands/rules.ts')).addRulesCommand,
};

/** Loads the program with the command that the arguments name, or with every command where they name none. */
export async function loadProgram(context: CommandContext): Promise<Command> {
  const program = describeProgram(context.world, context.tool.version);
  for (const add of await loadCommands(context.world.argv)) add(program, context);
  pointToHelp(program, program.name());
  return program;
}

/** After a mistake, names the help of the command in which it was made. */
function pointToHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(See ${words} --help.)`);
  for (const child of command.commands) pointToHelp(child, `${words} ${child.name()}`);
}

/** Loads only what is named: to load the other commands takes longer than a small scan. */
async function loadCommands([name = '']: readonly string[]): Promise<readonly AddCommand[]> {
  if (isVersionFlag(name)) return [];
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
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      // Commander quotes what it was given.
      writeErr: (text) => void world.stderr.write(text.split('\n').map(terminalText).join('\n')),
      getOutHelpWidth: () => world.stdout.columns || 100,
      getErrHelpWidth: () => world.stderr.columns || 100,
    })
    .addHelpText('after', '\nStart with: purgeproof scan --help');
}

/** Describes an option as commander does, without the default of an empty list. */
function describeOption(option: Option): string {
  return new Help().optionDescription(option).replace(` (default: ${noDefault})`, '');
}
