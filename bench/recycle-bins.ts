import { setMaxListeners } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { emulator, generateTenant } from '../emulator/index.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { DeletedList } from '../src/model/deleted-report.ts';
import { openVaults } from '../src/sources/open-vaults.ts';
import { listDeleted } from '../src/usecases/deleted/list-deleted.ts';
import { azVersion, signedInAz } from './az-cli.ts';
import { startAzure, type AzureProcess } from './azure.ts';
import { folder, runScanner } from './scanner.ts';
import { judged, significant, times, type Section } from './section.ts';

const subscriptions = 1000;
const deleted = 200;
const latencyMs = 100;
/** As many as src/usecases/deleted/read-bins.ts reads at a time. */
const concurrency = 24;
const runs = 3;
/** Azure gives three deleted vaults a page: who has four has two pages. */
const allowed = 2 * subscriptions + deleted / 4;

/** What it takes to list the recycle bins of a large estate. */
export async function recycleBins(): Promise<Section> {
  const measured: Measurement[] = [];
  for (let run = 0; run < runs; run += 1) measured.push(await listInMemory());
  const ms = Math.min(...measured.map((one) => one.ms));
  const requests = Math.max(...measured.map((one) => one.requests));
  const ratio = ms / ((requests * latencyMs) / concurrency);
  return {
    title: 'Recycle bins',
    text: [
      `The recycle bins of ${significant(subscriptions)} subscriptions with ${deleted} deleted vaults, four in each of the first ` +
        `${deleted / 4}, in an Azure that takes ${latencyMs} ms to answer; the emulator answers the SDK clients in memory, as in ` +
        `the chapter before, the best of ${runs} runs. Targets: one request for each subscription, kind (vaults, managed HSMs) and page, and at ` +
        `most 1.25 × the time that they take, ${concurrency} at a time.`,
      await azText(),
    ],
    head: ['requests', 'allowed', 'time ÷ (requests × latency ÷ concurrency)', 'targets'],
    rows: [
      [
        requests.toLocaleString('en'),
        allowed.toLocaleString('en'),
        times(ratio),
        judged(requests <= allowed && ratio <= 1.25),
      ],
    ],
  };
}

interface Measurement {
  readonly ms: number;
  readonly requests: number;
}

async function listInMemory(): Promise<Measurement> {
  const tenant = generateTenant({ subscriptions, vaults: 0, failing: 0, deleted });
  const { credential, httpClient, requests } = emulator(tenant, { latencyMs });
  const open = openVaults({ cloud: 'AzureCloud', version: '0', credential, httpClient });
  const { signal } = new AbortController();
  // As in a real process: requests in flight listen to it, many at a time.
  setMaxListeners(0, signal);
  const expected = await open.expected({ subscriptions: [], managementGroups: [] }, signal);
  const before = requests.length;
  const started = performance.now();
  const listing = await listDeleted(open.recycleBin, expected, signal);
  const ms = performance.now() - started;
  if (listing.deleted.length !== deleted || listing.unreadable.length > 0)
    throw new Error(`${listing.deleted.length} of ${deleted} were listed`);
  return { ms, requests: requests.length - before };
}

/** Subscriptions that the Azure CLI is timed with; the rest is extrapolated. */
const azSubscriptions = 10;

/** The loop that a script would run with the Azure CLI, which lists one subscription at a time. */
async function azText(): Promise<string> {
  const version = azVersion();
  if (version === undefined) return 'The Azure CLI is not installed where this was measured.';
  const azure = await startAzure({ subscriptions, vaults: 0, failing: 0, deleted, latencyMs });
  try {
    const azMs = (await azLoopMs(azure)) * (subscriptions / azSubscriptions);
    const ownMs = await processMs(azure);
    return (
      `The same Azure in a process of its own, behind TLS: a loop over \`az keyvault list-deleted --subscription ID\` (Azure CLI ` +
      `${version}, signed in beforehand, timed with ${azSubscriptions} subscriptions and **extrapolated** to ` +
      `${significant(subscriptions)}) takes ${times(azMs / ownMs)} the time of \`purgeproof deleted list\` (${packageJson.version}, ` +
      'the whole process with its sign-in, measured).'
    );
  } finally {
    await azure.stop();
  }
}

async function azLoopMs({ address }: AzureProcess): Promise<number> {
  const { az } = await signedInAz(address);
  const listed: readonly { readonly id: string }[] = JSON.parse(await az('account', 'list', '--all'));
  const some = listed.slice(0, azSubscriptions);
  const started = performance.now();
  let found = 0;
  for (const { id } of some) {
    const rows: readonly unknown[] = JSON.parse(await az('keyvault', 'list-deleted', '--subscription', id));
    found += rows.length;
  }
  if (found === 4 * azSubscriptions) return performance.now() - started;
  throw new Error(`az lists ${found} deleted vaults in ${some.length} subscriptions`);
}

async function processMs({ address }: AzureProcess): Promise<number> {
  const file = join(folder, 'deleted.json');
  const { ms, code } = await runScanner(['deleted', 'list', '--output', `json=${file}`], address);
  const list: DeletedList = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  if (code === 1 && list.complete && list.deleted.length === deleted) return ms;
  throw new Error(`deleted list ended with ${code}, and has ${list.deleted.length} of ${deleted}`);
}
