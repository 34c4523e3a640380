import { Command, CommanderError } from 'commander';
import type { AzureOverrides } from '../azure/connection.ts';
import { AzureError } from '../model/errors.ts';
import type { Identity } from '../model/identity.ts';
import { packageVersion } from '../files/package-version.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { describeFailure } from '../usecases/describe-failure.ts';
import { describeOption, fitHelp, formatItem, helpWidth, readGivenText, usualOrder } from './choice.ts';
import type { CommandContext } from './context.ts';
import type { ExitWords } from './exit-words.ts';
import { processWorld, type World } from './world.ts';

/** Runs the program in this process, and returns its exit code. `packageRoot` holds `package.json` and `policies/`. */
export async function runProgram(packageRoot: string): Promise<number> {
  const world = processWorld(packageRoot);
  await tuneEngine(world.argv);
  return main(world);
}

async function tuneEngine(argv: readonly string[]): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  // A page is garbage as soon as it is judged. V8 would let three times as much of it pile up as there is to keep,
  // which is more than half of the memory that a large scan takes. Rows of a file are garbage before they are old.
  if (argv[0] !== 'diff' && !argv.some((argument) => argument.startsWith('--inventory')))
    setFlagsFromString('--heap-growing-percent=30');
  // V8 of Node.js 20 optimises what has run for some milliseconds: a sixth of the processor time of a small scan, which
  // ends before it profits. Newer versions have a faster compiler for what is that young, and do not know the flag.
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=500000');
}

/** Runs the program: reads arguments, runs one command, returns the exit code. The one place that catches. */
export async function main(world: World, azure: AzureOverrides = {}): Promise<number> {
  let [code, words]: [number, ExitWords] = [exitCodes.clean, {}];
  let [identity, isQuiet]: [Identity | undefined, boolean] = [undefined, false];
  const context: CommandContext = {
    world,
    tool: { name: 'purgeproof', version: packageVersion(world.packageRoot) },
    azure,
    finish: (given, why = {}) => void ([code, words] = [given, why]),
    onSignedIn: (one) => {
      identity = one;
    },
  };
  const [argv, complaint]: [readonly string[], string[]] = [usualOrder(world.argv), []];
  let program: Command | undefined;
  try {
    program = await loadProgram(context, { argv, complain: (text) => complaint.push(text) });
    program.hook('preAction', (_, command) => {
      isQuiet = command.opts()['quiet'] === true;
    });
    await program.parseAsync(argv, { from: 'user' });
    if (!isQuiet && (await world.isOutputLost?.()) !== true)
      await writeEnding({ code, words, identity }, world);
    return code;
  } catch (error) {
    const { fitLines } = await import('./terminal.ts');
    const tell = (text: string): Promise<void> => world.stderr.write(fitLines(text, world.stderr));
    if (error instanceof CommanderError) {
      await tell((await import('./habits.ts')).explainUsage(error, { program, complaint }));
      return error.exitCode === 0 ? exitCodes.clean : exitCodes.refused;
    }
    if (world.signal.aborted && isInterruption(error)) {
      await tell('Interrupted: nothing was sent or written.\n');
      return exitCodes.incomplete;
    }
    await tell(describeFailure(error));
    return exitCodes.refused;
  } finally {
    await world.status.clear();
  }
}

/** The end of a command that has run. */
interface EndedCommand {
  readonly code: number;
  readonly words: ExitWords;
  readonly identity: Identity | undefined;
}

/** Says on standard error which files were written, as whom Azure was read, and why the exit code is what it is. */
async function writeEnding({ code, words, identity }: EndedCommand, world: World): Promise<void> {
  const { signal, written } = world;
  const { tell } = await import('./terminal.ts');
  if (written.length > 0) await tell(`Wrote ${terminalText(written.join(', '))}.`, world);
  if (identity !== undefined) {
    const { identityWords } = await import('../reporters/words/coverage.ts');
    await tell(`Signed in to ${terminalText(identityWords(identity))}.`, world);
  }
  const reason = code === exitCodes.incomplete && signal.aborted ? 'interrupted' : words[code];
  if (reason !== undefined) await tell(`Exit ${code}: ${reason}.`, world);
}

/** True for what a command throws that is interrupted before it has sent or written anything. */
function isInterruption(error: unknown): boolean {
  if (error instanceof AzureError) return error.code === 'Aborted';
  return error instanceof Error && error.name === 'AbortError';
}

type AddCommand = (program: Command, context: CommandContext) => void;

/** Every command, in the order of the help. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  scan: async () => (await import('./commands/scan.ts')).addScanCommand,
  plan: async () => (await import('./commands/plan.ts')).addPlanCommand,
  apply: async () => (await import('./commands/apply.ts')).addApplyCommand,
  rescan: async () => (await import('./commands/archive.ts')).addRescanCommand,
  trend: async () => (await import('./commands/archive.ts')).addTrendCommand,
  diff: async () => (await import('./commands/documents.ts')).addDiffCommand,
  journal: async () => (await import('./commands/documents.ts')).addJournalCommand,
  deleted: async () => (await import('./commands/deleted.ts')).addDeletedCommand,
  'who-can': async () => (await import('./commands/who-can.ts')).addWhoCanCommand,
  kit: async () => (await import('./commands/kit.ts')).addKitCommand,
  grants: async () => (await import('./commands/grants.ts')).addGrantsCommand,
  permissions: async () => (await import('./commands/permissions.ts')).addPermissionsCommand,
  exemptions: async () => (await import('./commands/exemptions.ts')).addExemptionsCommand,
  config: async () => (await import('./commands/config.ts')).addConfigCommand,
  init: async () => (await import('./commands/init.ts')).addInitCommand,
  rules: async () => (await import('./commands/rules.ts')).addRulesCommand,
  completion: async () => (await import('./commands/completion.ts')).addCompletionCommand,
};

/** The arguments that a program is loaded for, and the receiver of what commander says of wrong ones. */
interface Reading {
  readonly argv: readonly string[];
  readonly complain: (text: string) => void;
}

/** Loads the program with the command that the arguments name, or with every command where they name none. */
export async function loadProgram(
  context: CommandContext,
  { argv = [], complain = () => undefined }: Partial<Reading> = {},
): Promise<Command> {
  const program = describeProgram(context, complain);
  for (const add of await loadCommands(argv)) add(program, context);
  finishCommand(program, program.name());
  return program;
}

/** After a mistake, names the help of the command in which it was made; takes no empty text, as an unset variable of a shell gives. */
function finishCommand(command: Command, words: string): void {
  command.showHelpAfterError(`(See ${words} --help.)`);
  const values = command.registeredArguments.filter(({ variadic }) => !variadic);
  for (const one of [...command.options.filter(({ required }) => required), ...values])
    if (one.parseArg === undefined) one.argParser(readGivenText);
  for (const child of command.commands) finishCommand(child, `${words} ${child.name()}`);
}

/** Loads only what is named, as the others take longer than a small scan; completions are those of all. */
async function loadCommands([name = '']: readonly string[]): Promise<readonly AddCommand[]> {
  const named = Object.hasOwn(commands, name) && name !== 'completion' ? commands[name] : undefined;
  return Promise.all((named === undefined ? Object.values(commands) : [named]).map((load) => load()));
}

function describeProgram({ world, tool }: CommandContext, complain: Reading['complain']): Command {
  return new Command('purgeproof')
    .description('Make every Azure Key Vault purge-proof, and prove it.')
    .version(tool.version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ optionDescription: describeOption, formatItem })
    .configureOutput({
      writeOut: (text) => void world.stdout.write(fitHelp(text, helpWidth(world.stdout))),
      writeErr: complain,
      getOutHelpWidth: () => helpWidth(world.stdout),
      getErrHelpWidth: () => helpWidth(world.stderr),
    })
    .addHelpText('after', '\nStart with: purgeproof scan --help');
}
