import { earlierProgram } from './earlier-build.ts';
import { inTurns } from './in-turns.ts';
import { inventoryFile } from './inventory-file.ts';
import { program } from './scanner.ts';
import { judged, type Section, times } from './section.ts';

const runs = 15;

interface Work {
  readonly name: string;
  readonly argv: readonly string[];
  /** The most that it may take of what Node.js takes, or the earlier build. */
  readonly target?: { readonly of: 'node' | 'earlier'; readonly most: number };
}

/** What small commands take, from nothing. */
export async function coldStart(): Promise<Section> {
  const scan = ['scan', '--inventory', inventoryFile(1000), '--output', 'json=cold.json', '--quiet'];
  const rows: (readonly string[])[] = [];
  for (const work of [
    { name: '`--version`', argv: ['--version'], target: { of: 'node', most: 1.4 } },
    { name: '`rules list`', argv: ['rules', 'list'] },
    { name: '`scan --inventory`, 1,000 vaults', argv: scan, target: { of: 'earlier', most: 0.35 } },
  ] satisfies readonly Work[])
    rows.push(await compare(work));
  return {
    title: 'Cold start',
    text: [
      'Processor time of the whole process, all threads together, over that of `node -e 0` and that of the build of ' +
        `2026-11-24 (commit 8886421, built beside it): the medians of ${runs} runs of each, in turns.`,
      'By the profile of V8, loading its modules takes a fifth of the scan, and the largest part reads the inventory. ' +
        'A small scan is code that runs before V8 has optimised it. To compile all of it at once, to ' +
        'optimise nothing and to collect garbage in one thread were tried, and gained nothing.',
    ],
    head: ['command', '÷ `node -e 0`', '÷ earlier build', 'target'],
    rows,
  };
}

async function compare({ name, argv, target }: Work): Promise<readonly string[]> {
  const { node, earlier, now } = await inTurns(runs, {
    node: ['-e', '0'],
    earlier: [earlierProgram(), ...argv],
    now: [program, ...argv],
  });
  const ratios = { node: now.cpuMs / node.cpuMs, earlier: now.cpuMs / earlier.cpuMs };
  const goal =
    target === undefined ? '–' : `${times(target.most)}: ${judged(ratios[target.of] <= target.most)}`;
  return [name, times(ratios.node), times(ratios.earlier), goal];
}
