import { CommanderError } from 'commander';
import type { AzureOverrides } from '../azure/connection.ts';
import { packageVersion } from '../files/package-version.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { describeFailure } from '../usecases/describe-failure.ts';
import type { CommandContext } from './context.ts';
import { loadProgram } from './program.ts';
import type { World } from './world.ts';

/** The program: reads arguments, runs one command, returns the exit code. The one place that catches. */
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
  const program = await loadProgram(context);
  try {
    await program.parseAsync(world.argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.refused;
    await world.stderr.write(describeFailure(error));
    return exitCodes.refused;
  }
}
