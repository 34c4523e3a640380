import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { chromiumPath, startChromium } from '../scripts/chromium.ts';
import type * as Html from '../src/reporters/scan/html.ts';
import { built } from './built.ts';
import { scanToReport } from './reporting.ts';
import { folder } from './scanner.ts';
import { judged, type Section, significant, times } from './section.ts';

const title = 'Opening the HTML report';
const runs = 7;
const most = 3;

/** The time until a browser shows the first finding of a report of 100,000. */
export async function opening(): Promise<Section> {
  if (chromiumPath === '')
    return { title, text: ['Chromium is not installed where this was measured.'], head: [], rows: [] };
  const { judge, context } = await scanToReport();
  const { html } = await built<typeof Html>('reporters/scan/html');
  const report = await judge();
  const pages = {
    report: fileOf('report', [...html.render(report, context)].join('')),
    table: fileOf('table', plainTable()),
  };
  const browser = await startChromium();
  try {
    const measured: { readonly report: Opened; readonly table: Opened }[] = [];
    for (let run = 0; run < runs; run += 1)
      measured.push({ report: await open(browser, pages.report), table: await open(browser, pages.table) });
    const ratioOf = (figure: keyof Opened): number =>
      median(measured.map((pair) => pair.report[figure] / pair.table[figure]));
    const firstRow = ratioOf('firstRow');
    return {
      title,
      text: [
        `A report of ${report.findings.length.toLocaleString('en')} findings beside an empty page with a table of 1,000 rows, opened from the disk in ` +
          `headless Chromium ${browser.version()}, the medians of ${runs} runs in turns. The first row is there in the frame after it is in the ` +
          'page; with the whole page, it can be searched.',
      ],
      head: ['until', 'report ÷ table', 'target'],
      rows: [
        ['the first row', times(firstRow), `${most} × (${judged(firstRow <= most)})`],
        ['the whole page', times(ratioOf('whole')), ''],
      ],
    };
  } finally {
    await browser.close();
  }
}

/** Milliseconds since the navigation began. */
interface Opened {
  readonly firstRow: number;
  readonly whole: number;
}

/** Asks in each frame whether there is a row, and takes the time of the next. */
const watch = `const ask = () => document.querySelector('#list > tbody > tr')
  ? requestAnimationFrame(() => { globalThis.firstRow = performance.now(); })
  : requestAnimationFrame(ask);
requestAnimationFrame(ask);`;

async function open(browser: Browser, file: string): Promise<Opened> {
  const context = await browser.newContext();
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction('globalThis.firstRow !== undefined');
  const opened: Opened = await page.evaluate(
    '({ firstRow, whole: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd })',
  );
  await context.close();
  return opened;
}

function plainTable(): string {
  const rows = Array.from(
    { length: 1000 },
    (_, index) => `<tr><td>${significant(index)}</td><td>row</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Table</title><table id="list"><tbody>${rows.join('\n')}</tbody></table></html>`;
}

function fileOf(name: string, text: string): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, text);
  return file;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
