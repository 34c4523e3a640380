import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { checkov, type PeerProgram, ripgrep } from './peer-programs.ts';
import { program } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';
import { type Command, type Pair, runInPairs, runTimed } from './timed.ts';

const variable = 'BENCH_REPOSITORY';
const fewest = 2000;

/** The most that a scan may take of what its peer takes: of the time, and of the memory where that has a target. */
interface Most {
  readonly time: number;
  readonly memory?: number;
}

interface Comparison {
  readonly peer: PeerProgram;
  readonly argv: readonly string[];
  readonly most: Most;
  readonly runs: number;
}

/** Checkov's checks of vaults and of what is in them. */
const checks = ['40', '41', '42', '109', '110', '111', '112', '114', '189'].map((id) => `CKV_AZURE_${id}`);

const names = String.raw`Microsoft\.KeyVault/(vaults|managedHSMs)|azurerm_key_vault`;

/** Compares the scan of a large public repository of infrastructure code with checkov, and with a search for the files that name a vault. */
export async function publicRepository(): Promise<Section> {
  const title = 'A public repository';
  const given = process.env[variable];
  if (given === undefined)
    return {
      title,
      text: [`Not measured: \`${variable}\` names no folder with a checkout of one.`],
      head: [],
      rows: [],
    };
  const repository = resolve(given);
  const { code, all, megabytes } = sizeOf(repository);
  if (code < fewest) throw new Error(`${repository} has ${code} files of Bicep and Terraform, not ${fewest}`);
  const rows: (readonly string[])[] = [];
  const missing: string[] = [];
  for (const { peer, argv, most, runs } of comparisons(repository)) {
    if (peer.missing === undefined)
      rows.push([
        `${peer.name} ${peer.version}`,
        ...cells(await runInPairs(runs, ownScan(repository), { argv: [peer.path, ...argv] }), most),
      ]);
    else missing.push(`${peer.name} ${peer.version}`.trim() + ` (${peer.missing})`);
  }
  const unparsed = await unparsedByCheckov(repository);
  const floor = await searchBesideRipgrep(repository);
  return {
    title,
    text: [
      `\`scan --source\` of \`${basename(repository)}\`, the folder that \`${variable}\` names: ${significant(code)} files of Bicep and ` +
        `Terraform among ${significant(all)} of ${significant(megabytes)} MB. Whole processes by GNU time, in turns, the medians of the ratios ` +
        'run by run; of a program that starts others the peak is that of the largest. Checkov reads Bicep and Terraform only, by its ' +
        `${checks.length} checks of vaults and what is in them, and fetches nothing; the scan reads the ARM templates as well. ` +
        'Ripgrep lists the files that name a vault, and judges nothing.',
      ...(unparsed === undefined
        ? []
        : [`Checkov cannot parse ${significant(unparsed)} of the files, and judges nothing in them.`]),
      ...(floor === undefined
        ? []
        : [
            'For what a program in Node.js can reach: `bench/search-files.mjs`, which searches every file for one word and does nothing ' +
              `else, takes ${times(floor.ms)} the time of ripgrep, and ${times(floor.cpuMs)} its processor time.`,
          ]),
      ...(missing.length === 0 ? [] : [`Not installed where this was measured: ${missing.join('; ')}.`]),
    ],
    head: ['peer', 'time ÷ peer', 'processor time ÷ peer', 'peak, MB', 'peak of the peer, MB', 'targets'],
    rows,
  };
}

/** The number of files that checkov says it cannot parse; `undefined` where there is no checkov. */
async function unparsedByCheckov(repository: string): Promise<number | undefined> {
  const peer = checkov();
  if (peer.missing !== undefined) return undefined;
  const { stdout } = await runTimed({ argv: [peer.path, ...checkovArguments(repository)], output: 'kept' });
  const reports: readonly { readonly summary?: { readonly parsing_errors: number } }[] = [
    JSON.parse(stdout),
  ].flat();
  return reports.reduce((sum, { summary }) => sum + (summary?.parsing_errors ?? 0), 0);
}

function checkovArguments(repository: string): readonly string[] {
  const frameworks = ['--framework', 'bicep', 'terraform'];
  const output = ['--output', 'json', '--quiet', '--compact', '--skip-download'];
  return ['--directory', repository, ...frameworks, '--check', checks.join(','), ...output];
}

/** The time of the least that reads all files in Node.js, over that of ripgrep. */
async function searchBesideRipgrep(repository: string): Promise<Pair['ratio'] | undefined> {
  const peer = ripgrep();
  if (peer.missing !== undefined) return undefined;
  const search = { argv: [process.execPath, join(import.meta.dirname, 'search-files.mjs'), repository] };
  return (await runInPairs(9, search, { argv: [peer.path, ...listing(repository)] })).ratio;
}

/** The arguments by which ripgrep lists the files that name a vault. */
function listing(repository: string): readonly string[] {
  return ['--files-with-matches', '--ignore-case', names, repository];
}

function* comparisons(repository: string): Iterable<Comparison> {
  yield {
    peer: checkov(),
    argv: checkovArguments(repository),
    most: { time: 0.2, memory: 0.5 },
    runs: 3,
  };
  yield {
    peer: ripgrep(),
    argv: listing(repository),
    most: { time: 3 },
    runs: 9,
  };
}

function ownScan(repository: string): Command {
  const argv = ['scan', '--source', repository, '--no-config', '--output', 'json=repository.json', '--quiet'];
  return { argv: [process.execPath, program, ...argv] };
}

function cells({ own, peer, ratio }: Pair, { time, memory }: Most): readonly string[] {
  const isWithin = ratio.ms <= time && ratio.cpuMs <= time;
  return [
    times(ratio.ms),
    times(ratio.cpuMs),
    significant(own.megabytes),
    significant(peer.megabytes),
    [
      `time ${times(time)}: ${judged(isWithin)}`,
      ...(memory === undefined ? [] : [`peak ${times(memory)}: ${judged(ratio.megabytes <= memory)}`]),
    ].join(', '),
  ];
}

function sizeOf(folder: string): { readonly code: number; readonly all: number; readonly megabytes: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const code = files.filter((file) => /\.(?:bicep|tf)$/.test(file)).length;
  return { code, all: files.length, megabytes: bytes / 1e6 };
}
