import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerateOptions } from '../emulator/tenants/generate.ts';
import type { ScanReport } from '../src/model/report.ts';
import { startAzure, type AzureProcess } from './azure.ts';
import { folder, runScanner } from './scanner.ts';

/** The best of several live scans of one tenant in one way. */
export interface ReadMeasurement {
  readonly vaults: number;
  readonly failing: number;
  readonly full: boolean;
  readonly requests: number;
  /** Vaults that Resource Graph returned. */
  readonly returned: number;
  /** Requests that were sent again, for a 429. */
  readonly retries: number;
  /** The whole process. */
  readonly ms: number;
  /** From the first request to the last verdict, by the report itself. */
  readonly scanMs: number;
  readonly megabytes: number;
  /** Of the report's findings and summary. */
  readonly digest: string;
}

/** How often each way of reading is repeated. */
export interface Repeats {
  readonly full: number;
  readonly pushedDown: number;
}

export const subscriptions = 100;

/** Scans a generated tenant in each way that is to be repeated at least once. */
export async function measureReads(
  { vaults, failing }: Omit<GenerateOptions, 'subscriptions'>,
  repeats: Repeats,
): Promise<readonly ReadMeasurement[]> {
  const azure = await startAzure({ subscriptions, vaults, failing });
  try {
    const best: ReadMeasurement[] = [];
    for (const full of [true, false]) {
      const runs: ReadMeasurement[] = [];
      for (let run = 0; run < (full ? repeats.full : repeats.pushedDown); run += 1) {
        runs.push({ vaults, failing, full, ...(await readOnce(azure, full)) });
      }
      best.push(...runs.toSorted((one, other) => one.scanMs - other.scanMs).slice(0, 1));
    }
    return best;
  } finally {
    await azure.stop();
  }
}

async function readOnce(azure: AzureProcess, full: boolean) {
  // The quota of the run before has to come back first.
  await sleep(5100);
  const file = join(folder, 'report.json');
  const argv = ['scan', '--output', `json=${file}`, ...(full ? ['--full'] : [])];
  const { ms, megabytes, code } = await runScanner(argv, azure.address);
  if (code !== 1) throw new Error(`the scan ended with ${code} where 1 was to be expected`);
  const { requests, vaults: returned } = await azure.traffic();
  const report: ScanReport = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return {
    requests,
    returned,
    retries: report.coverage.retries,
    ms,
    scanMs: Date.parse(report.finishedAt) - Date.parse(report.startedAt),
    megabytes,
    digest: digestOf(report),
  };
}

function digestOf({ findings, summary }: ScanReport): string {
  const hash = createHash('sha256').update(JSON.stringify(summary));
  for (const finding of findings) hash.update(JSON.stringify(finding));
  return hash.digest('hex');
}
