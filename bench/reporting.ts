import type { ScanReport } from '../src/model/report.ts';
import type * as Reporters from '../src/reporters/scan/formats.ts';
import type { ScanReportContext, ScanReportFormat } from '../src/reporters/scan/format.ts';
import type { Resource } from '../src/model/resource.ts';
import type { ResourceSource } from '../src/model/source.ts';
import type * as RuleHelp from '../src/rules/rule-help.ts';
import type * as Scan from '../src/usecases/scan.ts';
import { built } from './built.ts';
import { best, generatedResources, shippedRules } from './judging.ts';
import { type Section, significant, times } from './section.ts';

const vaults = 50_000;

/** What each format takes for a report of 100,000 findings. */
export async function reporting(): Promise<Section> {
  const rules = await shippedRules();
  const resources = await generatedResources(vaults, 1);
  const { scanReportFormats } = await built<typeof Reporters>('reporters/scan/formats');
  const { scan } = await built<typeof Scan>('usecases/scan');
  const { ruleHelp } = await built<typeof RuleHelp>('rules/rule-help');
  const judge = (): Promise<ScanReport> =>
    scan({
      tool: { name: 'purgeproof', version: '0.0.0' },
      rules,
      sources: [sourceOf(resources)],
      exemptions: [],
      now: () => new Date('2026-11-24T12:00:00Z'),
      includeCompliant: false,
      signal: new AbortController().signal,
    });
  const help = new Map(rules.map(({ rule }) => [rule.id, ruleHelp(rule)]));
  const context: ScanReportContext = {
    terminal: { color: false, width: 100 },
    codeScanning: { anchor: () => ({ file: 'infra/vaults.bicep', line: 1, column: 1 }) },
    ruleHelp: (id) => help.get(id) ?? { text: id, markdown: id },
  };
  let report = await judge();
  let judging = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const started = performance.now();
    report = await judge();
    judging = Math.min(judging, performance.now() - started);
  }
  const measure = ([name, format]: readonly [string, ScanReportFormat]): readonly string[] => {
    let bytes = 0;
    const ms = best(3, () => {
      bytes = 0;
      for (const text of format.render(report, context)) bytes += Buffer.byteLength(text);
    });
    return [`\`${name}\``, significant(bytes / 1e6), times(ms / judging)];
  };
  return {
    title: 'Reports',
    text: [
      `A report of ${report.findings.length.toLocaleString('en')} findings about ${vaults.toLocaleString('en')} vaults, rendered in each ` +
        'format. Time is that of rendering over that of the scan’s own work on the same vaults: judging, evidence, ' +
        'words, fingerprints, order. The table shows the 50 worst vaults, `sarif` at most 25,000 results; each counts ' +
        'what it leaves out.',
    ],
    head: ['format', 'size, MB', 'time ÷ judging'],
    rows: Object.entries(scanReportFormats).map(measure),
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
