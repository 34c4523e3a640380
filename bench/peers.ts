import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanReport } from '../src/model/report.ts';
import { signedInAz } from './az-cli.ts';
import type { Address } from './azure-process.ts';
import { startAzure } from './azure.ts';
import { generatedVaults, inventoryFile } from './inventory-file.ts';
import { azqr, azureCli, checkov, jq, opa, type PeerProgram } from './peer-programs.ts';
import { folder, program, wayTo } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';
import { type Command, type Pair, runInPairs, runTimed } from './timed.ts';

const tenant = { subscriptions: 20, vaults: 950, failing: 0.1, latencyMs: 50, quota: 'unlimited' } as const;
const templates = 100;

/** The most that a scan may take: of what its peer takes, and in megabytes. */
interface Most {
  readonly ms?: number;
  readonly cpuMs?: number;
  readonly megabytes?: number;
}

/** One piece of work, and how purgeproof and a peer do it. */
interface Comparison {
  readonly work: string;
  readonly peer: PeerProgram;
  readonly most?: Most;
  readonly runs: number;
  /** Runs both in turns, once it is known that they find the same. */
  readonly measure: (path: string, runs: number) => Promise<Pair>;
}

/** Compares purgeproof with other programs that do the same, side by side. */
export async function peers(): Promise<Section> {
  const rows: (readonly string[])[] = [];
  const missing: string[] = [];
  for (const { work, peer, most = {}, runs, measure } of comparisons()) {
    if (peer.missing === undefined)
      rows.push([work, `${peer.name} ${peer.version}`, ...cells(await measure(peer.path, runs), most)]);
    else missing.push(`${peer.name} ${peer.version}`.trim() + ` (${peer.missing})`);
  }
  return {
    title: 'Peers',
    text: [
      'Whole processes by GNU time, in turns, the medians of the ratios run by run; below 1 ×, less is taken than by the peer. ' +
        `_Live_ is a tenant of ${tenant.subscriptions} subscriptions with ${tenant.vaults} vaults, a tenth of which fail, in an Azure that takes ` +
        `${tenant.latencyMs} ms to answer, and refuses nothing for its quota. azqr scans key vaults there (\`azqr scan kv\`, without diagnostics, Advisor and Defender); it ` +
        'is built from its source with one line added, which sends its queries through the proxy that the emulated Azure is behind. One of ' +
        'them has a number where the parser of Kusto wants `dynamic(…)`, and is changed on its way. `az rest` signed in beforehand, ' +
        'fetches the rows, and judges nothing. _Offline_ is an inventory, of which 1 % fails: opa evaluates the ' +
        'shipped rules about vaults in Rego (`bench/shipped-rules.rego`), and finds the same; jq answers three of their ' +
        `questions (soft delete, purge protection, retention). Checkov reads ${templates} ARM templates with a vault each, and the scan judges the same ` +
        'vaults by all of its rules, and finds their lines in the templates.',
      'By the profile of V8, a quarter of the live scan loads modules, and a sixth is TLS and HTTP in Node.js; rules and ' +
        'judging take a tenth. The program is split so that a live scan loads only what it runs, and its requests overlap; ' +
        'azqr is compiled, and has nothing to load.',
      ...(missing.length === 0 ? [] : [`Not installed where this was measured: ${missing.join('; ')}.`]),
    ],
    head: [
      'work',
      'peer',
      'time ÷ peer',
      'processor time ÷ peer',
      'peak, MB',
      'peak of the peer, MB',
      'targets',
    ],
    rows,
  };
}

function cells({ own, peer, ratio }: Pair, most: Most): readonly string[] {
  const targets = [
    ...(most.ms === undefined ? [] : [`time ${times(most.ms)}: ${judged(ratio.ms <= most.ms)}`]),
    ...(most.cpuMs === undefined
      ? []
      : [`processor time ${times(most.cpuMs)}: ${judged(ratio.cpuMs <= most.cpuMs)}`]),
    ...(most.megabytes === undefined
      ? []
      : [`${most.megabytes} MB: ${judged(own.megabytes <= most.megabytes)}`]),
  ];
  return [
    times(ratio.ms),
    Number.isFinite(ratio.cpuMs) && peer.cpuMs > 0 ? times(ratio.cpuMs) : '–',
    significant(own.megabytes),
    significant(peer.megabytes),
    targets.join(', ') || '–',
  ];
}

function* comparisons(): Iterable<Comparison> {
  yield {
    work: 'live',
    peer: azqr(),
    most: { ms: 1, cpuMs: 2, megabytes: 80 },
    runs: 9,
    measure: besideAzqr,
  };
  yield { work: 'live', peer: azureCli(), runs: 3, measure: besideAz };
  for (const [vaults, runs, most] of [
    [1000, 9, { ms: 3 }],
    [100_000, 3, { cpuMs: 1, megabytes: 200 }],
  ] as const) {
    const work = `offline, ${significant(vaults)} vaults`;
    yield { work, peer: opa(), most, runs, measure: (path, count) => besideOpa(path, count, vaults) };
    yield { work, peer: jq(), runs, measure: (path, count) => besideJq(path, count, vaults) };
  }
  yield { work: `${templates} templates`, peer: checkov(), runs: 3, measure: besideCheckov };
}

async function besideAzqr(path: string, runs: number): Promise<Pair> {
  return inAzure(async (address) => {
    const stages = '--stages=-diagnostics,-advisor,-defender';
    const argv = [path, 'scan', 'kv', '--json', '--xlsx=false', '--output-name', 'azqr', stages];
    const env = { ...wayTo(address), SSL_CERT_FILE: address.caFile };
    await runTimed({ argv, env });
    const { impacted }: { impacted: unknown[] } = JSON.parse(readFileSync(join(folder, 'azqr.json'), 'utf8'));
    const failing = tenant.vaults * tenant.failing;
    if (impacted.length !== failing) throw new Error(`azqr finds ${impacted.length} of ${failing}`);
    return runInPairs(runs, ownLive(address), { argv, env });
  });
}

async function besideAz(_path: string, runs: number): Promise<Pair> {
  return inAzure(async (address) => {
    const { env } = await signedInAz(address);
    const query = "resources | where type =~ 'microsoft.keyvault/vaults' | order by id asc";
    const uri =
      'https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
    const body = JSON.stringify({ query, options: { resultFormat: 'objectArray' } });
    const argv = ['az', 'rest', '--method', 'post', '--uri', uri, '--body', body];
    return runInPairs(runs, ownLive(address), { argv, env });
  });
}

function ownLive(address: Address): Command {
  const argv = [process.execPath, program, 'scan', '--output', 'json=live.json', '--quiet'];
  return { argv, env: wayTo(address) };
}

async function inAzure(measure: (address: Address) => Promise<Pair>): Promise<Pair> {
  const azure = await startAzure(tenant);
  try {
    return await measure(azure.address);
  } finally {
    await azure.stop();
  }
}

async function besideOpa(path: string, runs: number, vaults: number): Promise<Pair> {
  const inventory = inventoryFile(vaults);
  const rules = join(import.meta.dirname, 'shipped-rules.rego');
  const data = ['--data', rules, '--input', inventory];
  const argv = [path, 'eval', '--format', 'json', ...data, 'data.purgeproof.findings'];
  const { stdout } = await runTimed({ argv, output: 'kept' });
  const answer: { result: { expressions: { value: unknown[] }[] }[] } = JSON.parse(stdout);
  const found = answer.result[0]?.expressions[0]?.value.length;
  const { nonCompliant } = await ownSummary(inventory);
  if (found !== nonCompliant) throw new Error(`opa finds ${found}, and purgeproof ${nonCompliant}`);
  return runInPairs(runs, ownOffline(inventory), { argv });
}

const threeQuestions =
  '[.[] | select(.properties.enablePurgeProtection != true or .properties.enableSoftDelete == false' +
  ' or ((.properties.softDeleteRetentionInDays // 90) < 90)) | .id]';

async function besideJq(path: string, runs: number, vaults: number): Promise<Pair> {
  const inventory = inventoryFile(vaults);
  return runInPairs(runs, ownOffline(inventory), { argv: [path, threeQuestions, inventory] });
}

function ownOffline(inventory: string): Command {
  const argv = ['scan', '--inventory', inventory, '--inventory-complete', '--output', 'json=offline.json'];
  return { argv: [process.execPath, program, ...argv, '--quiet'] };
}

async function ownSummary(inventory: string): Promise<ScanReport['summary']> {
  const argv = ['scan', '--inventory', inventory, '--inventory-complete', '--output', 'json', '--quiet'];
  const { stdout } = await runTimed({ argv: [process.execPath, program, ...argv], output: 'kept' });
  const { summary }: ScanReport = JSON.parse(stdout);
  return summary;
}

async function besideCheckov(path: string, runs: number): Promise<Pair> {
  const checkout = join(folder, 'templates');
  const inventory = join(folder, 'templates.json');
  mkdirSync(join(checkout, '.git'), { recursive: true });
  const vaults = [...generatedVaults(templates, 0.1)];
  writeFileSync(inventory, JSON.stringify(vaults));
  for (const [index, { name, location, properties, tags }] of vaults.entries()) {
    const resource = {
      type: 'Microsoft.KeyVault/vaults',
      apiVersion: '2023-07-01',
      name,
      location,
      tags,
      properties,
    };
    const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
    const template = { $schema: schema, contentVersion: '1.0.0.0', resources: [resource] };
    writeFileSync(join(checkout, `vault-${index}.json`), JSON.stringify(template, undefined, 2));
  }
  const own = ['scan', '--inventory', inventory, '--inventory-complete', '--source-root', checkout];
  return runInPairs(
    runs,
    { argv: [process.execPath, program, ...own, '--output', 'sarif=templates.sarif', '--quiet'] },
    {
      argv: [path, '--directory', checkout, '--framework', 'arm', '--output', 'json', '--quiet', '--compact'],
    },
  );
}
