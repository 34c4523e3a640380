import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rulePage } from '../src/rules/rule-page.ts';
import { shippedRules } from '../src/files/shipped-rules.ts';

const root = join(import.meta.dirname, '..');

/** Every generated page of docs/rules by its path from the root: one a rule, and the index. */
export async function ruleDocs(): Promise<ReadonlyMap<string, string>> {
  const sorted = shippedRules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rows = sorted.map(
    ({ id, name, severity, title }) => `| [${id}](${id}.md) | ${name} | ${severity} | ${title} |`,
  );
  const index = [
    '# Rules',
    '',
    'Generated from `policies/` by `npm run generate`; the words are those of the rule files.',
    '',
    '| id | name | severity | what holds when it passes |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  const pages = sorted.map((rule) => [`docs/rules/${rule.id}.md`, rulePage(rule)] as const);
  return new Map([['docs/rules/README.md', index], ...pages]);
}

if (process.argv[1] === import.meta.filename) {
  rmSync(join(root, 'docs/rules'), { recursive: true, force: true });
  for (const [path, text] of await ruleDocs()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
