import { measureReads } from './read-measurement.ts';
import { readMeasurements } from './reads.ts';
import { judged, type Section } from './section.ts';

/** Peak memory of the scanner. */
export async function memory(): Promise<Section> {
  const hundredThousand = (await readMeasurements()).filter(
    ({ vaults, failing }) => vaults === 100_000 && failing === 0.01,
  );
  const million = await measureReads({ vaults: 1_000_000, failing: 0.01 }, { full: 0, pushedDown: 2 });
  return {
    title: 'Memory',
    text: [
      'Peak resident memory of the scanner’s process, as the process itself tells it at its end ' +
        '(`process.resourceUsage().maxRSS`), at 1 % failing. It grows with findings: with what the report lists. The program ' +
        'tells V8 to collect garbage sooner than it would: without that, a full read of 100,000 vaults peaks at half as ' +
        'much again, of which less than 50 MB are alive. Runs over the million differ by a few megabytes, around the target.',
    ],
    head: ['vaults', 'read', 'findings', 'peak, MB', 'target, MB', 'target'],
    rows: [...hundredThousand, ...million].map(({ vaults, failing, full, megabytes }) => {
      const target = vaults === 1_000_000 ? 150 : 200;
      return [
        vaults.toLocaleString('en'),
        full ? 'full' : 'pushed down',
        (vaults * failing * 2).toLocaleString('en'),
        String(Math.round(megabytes)),
        String(target),
        judged(megabytes <= target),
      ];
    }),
  };
}
