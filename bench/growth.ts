import { growthExponent } from './growth-exponent.ts';
import { inventoryFile } from './inventory-file.ts';
import { readMeasurements } from './reads.ts';
import { runScanner, type Run } from './scanner.ts';
import type { Section } from './section.ts';

interface Sized extends Pick<Run, 'ms' | 'megabytes'> {
  readonly vaults: number;
}

const sizes = [1000, 10_000, 100_000];

/** How time and memory grow with the number of vaults. */
export async function growth(): Promise<Section> {
  const reads = (await readMeasurements()).filter(({ failing }) => failing === 0.01);
  return {
    title: 'Growth',
    text: [
      'Exponents: the slope on logarithmic axes, for the whole process at 1 % failing. 1 is growth in proportion to the ' +
        'vaults, 0 is none, above 1 would not scale. Both release what ' +
        'they have judged. Beyond fifteen requests the quota sets the time: a full read of 10,000 vaults fits into ' +
        'one window of it, and one of 100,000 takes seven.',
    ],
    head: [
      'scan',
      'time, 1,000 → 10,000',
      'time, 10,000 → 100,000',
      'memory, 1,000 → 10,000',
      'memory, 10,000 → 100,000',
    ],
    rows: [
      growthRow('`scan --inventory FILE`', await inventoryScans()),
      growthRow(
        '`scan --full`',
        reads.filter(({ full }) => full),
      ),
      growthRow(
        '`scan`',
        reads.filter(({ full }) => !full),
      ),
    ],
  };
}

async function inventoryScans(): Promise<readonly Sized[]> {
  const scans: Sized[] = [];
  for (const vaults of sizes) {
    const runs: Run[] = [];
    for (let run = 0; run < 3; run += 1) {
      runs.push(await runScanner(['scan', '--inventory', inventoryFile(vaults), '--output', 'json']));
    }
    const [best] = runs.toSorted((one, other) => one.ms - other.ms);
    if (best !== undefined) scans.push({ ...best, vaults });
  }
  return scans;
}

function growthRow(name: string, scans: readonly Sized[]): readonly string[] {
  const steps = scans.slice(1).map((large, index) => [scans[index] ?? large, large] as const);
  const exponents = (value: (scan: Sized) => number): readonly string[] =>
    steps.map(([small, large]) =>
      growthExponent(
        { size: small.vaults, value: value(small) },
        { size: large.vaults, value: value(large) },
      ).toFixed(2),
    );
  return [name, ...exponents(({ ms }) => ms), ...exponents(({ megabytes }) => megabytes)];
}
