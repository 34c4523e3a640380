import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { configurationTables } from './reference/configuration-tables.ts';
import { dependantTables } from './reference/dependant-tables.ts';
import { permissionTables } from './reference/permission-tables.ts';
import { frameworkTables } from './reference/framework-tables.ts';
import { graphTables } from './reference/resource-graph-tables.ts';
import { ruleTables } from './reference/rule-tables.ts';

const root = join(import.meta.dirname, '..');

/**
 * The pages of which the prose is written by hand: the tables are made from schemas, operators and fields, and versions
 * are those of the package.
 */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/writing-rules.md', withTables('docs/writing-rules.md', ruleTables())],
    ['docs/configuration.md', withTables('docs/configuration.md', configurationTables())],
    ['docs/frameworks.md', withTables('docs/frameworks.md', frameworkTables())],
    ['docs/recovery.md', withTables('docs/recovery.md', dependantTables())],
    ['docs/permissions.md', withTables('docs/permissions.md', permissionTables())],
    ['docs/resource-graph-queries.md', withTables('docs/resource-graph-queries.md', await graphTables())],
    ['docs/github-action.md', withVersion('docs/github-action.md')],
  ]);
}

/** Puts each table between the two comments that name its place; a table without a place is a mistake. */
function withTables(path: string, tables: ReadonlyMap<string, string>): string {
  let page = readFileSync(join(root, path), 'utf8');
  for (const [name, table] of tables) {
    const begin = `<!-- table: ${name} -->\n`;
    const from = page.indexOf(begin);
    const to = page.indexOf('<!-- end -->', from);
    if (from === -1 || to === -1) throw new Error(`${path} has no place for the table of ${name}`);
    page = `${page.slice(0, from)}${begin}\n${table}\n\n${page.slice(to)}`;
  }
  return page;
}

/** A workflow that runs the package names it by version. */
function withVersion(path: string): string {
  const page = readFileSync(join(root, path), 'utf8');
  return page.replaceAll(/(npx --yes purgeproof@)\d+\.\d+\.\d+\S*/g, `$1${packageJson.version}`);
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of await referencePages()) writeFileSync(join(root, path), text);
}
