import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
/** The script shows as many as the reporter writes for where none runs. */
const rowsOnPage = 100;
const folder = 'src/reporters/scan/html';

/**
 * The style and the script of the HTML report as a module: a reporter is pure, and reads no file. The script is TypeScript
 * for a browser; the same sources give the same text.
 */
export async function pageAssets(): Promise<ReadonlyMap<string, string>> {
  const build = await rolldown({
    cwd: root,
    input: `${folder}/page/main.ts`,
    platform: 'browser',
    transform: { target: 'es2022', define: { ROWS_ON_PAGE: String(rowsOnPage) } },
    logLevel: 'warn',
  });
  const { output } = await build.generate({ format: 'iife', comments: false });
  await build.close();
  const script = output[0].code
    .replaceAll(/^\/\/#.*\n/gm, '')
    .replaceAll('\t', '  ')
    .trim();
  const style = readFileSync(join(root, folder, 'page/page.css'), 'utf8').replaceAll(/\/\*[^]*?\*\/\n?/g, '');
  // Either would end its element.
  if (/<\/(?:script|style)|<!--/i.test(script + style)) throw new Error('the page would end its own script');
  const module = [
    '// Written by npm run generate from page/: do not edit.',
    '',
    '/** The style sheet of the HTML report. */',
    `export const pageStyle = ${JSON.stringify(style.trim())};`,
    '',
    '/** The rows of findings that are shown at once. */',
    `export const rowsOnPage = ${rowsOnPage};`,
    '',
    '/** The script of the HTML report. */',
    `export const pageScript = ${JSON.stringify(script)};`,
    '',
  ];
  return new Map([[`${folder}/page-assets.ts`, module.join('\n')]]);
}

if (process.argv[1] === import.meta.filename)
  for (const [path, text] of await pageAssets()) writeFileSync(join(root, path), text);
