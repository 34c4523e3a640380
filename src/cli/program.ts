import { setFlagsFromString } from 'node:v8';
import { main } from './main.ts';
import { processWorld } from './process-world.ts';

/** Runs the program in this process. `packageRoot` holds `package.json` and `policies/`. */
export async function runProgram(packageRoot: string): Promise<void> {
  // A page is garbage as soon as it is judged. V8 would let three times as much of it pile up as there is to keep,
  // which is more than half of the memory that a large scan takes.
  setFlagsFromString('--heap-growing-percent=30');
  process.exitCode = await main(processWorld(packageRoot));
}
