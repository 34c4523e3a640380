import { createHash } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessPolicy, guidOf } from '../emulator/tenants/bodies.ts';
import { openArchiveToAdd } from '../src/files/archive/scan-archive.ts';
import { shippedRules } from '../src/files/shipped-rules.ts';
import { type JsonObject, objectAt } from '../src/model/json.ts';
import type { Resource } from '../src/model/resource.ts';
import type { ResourceSource } from '../src/model/source.ts';
import { typesReadBy } from '../src/resource-types/known-type.ts';
import { compileRule } from '../src/rules/evaluate.ts';
import { isRowProblem, toResource } from '../src/sources/rows/resource.ts';
import { beginRecording } from '../src/usecases/archive/recording.ts';
import { scan } from '../src/usecases/scan.ts';
import { inTurns } from './in-turns.ts';
import { generatedVaults } from './inventory-file.ts';
import { folder, program } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';

const [vaults, days, changed, runs] = [10_000, 365, 100, 5];
const mostDisk = 1.15;
const blockBytes = 4096;

/** The disk that a year of archived scans takes, and what archiving and judging again takes. */
export async function archive(): Promise<Section> {
  const { first, total } = await archiveYear('year');
  const perVault = first / vaults;
  const ratio = total / (first + perVault * changed * (days - 1));
  const inventory = join(folder, 'estate.json');
  writeFileSync(inventory, JSON.stringify(Array.from({ length: vaults }, (_, index) => bodyOf(index, 0))));
  const scanned = [
    program,
    'scan',
    '--inventory',
    inventory,
    '--inventory-complete',
    '--output',
    'json=report.json',
  ];
  const figures = await inTurns(runs, {
    plain: scanned,
    kept: [...scanned, '--archive', 'kept'],
    again: [program, 'rescan', '--archive', 'year', '--output', 'json=again.json'],
    trend: [program, 'trend', 'year', '--output', 'json=trend.json'],
  });
  const cpu = (name: keyof typeof figures): string => times(figures[name].cpuMs / figures.plain.cpuMs);
  const memory = (name: keyof typeof figures): string =>
    times(figures[name].megabytes / figures.plain.megabytes);
  return {
    title: 'The archive',
    text: [
      `${days} daily scans of ${vaults.toLocaleString('en')} vaults, each of which names its owners and its access policies, were archived. Every day ` +
        `${changed} of them are other than the day before: a tag and the time of the last change, and with that purge protection, an access policy or the network rules. Disk is counted in blocks of ${blockBytes} bytes, ` +
        `as file systems do. The first scan takes ${significant(first / 2 ** 20)} MB, ${significant(perVault)} bytes a vault; the target counts each body that changed as much. ` +
        `Then commands on one such inventory and on that archive, in turns, the medians of ${runs} runs.`,
    ],
    head: ['figure', 'ratio', 'target'],
    rows: [
      [
        'disk of the year ÷ one full set and the changes',
        times(ratio),
        `${times(mostDisk)}: ${judged(ratio <= mostDisk)}`,
      ],
      ['disk of the year ÷ the first scan', times(total / first), ''],
      ['`scan --archive` ÷ `scan`, processor time', cpu('kept'), ''],
      ['`scan --archive` ÷ `scan`, peak memory', memory('kept'), ''],
      [`\`rescan\` of the last day ÷ \`scan\`, processor time`, cpu('again'), ''],
      [`\`trend\` of ${days} scans ÷ \`scan\` once, processor time`, cpu('trend'), ''],
    ],
  };
}

/** Archives a scan a day, by the program's own code; returns the disk that the first one and all of them take. */
async function archiveYear(name: string): Promise<{ readonly first: number; readonly total: number }> {
  const versions = Array.from({ length: vaults }, () => 0);
  const store = await openArchiveToAdd({ folder: name, cwd: folder });
  const rules = shippedRules.map((rule) => compileRule(rule, {}));
  const resources = versions.map((version, index) => resourceOf(index, version));
  let first = 0;
  for (let day = 0; day < days; day += 1) {
    if (day > 0)
      for (let nth = 0; nth < changed; nth += 1) {
        const index = hashOf(`${day} ${nth}`).readUInt32BE() % vaults;
        versions[index] = day;
        resources[index] = resourceOf(index, day);
      }
    const recording = beginRecording(rules);
    const report = await scan({
      tool: { name: 'purgeproof', version: '0.0.0' },
      rules,
      exemptions: [],
      ...recording.watch({ sources: [sourceOf(resources)] }),
      onEvent: recording.onEvent,
      now: () => new Date(Date.UTC(2025, 11, 1 + day, 2)),
      includeCompliant: false,
      signal: new AbortController().signal,
    });
    const { startedAt, complete } = report;
    const lines = recording.lines(report, { exemptions: [], cloud: 'AzureCloud' });
    await store.add({ startedAt, complete, series: 'bench' }, lines);
    if (day === 0) first = diskOf(name);
  }
  return { first, total: diskOf(name) };
}

function diskOf(name: string): number {
  return readdirSync(join(folder, name))
    .map((file) => Math.ceil(statSync(join(folder, name, file)).size / blockBytes) * blockBytes)
    .reduce((sum, bytes) => sum + bytes, 0);
}

function sourceOf(resources: readonly Resource[]): ResourceSource {
  return {
    name: 'live',
    types: typesReadBy('live'),
    async *read() {
      const scope = { subscriptions: [], managementGroups: [] };
      yield { kind: 'scope', scope, subscriptions: [] };
      yield { kind: 'resources', resources };
      const cost = { queries: 1, pages: 10, retries: 0, waitMs: 0 };
      yield { kind: 'coverage', coverage: { expectedFrom: 'visible', subscriptions: [], ...cost } };
    },
  };
}

function resourceOf(index: number, version: number): Resource {
  const resource = toResource(bodyOf(index, version));
  if (isRowProblem(resource)) throw new Error('a generated row is a row');
  return resource;
}

const generated = [...generatedVaults(vaults, 0.1)];

/** A vault as teams have them: with an owner, a cost centre, and principals of its own. */
function bodyOf(index: number, version: number): JsonObject {
  const body = generated[index];
  if (body === undefined) throw new Error('there are not so many vaults');
  const hash = hashOf(`${index} ${version}`);
  const own = guidOf(`principal ${index}`);
  const properties = {
    ...objectAt(body, 'properties'),
    accessPolicies: [
      accessPolicy(own, ['get', 'list']),
      accessPolicy(`other ${index} ${hash.readUInt8(0) % 3}`, ['get']),
    ],
    enablePurgeProtection: hash.readUInt8(1) % 10 > 0 ? true : null,
    networkAcls: {
      bypass: 'AzureServices',
      defaultAction: hash.readUInt8(2) % 4 > 0 ? 'Deny' : 'Allow',
      ipRules: [{ value: `203.0.113.${index % 256}/32` }],
      virtualNetworkRules: [],
    },
  };
  const systemData = {
    createdBy: guidOf(`creator ${index % 300}`),
    createdAt: new Date(1.6e12 + hashOf(String(index)).readUInt32BE()).toISOString(),
    lastModifiedBy: guidOf(`modifier ${hash.readUInt32BE() % 300}`),
    lastModifiedAt: new Date(1.7e12 + hash.readUInt32BE()).toISOString(),
  };
  const tags = {
    env: 'prod',
    owner: `team-${hash.readUInt8(3) % 200}`,
    costCentre: String(hashOf(`cost ${index}`).readUInt16BE()),
  };
  return { ...body, tags, systemData, properties };
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
