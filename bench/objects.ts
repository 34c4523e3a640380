import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerateOptions } from '../emulator/tenants/generate.ts';
import type { ScanReport } from '../src/model/report.ts';
import { startAzure } from './azure.ts';
import { folder, runScanner, type Run } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';

/** As many vaults as src/sources/objects.ts reads at a time. */
const concurrency = 16;

/** The time that vaults cost which nobody can reach. */
export async function closedVaults(): Promise<Section> {
  const [vaults, silent] = [200, 150];
  const rows: (readonly string[])[] = [];
  for (const seconds of [2, 5]) {
    const flags = ['--vault-timeout', `${seconds}s`];
    const { scanMs, report } = await scanObjects({ vaults, silent, objects: 10 }, { flags, runs: 2 });
    if (report.unreadable.length !== silent) throw new Error('not every closed vault is a gap');
    const ratio = scanMs / ((seconds * 1000 * silent) / concurrency);
    rows.push([`${seconds} s`, times(ratio), judged(ratio <= 1.2)]);
  }
  return {
    title: 'Vaults that do not answer',
    text: [
      `\`purgeproof scan --include objects\` of ${vaults} vaults with 10 objects each, of which ${silent} take a connection and never ` +
        'answer. Each is a gap with its reason, and the others are judged. The whole scan, by the report itself; the target ' +
        `is 1.2 × (time-out × vaults that do not answer ÷ ${concurrency}).`,
    ],
    head: ['`--vault-timeout`', 'time ÷ (time-out × closed vaults ÷ concurrency)', 'target'],
    rows,
  };
}

/** The memory that it takes to judge every key, secret and certificate. */
export async function objects(): Promise<Section> {
  const [vaults, each] = [500, 100];
  const { megabytes, report } = await scanObjects({ vaults, objects: each });
  const { resources, unknown } = report.summary;
  if (resources !== vaults * (each + 1) || unknown > 0) throw new Error('not every object was judged');
  return {
    title: 'Keys, secrets and certificates',
    text: [
      '`purgeproof scan --include objects`: peak resident memory of the scanner’s process. Objects are judged as their ' +
        'vaults come, and then released.',
    ],
    head: ['vaults', 'objects', 'peak, MB', 'target, MB', 'target'],
    rows: [
      [
        significant(vaults),
        significant(vaults * each),
        String(Math.round(megabytes)),
        '250',
        judged(megabytes <= 250),
      ],
    ],
  };
}

interface ObjectScan extends Run {
  readonly scanMs: number;
  readonly report: ScanReport;
}

/** The best of the scans of a generated tenant, and the peak of memory of them all. */
async function scanObjects(
  tenant: Omit<GenerateOptions, 'subscriptions' | 'failing'>,
  { flags = [], runs = 1 }: { readonly flags?: readonly string[]; readonly runs?: number } = {},
): Promise<ObjectScan> {
  const azure = await startAzure({ subscriptions: 10, failing: 0.01, ...tenant });
  try {
    const scans: ObjectScan[] = [];
    for (let run = 0; run < runs; run += 1) {
      const file = join(folder, 'objects.json');
      const argv = ['scan', '--include', 'objects', '--output', `json=${file}`, ...flags];
      const taken = await runScanner(argv, azure.address);
      const report: ScanReport = JSON.parse(readFileSync(file, 'utf8'));
      rmSync(file);
      await azure.traffic();
      scans.push({ ...taken, report, scanMs: Date.parse(report.finishedAt) - Date.parse(report.startedAt) });
    }
    const [best] = scans.toSorted((one, other) => one.scanMs - other.scanMs);
    if (best === undefined) throw new Error('nothing was measured');
    return { ...best, megabytes: Math.max(...scans.map(({ megabytes }) => megabytes)) };
  } finally {
    await azure.stop();
  }
}
