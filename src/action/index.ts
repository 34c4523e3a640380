import { fileURLToPath } from 'node:url';
import { processWorld } from './process-world.ts';
import { run } from './run.ts';

// Both src/action/index.ts and the bundle dist/action/index.mjs lie two folders below policies/.
process.exitCode = await run(processWorld(fileURLToPath(new URL('../../', import.meta.url))));
