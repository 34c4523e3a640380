import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** What a page must not do, as it happens: errors, warnings, and requests besides that for the page itself. */
interface OpenedPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens a text as a file in a window of its own. */
export async function openPage(
  browser: Browser,
  text: string,
  options: BrowserContextOptions & { readonly before?: string } = {},
): Promise<OpenedPage> {
  const { before, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-page-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, text);
  const context = await browser.newContext(rest);
  if (before !== undefined) await context.addInitScript(before);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const { href } = pathToFileURL(file);
  page.on('request', (request) => {
    if (request.url() !== href) problems.push(`request: ${request.url()}`);
  });
  await page.goto(href);
  rmSync(folder, { recursive: true });
  return { page, problems };
}
