import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import type { ScanReportContext } from '../../src/reporters/scan/format.ts';
import { html } from '../../src/reporters/scan/html.ts';
import { htmlText } from '../../src/reporters/text/html.ts';
import { actedUpon, hostileTexts } from './hostile.ts';
import { attribute, below, elementsOf, findingRows, type HtmlElement, named, textIn } from './html-page.ts';
import { aCoverage, aFinding, aReport, aVault, defaultContext, rules, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';
import { aTrend } from './trends.ts';

const context: ScanReportContext = {
  ...defaultContext,
  cloud: 'AzureCloud',
  commands: {
    plan: ['purgeproof plan --out plan.json'],
    rule: (id) => `purgeproof rules show ${id}`,
  },
  trend: aTrend,
};
const cases = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));

function pageOf(report: ScanReport, scripts = true): readonly HtmlElement[] {
  return elementsOf(textOf(html, report, context), { scripts });
}

function shown(report: ScanReport): string {
  const [main] = named(pageOf(report, false), 'main');
  return textIn(main!);
}

/** `n` findings, the first of them as they are listed. */
function manyFindings(amount: number): ScanReport {
  return aReport(
    Array.from({ length: amount }, (_, index) =>
      aFinding('AKV002', aVault(`kv-${String(index).padStart(6, '0')}`)),
    ),
  );
}

describe.for(cases)('the page of the report $name', ({ report }) => {
  const elements = pageOf(report);

  test('runs and applies what is in it alone, by its hash', () => {
    const policy = named(elements, 'meta').find((meta) => attribute(meta, 'http-equiv') !== undefined);
    const hashes = ['style', 'script'].map((name) => {
      const [one, ...others] = named(elements, name);
      expect([others, one!.attrs]).toEqual([[], []]);
      return `${name}-src 'sha256-${createHash('sha256').update(textIn(one!)).digest('base64')}'`;
    });
    expect(attribute(policy!, 'content')).toBe(
      `default-src 'none'; ${hashes.join('; ')}; base-uri 'none'; form-action 'none'`,
    );
    const before = elements.slice(0, elements.indexOf(policy!)).map(({ tagName }) => tagName);
    expect(before).toEqual(['html', 'head', 'meta', 'meta']);
  });

  test('loads nothing, and has neither handlers nor styles in attributes', () => {
    for (const scripts of [true, false]) {
      const all = pageOf(report, scripts);
      const loading =
        'audio base embed frame iframe img image link object picture source track video use'.split(' ');
      expect(all.filter(({ tagName }) => loading.includes(tagName))).toEqual([]);
      const attributes = new Set(all.flatMap(({ attrs }) => attrs.map(({ name }) => name)));
      expect(
        [...attributes].filter((name) =>
          /^on|^style$|^src|^srcdoc$|^action$|^formaction$|^data$|^background$|^ping$/.test(name),
        ),
      ).toEqual([]);
    }
  });

  test('links to https and to itself alone, and to what is there', () => {
    const all = pageOf(report, false);
    const ids = all.flatMap((one) => attribute(one, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of all.flatMap((one) => attribute(one, 'href') ?? []))
      expect(link.startsWith('https://') || ids.includes(link.slice(1))).toBe(true);
  });

  test('can be read without seeing it', () => {
    const [document] = elements;
    expect(attribute(document!, 'lang')).toBe('en');
    for (const name of ['main', 'h1', 'header']) expect(named(elements, name)).toHaveLength(1);
    for (const nav of named(elements, 'nav')) expect(attribute(nav, 'aria-label')).toBeDefined();
    for (const head of named(elements, 'th')) expect(attribute(head, 'scope')).toMatch(/^(?:col|row)$/);
    for (const table of named(elements, 'table').filter((one) => attribute(one, 'class') !== 'evidence'))
      expect(textIn(named(below(table), 'caption')[0]!)).not.toBe('');
    for (const drawing of named(elements, 'svg'))
      expect(attribute(drawing, 'aria-label') ?? attribute(drawing, 'aria-hidden')).toBeTruthy();
    for (const field of [...named(elements, 'input'), ...named(elements, 'select')])
      expect(named(elements, 'label').some((label) => below(label).includes(field))).toBe(true);
    const hits = elements.find((one) => attribute(one, 'id') === 'hits');
    expect(hits && attribute(hits, 'role')).toBe(report.findings.length > 0 ? 'status' : undefined);
  });

  test('has every finding with its evidence and its fix, with scripts and without', () => {
    const rows = findingRows(pageOf(report, false));
    expect(rows).toHaveLength(report.findings.length);
    const texts = rows.map(textIn);
    const page = textOf(html, report, context);
    for (const { evidence, ruleId } of report.findings) {
      const ofRule = texts.filter((text) => text.includes(ruleId));
      for (const { field } of evidence) expect(ofRule.some((text) => text.includes(field))).toBe(true);
    }
    expect(page.match(/^<tr class=/gm) ?? []).toHaveLength(report.findings.length);
  });

  test('begins with what is missing, and only where something is', () => {
    const [main] = named(elements, 'main');
    const [first] = below(main!);
    expect(attribute(first!, 'class')).toBe(report.complete ? 'overview' : 'warning');
    expect(textIn(first!).includes('nothing here may be taken as a pass')).toBe(!report.complete);
    for (const { reason } of report.unreadable) expect(textIn(first!)).toContain(visible(reason));
    expect(textIn(named(elements, 'title')[0]!).startsWith('INCOMPLETE: ')).toBe(!report.complete);
  });
});

/** Text as a page shows it: what cannot be seen as its escape. */
function visible(text: string): string {
  return textIn(
    elementsOf(`<p>${htmlText(text)}`, { scripts: true }).find(({ tagName }) => tagName === 'p')!,
  );
}

describe('hostile texts', () => {
  test.for(hostileTexts)('%s is text, in an attribute as well', ([, text]) => {
    const rendered = htmlText(text);
    expect(rendered).not.toMatch(actedUpon);
    expect(rendered).not.toMatch(/[<>"'`\n]/);
    const all = elementsOf(`<p title="${rendered}">${rendered}</p>`, { scripts: true });
    const [, , , paragraph, ...others] = all;
    expect([paragraph!.tagName, others]).toEqual(['p', []]);
    expect(attribute(paragraph!, 'title')).toBe(textIn(paragraph!));
  });

  test.for([
    ['<b>&amp;', '<b>&amp;'],
    ['::error::x', '::error::x'],
    ['##[error]x', '##[error]x'],
    ['kv-\u202egnp', 'kv-\\u202egnp'],
    ['a\ud83d', 'a\\ud83d'],
    ['one\ntwo', 'one\\ntwo'],
    ['x'.repeat(5000), `${'x'.repeat(4000)}… (1,000 more characters)`],
  ] as const)('%j is shown as %j', ([text, expected]) => {
    expect(visible(text)).toBe(expected);
  });

  test('make no element that other reports do not have', () => {
    const usual = new Set(
      cases
        .filter(({ name }) => name !== 'hostile')
        .flatMap(({ report }) => pageOf(report, false).map(({ tagName }) => tagName)),
    );
    const hostile = new Set(pageOf(sharedReports['hostile']!, false).map(({ tagName }) => tagName));
    expect([...hostile].filter((name) => !usual.has(name))).toEqual([]);
  });

  test('an address of a rule that is none of https is no link', () => {
    for (const helpUri of [
      'javascript:alert(1)',
      'http://x.example',
      'data:text/html,x',
      'https://x.example/"onclick="x',
    ]) {
      const page = pageOf(aReport([], { rules: [{ ...rules[0]!, helpUri }] }));
      expect(named(page, 'a').filter((link) => !attribute(link, 'href')!.startsWith('#'))).toEqual([]);
    }
  });
});

describe('many findings', () => {
  const report = manyFindings(1234);
  const text = textOf(html, report, context);

  test('are a table and one text for a browser that runs scripts, a line each', () => {
    const elements = elementsOf(text, { scripts: true });
    expect(findingRows(elements)).toHaveLength(100);
    const lines = named(elements, 'noscript').flatMap((chunk) => textIn(chunk).split('\n'));
    expect(lines.filter((line) => line.startsWith('<tr class='))).toHaveLength(1134);
  });

  test('are tables with heads of their own where no script runs', () => {
    const tables = named(elementsOf(text, { scripts: false }), 'table').filter(
      (table) => attribute(table, 'class') === 'findings',
    );
    expect(tables.map((table) => textIn(named(below(table), 'caption')[0]!))).toEqual([
      'Findings, with their evidence and fixes',
      'Findings 101 to 600',
      'Findings 601 to 1100',
      'Findings 1101 to 1234',
    ]);
  });

  test('come out in pieces', () => {
    const pieces = [...html.render(report, context)];
    expect(pieces.length).toBeGreaterThan(1234);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(50_000);
  });
});

describe('what the page says', () => {
  test('the verdicts add up, and nearly all is never all', () => {
    const report = aReport([aFinding('AKV002', aVault('kv-a'))], { summary: { compliant: 99_999 } });
    expect(shown(report)).toContain('99,999 compliant 99.9 %');
    expect(shown(report)).toContain('1 non-compliant below 0.1 %');
    expect(shown(aReport([]))).toContain('220 compliant 100 %');
  });

  test('an empty scan is no chart and no pass', () => {
    const empty = sharedReports['empty']!;
    expect(shown(empty)).toContain('nothing was checked');
    expect(named(pageOf(empty), 'svg').filter((one) => attribute(one, 'class') === 'bar')).toEqual([]);
  });

  test('exemptions have the days that are left of them, the next to end first', () => {
    const days = (expiresOn: string) =>
      aFinding('AKV002', aVault(`kv-${expiresOn}`), {
        compliance: 'exempt',
        exemption: { category: 'waiver', reason: `until ${expiresOn}`, expiresOn },
      });
    const report = aReport(['2027-03-01', '2026-11-23', '2026-12-01'].map(days));
    const section = pageOf(report).find((one) => attribute(one, 'id') === 'exemptions');
    const cells = named(below(section!), 'tr')
      .slice(1)
      .map((row) =>
        below(row)
          .filter(({ tagName }) => /^t[dh]$/.test(tagName))
          .slice(0, 2)
          .map(textIn),
      );
    expect(cells).toEqual([
      ['2026-11-23', 'today soon'],
      ['2026-12-01', '8 soon'],
      ['2027-03-01', '98'],
    ]);
  });

  test('exemptions that need a review are named, though they cover nothing', () => {
    const exemptionNotices = [
      { kind: 'withoutEffect', at: '/subscriptions/s/exemption', message: 'it covers <nothing>' } as const,
    ];
    expect(shown(aReport([], { exemptionNotices }))).toContain(
      '/subscriptions/s/exemptionIt covers <nothing>',
    );
  });

  test('a large estate folds away what is sound, and none of what is not', () => {
    const subscriptions = Array.from({ length: 500 }, (_, index) => ({
      id: `id-${index}`,
      name: `sub-${index}`,
      state: index < 40 ? ('denied' as const) : ('read' as const),
      expectedRows: 1,
      rows: index < 40 ? 0 : 1,
    }));
    const page = pageOf(aReport([], { complete: false, coverage: aCoverage({ subscriptions }) }));
    const section = page.find((one) => attribute(one, 'id') === 'coverage');
    const folded = named(below(section!), 'details');
    expect(folded.map((one) => named(below(one), 'tr').length)).toEqual([441]);
    expect(textIn(named(below(folded[0]!), 'summary')[0]!)).toBe('440 more subscriptions');
    expect(folded.map(textIn).join()).not.toContain('denied');
  });

  test('a rule has its fix, its command and its reference once', () => {
    const text = shown(sharedReports['mixed']!);
    expect(text.match(/purgeproof rules show AKV002/g)).toHaveLength(1);
    expect(text.match(/purgeproof plan --out plan\.json/g)).toHaveLength(1);
    expect(text).toContain('https://github.com/purgeproof/purgeproof/blob/main/docs/rules/AKV002.md');
    expect(text).toContain('CIS-Azure-6.0/8.3.5');
  });

  test('a finding names the parameters of its scope and the line of code, and a rule those of every scope', () => {
    const page = pageOf(sharedReports['tuned']!, false);
    const texts = findingRows(page).map(textIn);
    const of = (name: string, ruleId: string) =>
      texts.find((text) => text.includes(name) && text.includes(ruleId)) ?? '';
    expect(of('kv-prod-web', 'AKV003')).toContain('Judged with: minimumRetentionDays is 60');
    expect(of('kv-prod-web', 'AKV003')).toContain('Declared at: infra/main.bicep:12');
    expect(of('kv-other', 'AKV003')).toContain('Declared at: infra/main.bicep:31');
    expect(of('kv-other', 'AKV003')).not.toContain('Judged with:');
    const rule = textIn(page.find((one) => attribute(one, 'id') === 'rule-2')!);
    expect(rule).toContain('In some scopes');
    expect(rule).toContain('name kv-prod-* and tag env=prod: minimumRetentionDays is 60');
    expect(rule).toContain('management group sandboxes: minimumRetentionDays is 7');
    expect(textIn(page.find((one) => attribute(one, 'id') === 'rule-1')!)).not.toContain('In some scopes');
  });

  test('a finding says that it is new', () => {
    const states = findingRows(pageOf(sharedReports['baseline']!)).map((row) =>
      textIn(below(row).filter(({ tagName }) => tagName === 'td')[1]!),
    );
    expect(states).toContain('non-compliant · new');
    expect(states).toContain('non-compliant · changed');
    expect(shown(sharedReports['baseline']!)).toContain('Gone since the baseline');
  });

  test('the trend names the archived scans that are not in it', () => {
    const reason = 'audit/<x>.gz is damaged: its name was made from other bytes than it holds.';
    const trend = { ...aTrend, unreadable: [{ file: '<x>.gz', reason }] };
    const page = elementsOf(textOf(html, sharedReports['mixed']!, { ...context, trend }), { scripts: true });
    const section = page.find((one) => attribute(one, 'id') === 'trend');
    expect(textIn(section!)).toContain('Archived scans that could not be read');
    expect(textIn(section!)).toContain(reason);
  });

  test('the trend is drawn where the scan is archived', () => {
    const section = pageOf(sharedReports['mixed']!).find((one) => attribute(one, 'id') === 'trend');
    const lines = named(below(section!), 'polyline').map((line) => attribute(line, 'points'));
    expect(lines).toEqual([
      '0,120 500,180 1000,240',
      '0,0 500,60 1000,120',
      '0,240 500,240 1000,180',
      '0,240 500,240 1000,240',
    ]);
    expect(textIn(section!)).toContain('3 findings were repaired, after 6 days on average.');
    expect(
      elementsOf(textOf(html, sharedReports['mixed']!), { scripts: true }).filter(
        (one) => attribute(one, 'id') === 'trend',
      ),
    ).toEqual([]);
  });
});
