/** Prints the figures of the code's structure that docs/decisions/0014 compares: `npm run structure`. */
import { measureStructure, readModules } from './structure.ts';

const figures = measureStructure(readModules());

const rows: readonly (readonly [string, number])[] = [
  ['files in src', figures.files],
  ['lines per file, median', figures.fileLinesMedian],
  ['lines per file, p90', figures.fileLinesP90],
  ['lines per function, p90', figures.functionLinesP90],
  ['longest import chain, in modules', figures.longestChain],
  ['files with one importer', figures.oneImporter],
  ['cycles, type-only imports included', figures.cycles],
  ['files in src/sources/live', figures.filesOfLive],
  ['floors of src/sources/live', figures.floorsOfLive],
];
for (const [name, figure] of rows) process.stdout.write(`${name.padEnd(38)}${String(figure)}\n`);
