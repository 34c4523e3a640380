import type { ScanReport } from '../src/model/report.ts';
import type * as Reporters from '../src/reporters/scan/formats.ts';
import type { ScanReportContext } from '../src/reporters/scan/format.ts';
import type { Resource } from '../src/model/resource.ts';
import type { ResourceSource } from '../src/model/source.ts';
import type * as RuleHelp from '../src/rules/rule-help.ts';
import type * as Scan from '../src/usecases/scan.ts';
import { built } from './built.ts';
import { best, generatedResources, shippedRules } from './judging.ts';
import { judged, type Section, significant, times } from './section.ts';

const vaults = 50_000;

/** What each format takes for a report of 100,000 findings. */
export async function reporting(): Promise<Section> {
  const { judge, context } = await scanToReport();
  const { scanReportFormats } = await built<typeof Reporters>('reporters/scan/formats');
  let report = await judge();
  let judging = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const started = performance.now();
    report = await judge();
    judging = Math.min(judging, performance.now() - started);
  }
  const measured: Measured[] = [];
  for (const [name, load] of Object.entries(scanReportFormats)) {
    const format = await load();
    let bytes = 0;
    const ms = best(3, () => {
      bytes = 0;
      for (const text of format.render(report, context)) bytes += Buffer.byteLength(text);
    });
    measured.push({ name, bytes, ms });
  }
  const json = measured.find(({ name }) => name === 'json');
  return {
    title: 'Reports',
    text: [
      `A report of ${report.findings.length.toLocaleString('en')} findings about ${vaults.toLocaleString('en')} vaults, rendered in each ` +
        'format. Time is that of rendering over that of the scan’s own work on the same vaults: judging, evidence, ' +
        'words, fingerprints, order. The table shows the 50 worst vaults, `sarif` at most 25,000 results; each counts ' +
        `what it leaves out. The page of \`html\` has at most ${mostOfJson.bytes} × the size of \`json\` and takes at most ${mostOfJson.ms} × its time: ` +
        `${judged(isWithin(measured, json))}.`,
    ],
    head: ['format', 'size, MB', 'size ÷ `json`', 'time ÷ judging', 'time ÷ `json`'],
    rows: measured.map(({ name, bytes, ms }) => [
      `\`${name}\``,
      significant(bytes / 1e6),
      times(bytes / (json?.bytes ?? 0)),
      times(ms / judging),
      times(ms / (json?.ms ?? 0)),
    ]),
  };
}

interface Measured {
  readonly name: string;
  readonly bytes: number;
  readonly ms: number;
}

/** The most that the page may have and take of what JSON does. */
const mostOfJson = { bytes: 1.5, ms: 2 };

function isWithin(measured: readonly Measured[], json: Measured | undefined): boolean {
  const html = measured.find(({ name }) => name === 'html');
  if (html === undefined || json === undefined) throw new Error('neither of the two may be missing');
  return html.bytes <= mostOfJson.bytes * json.bytes && html.ms <= mostOfJson.ms * json.ms;
}

/** A scan that makes a report of 100,000 findings whenever it is run, and what its documents are made with. */
export async function scanToReport(): Promise<{
  readonly judge: () => Promise<ScanReport>;
  readonly context: ScanReportContext;
}> {
  const rules = await shippedRules();
  const resources = await generatedResources(vaults, 1);
  const { scan } = await built<typeof Scan>('usecases/scan');
  const { ruleHelp } = await built<typeof RuleHelp>('rules/rule-help');
  const help = new Map(rules.map(({ rule }) => [rule.id, ruleHelp(rule)]));
  return {
    judge: () =>
      scan({
        tool: { name: 'purgeproof', version: '0.0.0' },
        rules,
        sources: [sourceOf(resources)],
        exemptions: [],
        now: () => new Date('2026-11-24T12:00:00Z'),
        includeCompliant: false,
        signal: new AbortController().signal,
      }),
    context: {
      terminal: { color: false, width: 100 },
      codeScanning: { anchor: () => ({ file: 'infra/vaults.bicep', line: 1, column: 1 }) },
      ruleHelp: (id) => help.get(id) ?? { text: id, markdown: id },
    },
  };
}

function sourceOf(resources: readonly Resource[]): ResourceSource {
  const subscriptions = new Set(resources.map(({ subscriptionId }) => subscriptionId));
  return {
    name: 'inventory',
    types: [...new Set(resources.map(({ type }) => type))],
    async *read() {
      yield { kind: 'scope', scope: { subscriptions: [], managementGroups: [] }, subscriptions: [] };
      yield { kind: 'resources', resources };
      yield {
        kind: 'coverage',
        coverage: {
          expectedFrom: 'visible',
          subscriptions: Array.from(subscriptions, (id) => {
            return { id, name: id, state: 'read', expectedRows: 500, rows: 500 };
          }),
          queries: 0,
          pages: 0,
          retries: 0,
          waitMs: 0,
        },
      };
    },
  };
}
