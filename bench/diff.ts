import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../src/model/finding.ts';
import type { ScanReport } from '../src/model/report.ts';
import { inTurns, type Medians } from './in-turns.ts';
import { variedInventoryFile } from './inventory-file.ts';
import { folder, program, runScanner } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';

/** About 100,000 findings. */
const vaults = 30_300;
const runs = 9;
const [mostTime, mostMemory] = [1.5, 2];

/** What differs between the reports, as the length of a group of findings of which one is gone, one new and one another. */
const changes = { nothing: Number.POSITIVE_INFINITY, '1 %': 300, half: 6 };

/** The outputs by what differs: where little does, all of them are short. */
const cases = [
  { changed: 'nothing', output: 'json' },
  { changed: '1 %', output: 'json' },
  { changed: 'half', output: 'json' },
  { changed: 'half', output: 'table' },
  { changed: 'half', output: 'markdown' },
] as const;

/** A comparison beside the parsing of both reports. */
export async function diff(): Promise<Section> {
  const older = join(folder, 'older.json');
  await runScanner([
    'scan',
    '--inventory',
    variedInventoryFile(vaults),
    '--output',
    `json=${older}`,
    '--quiet',
  ]);
  const report: ScanReport = JSON.parse(readFileSync(older, 'utf8'));
  const rows: string[][] = [];
  let [size, empty] = [0, 0];
  for (const { changed, output } of cases) {
    const newer = join(folder, 'newer.json');
    writeFileSync(newer, `${JSON.stringify(withChanges(report, changes[changed]), null, 2)}\n`);
    const { compared, parsed, nothing } = await inTurns(runs, {
      compared: [program, 'diff', older, newer, '--output', `${output}=diff`],
      parsed: ['-e', parse, older, newer],
      nothing: ['-e', ''],
    });
    size = (statSync(older).size + statSync(newer).size) / 2 ** 20;
    empty = nothing.megabytes;
    rows.push([changed, output, ...ratios(compared, parsed, { size, empty })]);
  }
  return {
    title: 'Comparing reports',
    text: [
      `Command: \`purgeproof diff older.json newer.json --output FORMAT=FILE\`, two reports of ${report.findings.length.toLocaleString('en')} ` +
        `findings of ${vaults.toLocaleString('en')} vaults, each set in its own way, and ${significant(size)} MB together; of what differs, a third each is gone, new, and of another severity. The whole ` +
        `process, start included, beside one of Node.js that reads both files and parses them: the time from start to end, and that of the processors; the medians of ${runs} runs in turns. ` +
        `Memory is the peak, without the ${significant(empty)} MB that a process of Node.js takes to do nothing.`,
      `A finding is not parsed to be checked where its text is in the other report, or differs from that of a checked one in values ` +
        `alone about which the schema says nothing more; and it is parsed to be compared only where the other report has another text.`,
    ],
    head: [
      'what differs',
      'output',
      'time ÷ reading and parsing both',
      'target',
      'processor time',
      'target',
      'memory ÷ size of both',
      'target',
    ],
    rows,
  };
}

const parse =
  'for (const path of process.argv.slice(1)) JSON.parse(require("node:fs").readFileSync(path, "utf8"))';

/** Megabytes: of both reports, and of a process that does nothing. */
interface Sizes {
  readonly size: number;
  readonly empty: number;
}

function ratios(compared: Medians, parsed: Medians, { size, empty }: Sizes): readonly string[] {
  const [time, cpu] = [compared.ms / parsed.ms, compared.cpuMs / parsed.cpuMs];
  const memory = (compared.megabytes - empty) / size;
  return [
    times(time),
    `${times(mostTime)}: ${judged(time <= mostTime)}`,
    times(cpu),
    `${times(mostTime)}: ${judged(cpu <= mostTime)}`,
    times(memory),
    `${times(mostMemory)}: ${judged(memory <= mostMemory)}`,
  ];
}

function withChanges(report: ScanReport, group: number): ScanReport {
  return {
    ...report,
    findings: report.findings.flatMap((finding, index) => changed(finding, index % group, group)),
  };
}

function changed(finding: Finding, place: number, group: number): readonly Finding[] {
  if (!Number.isFinite(group)) return [finding];
  const { fingerprint } = finding;
  if (place === 0) return [];
  if (place === 1) return [finding, { ...finding, fingerprint: fingerprint.split('').toReversed().join('') }];
  return place === 2 ? [{ ...finding, severity: 'low' }] : [finding];
}
