#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { main } from './main.ts';
import { processWorld } from './process-world.ts';

const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
process.exitCode = await main(processWorld(packageRoot));
