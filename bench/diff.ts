import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../src/model/finding.ts';
import type { ScanReport } from '../src/model/report.ts';
import { inTurns } from './in-turns.ts';
import { inventoryFile } from './inventory-file.ts';
import { folder, program, runScanner } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';

const vaults = 50_000;
const runs = 5;
const [mostTime, mostMemory] = [1.5, 2];

/** What a comparison takes beside the parsing of both reports. */
export async function diff(): Promise<Section> {
  const [older, newer] = await reports();
  const megabytes = [older, newer].reduce((sum, path) => sum + statSync(path).size, 0) / 2 ** 20;
  const parse =
    'for (const path of process.argv.slice(1)) JSON.parse(require("node:fs").readFileSync(path, "utf8"))';
  const { compared, parsed, nothing } = await inTurns(runs, {
    compared: [program, 'diff', older, newer, '--output', 'json=diff.json'],
    parsed: ['-e', parse, older, newer],
    nothing: ['-e', ''],
  });
  const time = compared.cpuMs / parsed.cpuMs;
  const memory = compared.megabytes / megabytes;
  return {
    title: 'Comparing reports',
    text: [
      `Command: \`purgeproof diff older.json newer.json --output json=diff.json\`, two reports of ${(vaults * 2).toLocaleString('en')} ` +
        `findings and ${significant(megabytes)} MB together, of which 1 % differ. Processor time and peak memory of the whole ` +
        `process, start included, the medians of ${runs} runs in turns. Findings whose text is the same in both are not parsed. A process of Node.js that does nothing takes ${significant(nothing.megabytes)} MB.`,
    ],
    head: ['figure', 'ratio', 'target'],
    rows: [
      [
        'processor time ÷ a program that reads and parses both',
        times(time),
        `${times(mostTime)}: ${judged(time <= mostTime)}`,
      ],
      ['peak memory ÷ size of both', times(memory), `${times(mostMemory)}: ${judged(memory <= mostMemory)}`],
    ],
  };
}

/** A report of a generated tenant, and one in which a hundredth of the findings is gone, new or another. */
async function reports(): Promise<readonly [string, string]> {
  const older = join(folder, 'older.json');
  const newer = join(folder, 'newer.json');
  await runScanner(['scan', '--inventory', inventoryFile(vaults, 1), '--output', `json=${older}`, '--quiet']);
  const report: ScanReport = JSON.parse(readFileSync(older, 'utf8'));
  writeFileSync(
    newer,
    `${JSON.stringify({ ...report, findings: report.findings.flatMap(changed) }, null, 2)}\n`,
  );
  return [older, newer];
}

function changed(finding: Finding, index: number): readonly Finding[] {
  const { fingerprint } = finding;
  if (index % 300 === 0) return [];
  if (index % 300 === 1)
    return [finding, { ...finding, fingerprint: fingerprint.split('').toReversed().join('') }];
  return index % 300 === 2 ? [{ ...finding, severity: 'low' }] : [finding];
}
