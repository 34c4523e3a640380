import { describe, expect, test } from 'vitest';
import { compareReports, reportToCompare } from '../../src/history/compare.ts';
import type { ReportComparison } from '../../src/model/comparison.ts';
import type { ReportRule, ScanReport } from '../../src/model/report.ts';
import { comparisonFormats } from '../../src/reporters/diff/formats.ts';
import type { ComparisonContext, ComparisonFormat } from '../../src/reporters/diff/format.ts';
import { actedUpon, commands, hostileTexts } from './hostile.ts';
import { aFinding, aReport, aVault, rules } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const context: ComparisonContext = {
  terminal: { color: false, width: 100 },
  whole: true,
  commands: {
    plan: 'purgeproof plan --from new.json --out plan.json',
    rule: (id) => `purgeproof rules show ${id}`,
    everything: 'purgeproof diff old.json new.json --verbose',
  },
};

function compare(older: ScanReport, newer: ScanReport, names = ['old.json', 'new.json']): ReportComparison {
  return compareReports(reportToCompare(older, names[0]!), reportToCompare(newer, names[1]!));
}

function textOf(format: ComparisonFormat, comparison: ReportComparison, width = 100): string {
  const shown = { ...context, terminal: { color: false, width } };
  return [...format.render(comparison, shown)].join('');
}

const mixed = sharedReports['mixed']!;
const vault = aVault('kv-sandbox');

function tunedTo(minimumRetentionDays: number, rule: ReportRule): ReportRule {
  return rule.id === 'AKV003' ? { ...rule, parameters: { minimumRetentionDays } } : rule;
}

/** Something of everything that a comparison may tell. */
const changed = compare(
  mixed,
  aReport(
    [
      ...mixed.findings.filter(({ ruleId }) => ruleId === 'AKV007'),
      aFinding('AKV002', vault),
      aFinding('AKV002', aVault('kv-payments-prod'), { severity: 'medium' }),
      aFinding('AKV001', aVault('kv-new')),
    ],
    {
      finishedAt: '2026-11-24T09:00:00.000Z',
      rules: rules.filter(({ id }) => id !== 'AKV101').map((rule) => tunedTo(7, rule)),
    },
  ),
);

const hostile = compare(
  sharedReports['hostile']!,
  aReport(
    hostileTexts.map(([, text]) => ({ ...aFinding('AKV001', aVault(text)), ruleName: text })),
    {
      scope: {
        subscriptions: hostileTexts.map(([, name], index) => ({ id: `id-${index}`, name })),
        managementGroups: [],
        filter: { vaults: hostileTexts.map(([, text]) => text) },
      },
    },
  ),
  hostileTexts.slice(0, 2).map(([, text]) => text),
);

const comparisons: Readonly<Record<string, ReportComparison>> = {
  changed,
  hostile,
  same: compare(mixed, mixed),
  incomplete: compare(mixed, sharedReports['incomplete']!),
};

test.for(['table', 'markdown'] as const)(
  '%s says that what an inventory leaves out counts as gone',
  (format) => {
    const scope = { subscriptions: [], managementGroups: [], inventory: 'vaults.json' };
    const before = { ...mixed, scope: { ...mixed.scope, inventory: 'vaults.json' } };
    const text = textOf(comparisonFormats[format], compare(before, aReport([], { scope })), 500);
    expect(text).toContain('is about the inventory');
    const other = textOf(comparisonFormats[format], compare(mixed, aReport([], { scope })), 500);
    expect(other).toContain('may have left the resource out');
    expect(other).not.toContain('is about the inventory');
    expect(textOf(comparisonFormats[format], compare(mixed, aReport([])), 500)).not.toContain('inventory');
  },
);

const waiver = { category: 'waiver', reason: 'Accepted.' } as const;

test.for<[string, ScanReport, string]>([
  ['a failure', aReport([aFinding('AKV002', vault)]), '> [!WARNING]'],
  [
    'something that is exempt',
    aReport([aFinding('AKV002', vault, { compliance: 'exempt', exemption: waiver })]),
    '> [!NOTE]',
  ],
])('of new findings, Markdown warns of what the exit code is 1 for: %s', ([, newer, alert]) => {
  expect(textOf(comparisonFormats.markdown, compare(aReport([]), newer))).toContain(alert);
});

describe('a terminal offers the whole comparison', () => {
  const { render } = comparisonFormats.table;
  const failures = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => aFinding('AKV002', aVault(`kv-${from + index}`)));
  const known = failures(0, 30);
  const lowered = known.map((finding) => ({ ...finding, severity: 'low' as const }));

  test.for<[string, ReportComparison, boolean]>([
    ['where much is gone', compare(aReport(known), aReport([])), true],
    ['where much became better', compare(aReport(known), aReport(lowered)), true],
    [
      'not where every section is shown in full',
      compare(aReport(lowered.slice(0, 15)), aReport([...known.slice(0, 15), ...failures(30, 45)])),
      false,
    ],
  ])('%s', ([, comparison, isOffered]) => {
    const text = [...render(comparison, { ...context, whole: false })].join('');
    expect(text.includes(context.commands.everything)).toBe(isOffered);
    expect(text.includes('… and ')).toBe(isOffered);
  });
});

describe('every format shows every comparison as its golden file', () => {
  test.for(
    Object.entries(comparisonFormats).flatMap(([format, reporter]) =>
      Object.entries(comparisons).map(([name, comparison]) => ({ format, reporter, name, comparison })),
    ),
  )('$format of $name', async ({ format, reporter, name, comparison }) => {
    await expect(textOf(reporter, comparison)).toMatchFileSnapshot(
      `golden/diff-${name}.${format}.${reporter.extension}`,
    );
  });
});

describe.for(Object.entries(comparisonFormats))('hostile text in %s', ([, reporter]) => {
  test('is neutral for a terminal and a build log, at any width', () => {
    for (const width of [40, 41, 59, 80, 97, 120, Number.POSITIVE_INFINITY]) {
      const text = textOf(reporter, hostile, width);
      expect(text).not.toMatch(actedUpon);
      expect(text).not.toMatch(commands);
    }
  });
});

test('rows of Markdown have as many cells as their head', () => {
  const lines = textOf(comparisonFormats.markdown, hostile).split('\n');
  const cells = lines.map((line) => (line.startsWith('|') ? line.split('|').length : 0));
  const torn = cells.filter(
    (amount, row) => amount > 0 && (cells[row - 1] ?? 0) > 0 && amount !== cells[row - 1],
  );
  expect(torn).toEqual([]);
  expect(lines.join('\n')).not.toMatch(/<(?!\/?code>)/);
});

test('Markdown above 1 MiB is cut, and a sentence counts what was left out', () => {
  const many = Array.from({ length: 9000 }, (_, index) => aFinding('AKV002', aVault(`kv-${index}`)));
  const text = textOf(comparisonFormats.markdown, compare(aReport([]), aReport(many)));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
  const shown = text.split('\n').filter((line) => /^\| .*<code>kv-\d+<\/code>/.test(line)).length;
  const [, leftOut] = /Left out here: ([\d,]+) findings\. The JSON has everything\.\n$/.exec(text) ?? [];
  expect(shown).toBeGreaterThan(1000);
  expect(shown + Number(leftOut?.replaceAll(',', ''))).toBe(many.length);
});

test('JSON keeps every value as it was', () => {
  const { new: added } = JSON.parse(textOf(comparisonFormats.json, hostile));
  const { gone, notCompared } = JSON.parse(textOf(comparisonFormats.json, hostile));
  const names = [
    ...added,
    ...gone,
    ...notCompared.map((one: { readonly finding: object }) => one.finding),
  ].map((finding: { readonly resource: { readonly name: string } }) => finding.resource.name);
  expect(names).toEqual(expect.arrayContaining(hostileTexts.map(([, text]) => text)));
});
