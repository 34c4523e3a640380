import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { builtFolder } from './built.ts';
import { inventoryFile } from './inventory-file.ts';
import { folder, root, runScanner } from './scanner.ts';
import { judged, type Section } from './section.ts';

const targetMs = 500;
const runs = 9;

/** What a scan of a small inventory takes, from nothing. */
export async function coldStart(): Promise<Section> {
  const inventory = inventoryFile(1000);
  const durations: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    durations.push((await runScanner(['scan', '--inventory', inventory, '--output', 'json=cold.json'])).ms);
  }
  const median = medianOf(durations);
  const best = Math.min(...durations);
  const modules = await builtFolder();
  const split = Array.from({ length: runs }, () => splitOf(inventory, modules));
  const names = Object.keys(split[0] ?? {});
  const parts = names.map((name) => [name, medianOf(split.map((steps) => steps[name] ?? 0))] as const);
  const whole = parts.reduce((sum, [, ms]) => sum + ms, 0);
  return {
    title: 'Cold start',
    text: [
      'Command: `purgeproof scan --inventory vaults.json --output json=report.json` over 1,000 vaults, the whole process ' +
        `from its start to its end, ${runs} runs. Target: half a second. The median is ${(median / targetMs).toFixed(2)} × the target ` +
        `(${judged(median <= targetMs)}), the best run ${(best / targetMs).toFixed(2)} ×.`,
      'Where it goes, timed from within, medians again:',
    ],
    head: ['step', 'share'],
    rows: parts.map(([name, ms]) => [name, `${((100 * ms) / whole).toFixed(0)} %`]),
  };
}

function splitOf(inventory: string, modules: string): Readonly<Record<string, number>> {
  const program = join(import.meta.dirname, 'cold-start-split.mjs');
  const steps: Record<string, number> = JSON.parse(
    execFileSync(process.execPath, [program, root, modules, inventory, join(folder, 'split.json')], {
      encoding: 'utf8',
    }),
  );
  return steps;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
