import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import type { ScanReportContext } from '../../src/reporters/scan/format.ts';
import { html } from '../../src/reporters/scan/html.ts';
import { chromiumPath, startChromium } from '../../scripts/chromium.ts';
import { openPage } from './browser.ts';
import { hostileTexts } from './hostile.ts';
import { aFinding, aReport, aVault, defaultContext, subscriptions, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';
import { aTrend } from './trends.ts';

const context: ScanReportContext = {
  ...defaultContext,
  cloud: 'AzureCloud',
  commands: { plan: ['purgeproof plan --out plan.json'], rule: (id) => `purgeproof rules show ${id}` },
  trend: aTrend,
};

function pageOf(report: ScanReport): string {
  return textOf(html, report, context);
}

const places = Object.values(subscriptions);
const ruleIds = ['AKV002', 'AKV001', 'AKV007', 'AKV003'];

/** Findings of four rules on vaults of three subscriptions, `kv-00000` and on. */
function estate(amount: number): ScanReport {
  return aReport(
    Array.from({ length: amount }, (_, index) => {
      const { id } = places[index % places.length]!;
      const vault = aVault(`kv-${String(index).padStart(5, '0')}`, { subscriptionId: id });
      return aFinding(
        ruleIds[index % ruleIds.length]!,
        vault,
        index % 50 === 0 ? { compliance: 'unknown' } : {},
      );
    }),
  );
}

let browser: Browser;

describe.skipIf(chromiumPath === '')('in Chromium, where .ci/install-chromium could install it', () => {
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  const open = async (report: ScanReport, options?: Parameters<typeof openPage>[2]) =>
    openPage(browser, pageOf(report), options);
  const names = (page: Page): Promise<readonly string[]> =>
    page
      .locator('#list > tbody > tr > th')
      .evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent?.trim() ?? ''));
  // The page shows the choices anew in a task of its own after the form has been cleared.
  const hits = (page: Page): Promise<string> =>
    page.evaluate(
      'new Promise((resolve) => setTimeout(() => resolve(document.querySelector("#hits").textContent)))',
    );

  test.for(Object.entries(sharedReports))(
    '%s opens without an error and without a request',
    async ([, report]) => {
      const { page, problems } = await open(report);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('#list > tbody > tr').count()).toBe(Math.min(100, report.findings.length));
      expect(problems).toEqual([]);
      await page.context().close();
    },
  );

  test('hostile names are seen as they are, and do nothing', async () => {
    const { page, problems } = await open(sharedReports['hostile']!);
    const seen = await names(page);
    const legible = hostileTexts
      .map(([, text]) => text)
      .filter((text) => !/\p{C}|[\u2028\u2029\ufffe]|^$/u.test(text));
    for (const text of legible) expect(seen).toContain(text.replaceAll(/\s+/g, ' ').trim());
    await page.locator('#query').fill('<script>alert(1)</script>');
    expect(await hits(page)).toMatch(/^\d+ findings that match/);
    await page.locator('#query').fill('<img');
    for (const summary of await page.locator('#list summary').all()) await summary.click();
    expect(await page.evaluate('document.querySelectorAll("img, iframe, script").length')).toBe(1);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('search, choices and pages go through all of 10,000 findings', async () => {
    const { page, problems } = await open(estate(10_000));
    expect(await hits(page)).toBe('1 to 100 of 10,000 findings.');
    await page.getByLabel('Search').pressSequentially('KV-04321');
    expect([await hits(page), await names(page)]).toEqual([
      '1 finding that matches, of 10,000.',
      ['kv-04321'],
    ]);
    await page.keyboard.press('Escape');
    expect([await hits(page), await page.getByLabel('Search').inputValue()]).toEqual([
      '1 to 100 of 10,000 findings.',
      '',
    ]);
    await page.getByLabel('Search').fill('payments staging softdelete');
    expect(await hits(page)).toMatch(/of 10,000\.$/);
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await hits(page)).toBe('1 to 100 of 10,000 findings.');
    await page.locator('#filters').getByLabel('Severity').selectOption('critical');
    await page.locator('#filters').getByLabel('Subscription').selectOption('Platform');
    expect(await hits(page)).toBe('1 to 100 of 833 findings that match, of 10,000.');
    await page.locator('#filters').getByLabel('Verdict').selectOption('unknown');
    expect(await hits(page)).toBe('No finding matches, of 10,000.');
    await page.getByRole('button', { name: 'Clear' }).click();
    for (const [button, expected] of [
      ['Next', '101 to 200'],
      ['Last', '9,901 to 10,000'],
      ['Previous', '9,801 to 9,900'],
      ['First', '1 to 100'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click();
      expect(await hits(page)).toBe(`${expected} of 10,000 findings.`);
    }
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('columns sort by what they mean, from the keyboard as well', async () => {
    const { page } = await open(estate(10_000));
    const head = (name: string): Locator => page.locator('#list > thead').getByRole('columnheader', { name });
    const texts = (column: number): Promise<readonly string[]> =>
      page.locator(`#list > tbody > tr > td:nth-child(${column})`).allTextContents();
    expect((await texts(1)).at(0)).toBe('critical');
    await head('Severity').getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect([await head('Severity').getAttribute('aria-sort'), (await texts(1))[0]]).toEqual([
      'ascending',
      'critical',
    ]);
    await page.keyboard.press('Space');
    expect([await head('Severity').getAttribute('aria-sort'), (await texts(1))[0]]).toEqual([
      'descending',
      'low',
    ]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await head('Severity').getAttribute('aria-sort')).toBeNull();
    expect([await head('Resource').getAttribute('aria-sort'), (await names(page)).slice(0, 2)]).toEqual([
      'ascending',
      ['kv-00000', 'kv-00001'],
    ]);
    await page.keyboard.press('Enter');
    expect((await names(page))[0]).toBe('kv-09999');
    await head('Verdict').getByRole('button').click();
    expect((await texts(2))[0]).toBe('non-compliant');
    await head('Verdict').getByRole('button').click();
    expect((await texts(2))[0]).toBe('unknown');
    await page.context().close();
  });

  test('the keyboard reaches everything in the order of the page, and sees where it is', async () => {
    const { page } = await open(sharedReports['incomplete']!);
    const stops: string[] = [];
    for (let stop = 0; stop < 60; stop += 1) {
      await page.keyboard.press('Tab');
      const [what, outline] = await page.evaluate<readonly [string, string]>(`(() => {
        const at = document.activeElement;
        const shown = at.matches('[type=radio]') ? at.closest('label') : at;
        return [at.id || at.getAttribute('href') || at.getAttribute('aria-label') || at.tagName + ' ' + at.textContent.slice(0, 20), getComputedStyle(shown).outlineStyle];
      })()`);
      if (what.startsWith('BODY')) break;
      stops.push(what);
      expect([what, outline]).toEqual([what, expect.not.stringMatching('none')]);
    }
    const order = [
      '#findings',
      '#heat-map',
      'Not read: 2 gaps',
      'query',
      'BUTTON Clear',
      'BUTTON Severity',
      'SUMMARY enableSoftDelete',
    ];
    const found = order.map((name) => stops.findIndex((stop) => stop.startsWith(name)));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
    await page.context().close();
  });

  test('the theme is that of the system until one is chosen, without a script as well', async () => {
    for (const javaScriptEnabled of [true, false])
      for (const [colorScheme, expected] of [
        ['light', 'rgb(255, 255, 255)'],
        ['dark', 'rgb(20, 23, 28)'],
      ] as const) {
        const { page } = await open(sharedReports['mixed']!, { colorScheme, javaScriptEnabled });
        const paper = (): Promise<string> =>
          page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        expect(await paper()).toBe(expected);
        await page.getByLabel(colorScheme === 'light' ? 'Dark' : 'Light').check({ force: true });
        expect(await paper()).not.toBe(expected);
        await page.getByLabel('Auto').check({ force: true });
        expect(await paper()).toBe(expected);
        await page.context().close();
      }
  });

  test('without scripts every finding is there, and no control that does nothing', async () => {
    const { page, problems } = await open(estate(1000), { javaScriptEnabled: false });
    expect(await page.locator('.findings > tbody > tr').count()).toBe(1000);
    expect(await page.locator('#filters').isVisible()).toBe(false);
    const last = page.getByRole('rowheader', { name: 'kv-00999' });
    await last.scrollIntoViewIfNeeded();
    expect(await last.isVisible()).toBe(true);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('on paper all that matches is there, with its evidence, and no control', async () => {
    const { page } = await open(estate(1000));
    await page.locator('#filters').getByLabel('Severity').selectOption('critical');
    const rowsAfter = (event: string): Promise<number> =>
      page.evaluate(
        `dispatchEvent(new Event('${event}')); document.querySelectorAll('#list > tbody > tr').length`,
      );
    expect([await rowsAfter('beforeprint'), await rowsAfter('afterprint')]).toEqual([250, 100]);
    const pdf = await page.pdf();
    expect(pdf.length).toBeGreaterThan(10_000);
    expect(await page.locator('#list > tbody > tr').count()).toBe(100);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('#list .evidence').first().isVisible()).toBe(true);
    const [list, evidence] = await Promise.all(
      ['#list', '#list .evidence'].map(async (part) => page.locator(part).first().boundingBox()),
    );
    // In a column beside the others, a finding took most of a sheet.
    expect((evidence?.width ?? 0) / (list?.width ?? 1)).toBeGreaterThan(0.9);
    await page.context().close();
  });

  test.for([360, 768, 1200])('no report is wider than a window of %i pixels', async (width) => {
    const named = { ...sharedReports['mixed']! };
    const longNames = named.findings.map((finding) => ({
      ...finding,
      resource: { ...finding.resource, subscriptionId: crypto.randomUUID() },
    }));
    for (const report of [...Object.values(sharedReports), { ...named, findings: longNames }]) {
      const { page } = await open(report, { viewport: { width, height: 900 } });
      const [shown, all] = await page.evaluate<readonly [number, number]>(
        '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
      );
      expect(all).toBeLessThanOrEqual(shown);
      await page.context().close();
    }
  });

  test.for(['mixed', 'incomplete', 'baseline', 'clean', 'hostile', 'large'])(
    'axe finds nothing wrong with %s, in either theme',
    async (name) => {
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [400, 1280]) {
          const { page } = await open(sharedReports[name]!, {
            colorScheme,
            viewport: { width, height: 900 },
            before: axe.source,
          });
          for (const summary of (await page.locator('summary').all()).slice(0, 8)) await summary.click();
          const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
          const found = violations.map(
            ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
          );
          expect(found).toEqual([]);
          await page.context().close();
        }
    },
  );
});
