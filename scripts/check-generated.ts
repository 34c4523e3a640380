import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleDocs } from './generate-rule-docs.ts';
import { referencePages } from './generate-reference.ts';
import { manPages } from './generate-man.ts';
import { pageAssets } from './generate-page.ts';
import { picture } from './generate-picture.ts';
import { schemas } from './generate-schemas.ts';

const root = join(import.meta.dirname, '..');

/** Folders that hold generated files and nothing else. */
const generatedFolders = ['schemas', 'docs/rules', 'docs/images', 'man'];

/** The generated files that differ from what the generators write now, are missing, or are written no longer. */
async function staleFiles(): Promise<readonly string[]> {
  const expected = new Map([
    ...schemas(),
    ...(await ruleDocs()),
    ...(await referencePages()),
    ...(await manPages()),
    ...(await picture()),
    ...(await pageAssets()),
  ]);
  const stale = [...expected].filter(([path, text]) => contentOf(path) !== text).map(([path]) => path);
  const orphans = generatedFolders.flatMap(filesIn).filter((path) => !expected.has(path));
  return [...stale, ...orphans].toSorted();
}

function contentOf(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function filesIn(folder: string): readonly string[] {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : [];
}

const stale = await staleFiles();
for (const path of stale) process.stderr.write(`${path} is stale; run npm run generate\n`);
process.exitCode = stale.length === 0 ? 0 : 1;
