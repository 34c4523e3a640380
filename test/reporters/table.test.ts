import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import { findingsToShow, type ScanReport } from '../../src/model/report.ts';
import type { Terminal } from '../../src/reporters/format.ts';
import type { ReportView, ScanReportContext } from '../../src/reporters/scan/format.ts';
import { table } from '../../src/reporters/scan/table.ts';
import { fit, wrap } from '../../src/reporters/terminal/wrap.ts';
import { terminalText } from '../../src/reporters/text/terminal.ts';
import { evidenceWords } from '../../src/reporters/words/values.ts';
import { guidOf } from '../../emulator/index.ts';
import { reportToCompare } from '../../src/history/compare.ts';
import { withBaseline } from '../../src/usecases/compare.ts';
import { aFinding, aReport, aVault, defaultContext, denied, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));
const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

test.for(reports)('the table of $name keeps within the terminal, from 40 columns on', ({ report }) => {
  for (const detail of details)
    for (const width of [40, 60, 80, 89, 90, 100, 120, 200])
      expect(tooWide(render(report, { width, detail }), width)).toEqual([]);
});

/** The lines that a terminal would break, but for those of commands and of words that fit on no line. */
function tooWide(text: string, width: number): readonly string[] {
  return text
    .split('\n')
    .filter((line) => stringWidth(line) > width && !line.startsWith('    purgeproof '))
    .filter((line) => line.trim().includes(' '))
    .filter((line) => !line.split(' ').some((word) => stringWidth(word) > width - 24));
}

test.for(reports)(
  'nothing in the table of $name is wrapped or left out where there is no terminal',
  ({ report }) => {
    const text = render(report, { width: Number.POSITIVE_INFINITY });
    for (const { evidence, resource, ruleId } of findingsToShow(report)) {
      const row = text.split('\n').filter((line) => line.includes(` ${ruleId} `));
      expect(text).toContain(terminalText(resource.name));
      for (const sentence of evidenceWords(evidence))
        expect(
          row.some((line) => line.includes(terminalText(sentence)) || /waiver|mitigated/.test(line)),
        ).toBe(true);
    }
    for (const { reason, hint } of report.unreadable.filter(({ reason }) => reason !== '')) {
      expect(text).toContain(`    ${terminalText(reason)}\n`);
      expect(text).toContain(`    What to do: ${terminalText(hint)}\n`);
    }
    expect(text).not.toContain('…');
  },
);

test('names, ids and paths are never broken', () => {
  const id = '0f9a2f52-7a5e-4b1e-9a4b-5d4f6c1a7e21';
  const long = `kv-${'a'.repeat(60)}`;
  const text = render(
    aReport([aFinding('AKV002', aVault(long))], {
      unreadable: [{ ...denied, reason: `See /subscriptions/${id}/resourceGroups/rg-with-a-long-name.` }],
    }),
    { width: 40 },
  );
  expect(text).toContain(long);
  expect(text).toContain(`/subscriptions/${id}/resourceGroups/rg-with-a-long-name.\n`);
});

test('a command stands on a line of its own, and nothing follows it', () => {
  const commands = {
    everything: `purgeproof scan ${'--rule AKV002 '.repeat(9)}--verbose`,
    plan: ['purgeproof plan --out plan.json'],
    rule: (id: string) => `purgeproof rules show ${id}`,
  };
  const lines = render(sharedReports['mixed']!, { width: 60, commands }).split('\n');
  for (const command of [commands.everything, ...commands.plan, 'purgeproof rules show AKV001'])
    expect(lines).toContain(`    ${command}`);
});

test.for(reports)('colours change nothing in the table of $name but colours', ({ report }) => {
  for (const width of [60, 100]) {
    const painted = render(report, { width, color: true });
    expect(painted).toMatch(ansi);
    expect(unpadded(painted.replaceAll(ansi, ''))).toBe(unpadded(render(report, { width })));
  }
});

test.for(reports)('every line of the painted table of $name ends unpainted', ({ report }) => {
  for (const line of render(report, { color: true }).split('\n')) {
    const codes = line.match(ansi) ?? [];
    const opening = codes.filter(
      (code) => /\[(?:[1-9]|3[0-7]|9[0-7])m/.test(code) && !/\[(?:22|39)m/.test(code),
    );
    expect(codes).toHaveLength(opening.length * 2);
  }
});

test('an incomplete scan never looks clean, even when nothing failed', () => {
  const text = render({ ...aReport([]), complete: false });
  expect(text).toContain('INCOMPLETE');
  expect(text).not.toMatch(/meet all/);
});

test('a scan that judged nothing does not say that all is well', () => {
  const nothing = aReport([], { summary: { compliant: 0, notApplicable: 60 } });
  expect(render(nothing)).toContain('nothing was checked');
  expect(render(sharedReports['empty']!)).toContain('No vaults or managed HSMs were found');
});

test('unknown verdicts without a finding are not called clean', () => {
  const text = render(aReport([], { summary: { unknown: 3 } }));
  expect(text).toContain('3 verdicts are unknown');
  expect(text).not.toMatch(/meet all/);
});

test('of many vaults a terminal lists the ten worst, and counts the others with what is wrong with them', () => {
  const large = sharedReports['large']!;
  const heads = (text: string) => text.match(/^kv-estate-/gm);
  expect(heads(render(large))).toHaveLength(10);
  expect(render(large)).toContain('… and 54 more vaults: 54 high, 12 medium\n');
  expect(heads(render(large, { detail: 'full' }))).toHaveLength(64);
  expect(heads(render(large, { width: Number.POSITIVE_INFINITY }))).toHaveLength(64);
  expect(render(large, { width: Number.POSITIVE_INFINITY, maxGroups: 50 })).toContain(
    '… and 14 more vaults: 14 high\n',
  );
});

test('of what is not listed, a managed HSM is not counted as a vault', () => {
  const findings = ['vaults', 'vaults', 'managedHSMs'].map((kind, index) =>
    aFinding('AKV002', aVault(`r${index}`, { id: `/${kind}/r${index}`, type: `Microsoft.KeyVault/${kind}` })),
  );
  expect(render(aReport(findings), { maxGroups: 1 })).toContain(
    '… and 1 more managed HSM and 1 more vault: ',
  );
});

test('a vault with more findings than there is room for says how many are listed', () => {
  const ids = ['AKV001', 'AKV002', 'AKV003', 'AKV007'];
  const names = Array.from({ length: 10 }, (_, index) => `kv-${index}`);
  const report = aReport(names.flatMap((name) => ids.map((id) => aFinding(id, aVault(name)))));
  const text = render(report);
  expect(text.match(/3 of 4 findings$/gm)).toHaveLength(6);
  expect(text.match(/2 of 4 findings$/gm)).toHaveLength(4);
  expect(render(aReport(report.findings.slice(0, 8)))).not.toContain(' of 4 findings');
});

test('findings are grouped by rule and by subscription, with the same rows', () => {
  const mixed = sharedReports['mixed']!;
  const byRule = render(mixed, { groupBy: 'rule' });
  expect(byRule).toMatch(/^AKV002 purge-protection {2}3 vaults · fix in place, irreversible$/m);
  expect(byRule).toMatch(/^ {2}high +kv-payments-prod +Payments Production +enablePurgeProtection is unset/m);
  expect(byRule).toMatch(/^ {2}unknown +kv-listed-only /m);
  const bySubscription = render(mixed, { groupBy: 'subscription' });
  expect(bySubscription).toMatch(/^Platform {2}1 vault · 1 low$/m);
  expect(bySubscription).toMatch(/^ {2}exempt +kv-sandbox +AKV002 purge-protection +waiver until/m);
});

test('a choice of severities hides findings, says how many, and changes no count', () => {
  const mixed = sharedReports['mixed']!;
  const text = render(mixed, { showSeverity: 'high' });
  expect(text).not.toMatch(/^ +(?:medium|low) /m);
  const hidden = mixed.findings.filter(({ severity }) => ['medium', 'low'].includes(severity)).length;
  expect(text).toContain(`Not listed: ${hidden} findings below high, by --show-severity.`);
  expect(text.slice(text.indexOf('Verdicts'))).toBe(render(mixed).slice(render(mixed).indexOf('Verdicts')));
});

const ordinary = reports.filter(({ name }) => name !== 'hostile');

test.for(ordinary)(
  'the summary of $name takes about ten lines, and ends with the same result',
  ({ report }) => {
    const text = render(report, { detail: 'summary' });
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
    const result = (whole: string) => whole.slice(whole.lastIndexOf('\nResult '));
    expect(result(text)).toBe(result(render(report)));
  },
);

test('gaps with one reason give it once, and no more names than a screen has room for', () => {
  const unreadable = Array.from({ length: 30 }, (_, index) => ({
    ...denied,
    scope: `sub-${index}`,
    hint: `Grant it on sub-${index}.`,
  }));
  const report = aReport([], { complete: false, unreadable });
  const text = render(report);
  expect(text.split(denied.reason)).toHaveLength(2);
  expect(text).toContain('INCOMPLETE: 30 items could not be read');
  expect(text).toContain('… and 20 more items for the same reason');
  expect(text).toContain('What to do, for the first: Grant it on sub-0.');
  for (const { scope } of unreadable)
    expect(render(report, { detail: 'full' })).toContain(`subscription ${scope}\n`);
});

test.for([
  ['one two three', 7, ['one two', 'three']],
  ['abcdefghij', 4, ['abcdefghij']],
  ['go abcdefghij on', 4, ['go', 'abcdefghij', 'on']],
  ['金庫 の 名前', 4, ['金庫', 'の', '名前']],
  ['👍🏽👍🏽 👍🏽', 4, ['👍🏽👍🏽', '👍🏽']],
  ['one two three', Number.POSITIVE_INFINITY, ['one two three']],
  ['', 4, ['']],
] as const)('%j in %i columns is %j', ([text, width, lines]) => {
  expect(wrap(text, width)).toStrictEqual(lines);
});

test.for([
  ['one two three', 13, 'one two three'],
  ['one two three', 12, 'one two …'],
  ['one two three', 8, 'one …'],
  ['seventeen', 8, '…'],
] as const)('%j in one line of %i columns is %j', ([text, width, line]) => {
  expect(fit(text, width)).toBe(line);
});

type Options = Partial<Terminal> & ReportView & Pick<ScanReportContext, 'commands'>;

const details = ['summary', 'lines', 'full'] as const;

function render(report: ScanReport, { width = 100, color = false, commands, ...view }: Options = {}): string {
  return textOf(table, report, {
    ...defaultContext,
    view,
    ...(commands === undefined ? {} : { commands }),
    terminal: { width, color },
  });
}

function unpadded(text: string): string {
  return text.replaceAll(/ +$/gm, '');
}

test.for([100, Number.POSITIVE_INFINITY])(
  'a summary for %d columns is short, however large the estate is',
  (width) => {
    const vaults = Array.from({ length: 5000 }, (_, index) => aVault(`kv-estate-${index}`));
    const unreadable = vaults.map(({ id }) => ({ ...denied, kind: 'resource' as const, scope: id }));
    const gone = vaults.map(({ name }, index) =>
      aFinding('AKV002', aVault(name, { subscriptionId: guidOf(`subscription-${index}`) })),
    );
    const today = aReport(
      vaults.map((vault) => aFinding('AKV002', vault)),
      { complete: false, unreadable },
    );
    const report = withBaseline(today, reportToCompare(aReport(gone), 'last-week.json'));
    const text = render(report, { width, detail: 'summary' });
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    expect(text.length).toBeLessThan(1500);
    expect(text).toContain('5,000');
  },
);
