import { earlierProgram } from './earlier-build.ts';
import { inTurns } from './in-turns.ts';
import { inventoryFile } from './inventory-file.ts';
import { program } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';

const runs = 3;
const [mostTime, mostMegabytes] = [0.3, 200];

/** What a large inventory takes, beside the earlier build. */
export async function largeInventory(): Promise<Section> {
  const argv = ['scan', '--inventory', inventoryFile(100_000), '--output', 'json=large.json', '--quiet'];
  const { earlier, now } = await inTurns(runs, {
    earlier: [earlierProgram(), ...argv],
    now: [program, ...argv],
  });
  const ratio = now.cpuMs / earlier.cpuMs;
  return {
    title: 'Large inventories',
    text: [
      'Command: `purgeproof scan --inventory vaults.json --output json=report.json` over 100,000 vaults, of which 1 % fail; ' +
        `processor time and peak memory of the whole process, the medians of ${runs} runs, in turns with the build of 2026-11-24.`,
      'Of what is left, `JSON.parse` takes a fifth, judging a tenth, the ids a tenth, and the search for the ends of the ' +
        'rows and the walk over them eight hundredths each. Other sizes of the young heap, one thread for garbage and ' +
        'larger batches of rows were tried, and gained nothing.',
    ],
    head: ['figure', 'now', 'earlier build', 'ratio', 'target'],
    rows: [
      ['processor time', '', '', times(ratio), `${times(mostTime)}: ${judged(ratio <= mostTime)}`],
      [
        'peak, MB',
        significant(now.megabytes),
        significant(earlier.megabytes),
        times(now.megabytes / earlier.megabytes),
        `${mostMegabytes} MB: ${judged(now.megabytes <= mostMegabytes)}`,
      ],
    ],
  };
}
