import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Checkout, repositoryFiles, schemaFiles } from './checkout-files.ts';
import { earlierProgram } from './earlier-build.ts';
import { inventoryFile } from './inventory-file.ts';
import { program, runWhole } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';

const runs = 5;
const target = 12;
const mostOfEarlier = 0.2;

/** What it takes to find the lines of infrastructure code, in processor time. */
export async function infrastructureCode(): Promise<Section> {
  const start = await cpuOf(program, []);
  const rows: (readonly string[])[] = [];
  for (const [name, checkout] of [
    ['JSON schemas', schemaFiles()],
    ['a repository', repositoryFiles()],
  ] as const) {
    const whole = await cpuOf(program, ['--source-root', checkout.path]);
    const earlier = await cpuOf(earlierProgram(), ['--source-root', checkout.path]);
    const size = [significant(checkout.files), significant(checkout.megabytes)];
    rows.push([
      name,
      ...size,
      times((whole - start) / searchCpu(checkout)),
      ...besideRipgrep(checkout, { whole, start }),
      `${times(whole / earlier)}: ${judged(whole <= mostOfEarlier * earlier)}`,
    ]);
  }
  return {
    title: 'Infrastructure code',
    text: [
      'Processor time, all threads together, of what `--source-root` adds to a scan, over that of two programs that search ' +
        'every file of the folder for one word: a few lines of Node.js, and ripgrep where it is installed. The last ' +
        `two columns are the whole scan, with its start: at most ${target} × ripgrep, and ${mostOfEarlier} × the build of ` +
        '2026-11-24 (commit 8886421). The folders are ' +
        'generated: JSON schemas, which hold the words of templates and are none, and modules of Bicep with ' +
        `compiled output, tests and documentation, of which one in forty declares a vault. The best of ${runs} runs.`,
      'By the profile of V8, a quarter of a scan of the repository works on the code, a fifth lists the folder, and a sixth ' +
        'opens and reads its files; loading the modules of the program takes an eighth. Cheaper tests of names were ' +
        'tried, and gained nothing.',
    ],
    head: [
      'folder',
      'files',
      'MB',
      '÷ search in Node.js',
      '÷ ripgrep',
      'whole scan ÷ ripgrep',
      'whole scan ÷ earlier build',
    ],
    rows,
  };
}

/** Ripgrep is done with few files before its time can be told. */
function besideRipgrep(
  checkout: Checkout,
  { whole, start }: { readonly whole: number; readonly start: number },
): readonly string[] {
  const ripgrep = ripgrepCpu(checkout);
  if (ripgrep === undefined || ripgrep < 20) return ['–', '–'];
  const shares = `${times(whole / ripgrep)}, ${times(start / ripgrep)} of it the start: `;
  return [times((whole - start) / ripgrep), `${shares}${judged(whole <= target * ripgrep)}`];
}

async function cpuOf(scanner: string, more: readonly string[]): Promise<number> {
  const inventory = inventoryFile(1000);
  const used: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const argv = ['scan', '--inventory', inventory, '--output', 'sarif=code.sarif', '--quiet', ...more];
    used.push((await runWhole([scanner, ...argv])).cpuMs);
  }
  return Math.min(...used);
}

function searchCpu({ path }: Checkout): number {
  const program = join(import.meta.dirname, 'search-files.mjs');
  const used = Array.from({ length: runs }, () =>
    Number(spawnSync(process.execPath, [program, path], { encoding: 'utf8' }).stdout),
  );
  return Math.min(...used);
}

/** By what the shell tells of its children; `undefined` where there is no ripgrep. */
function ripgrepCpu({ path }: Checkout): number | undefined {
  if (spawnSync('rg', ['--version']).error !== undefined) return undefined;
  const command = 'rg -c --no-ignore --hidden Microsoft.KeyVault "$0" > /dev/null; times';
  const used = Array.from({ length: runs }, () => {
    const { stdout } = spawnSync('sh', ['-c', command, path], { encoding: 'utf8' });
    const children = stdout.trim().split('\n').at(-1) ?? '';
    return Array.from(children.matchAll(/(\d+)m([\d.]+)s/g)).reduce(
      (sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds),
      0,
    );
  });
  return Math.min(...used);
}
