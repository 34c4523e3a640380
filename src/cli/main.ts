import { Command, CommanderError } from 'commander';
import { packageVersion } from '../sources/package-version.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { describeFailure } from '../usecases/failure.ts';
import { addApplyCommand } from './commands/apply.ts';
import { addJournalCommand } from './commands/journal.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addScanCommand } from './commands/scan.ts';
import type { AzureOverrides, CommandContext } from './context.ts';
import type { World } from './world.ts';

const commands = [addScanCommand, addPlanCommand, addApplyCommand, addJournalCommand, addRulesCommand];

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
  for (const add of commands) add(program, context);
  try {
    await program.parseAsync(world.argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.refused;
    await world.stderr.write(describeFailure(error));
    return exitCodes.refused;
  }
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
      writeErr: (text) => void world.stderr.write(text),
      getOutHelpWidth: () => world.stdout.columns || 100,
      getErrHelpWidth: () => world.stderr.columns || 100,
    })
    .addHelpText('after', '\nStart with: purgeproof scan --help');
}
