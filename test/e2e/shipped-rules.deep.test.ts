import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../scripts/bundle.ts';
import { shippedRuleFiles, shippedRules } from '../../src/files/shipped-rules.ts';
import { loadRules } from '../../src/rules/load/rules.ts';
import type * as RulePage from '../../src/rules/rule-page.ts';
import type * as ShippedRules from '../../src/files/shipped-rules.ts';
import { rulePage } from '../../src/rules/rule-page.ts';

let outdir: string;

beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'purgeproof-rules-'));
  const entryPoints = { rules: 'src/files/shipped-rules.ts', page: 'src/rules/rule-page.ts' };
  await bundle({ entryPoints, outdir, extension: '.mjs' });
});
afterAll(() => {
  rmSync(outdir, { recursive: true, force: true });
});

async function built<Module>(name: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
  return module;
}

test('the rules in the package are those of the files, to the last key and place', async () => {
  const fromPackage = (await built<typeof ShippedRules>('rules')).shippedRules;
  const fromFiles = loadRules(shippedRuleFiles(), { verifyBuiltIn: true }).rules;
  expect(fromFiles.length).toBeGreaterThanOrEqual(9);
  expect(fromPackage).toStrictEqual(fromFiles);
  expect(fromPackage).toStrictEqual(shippedRules);
  // In the same order of keys as well: reports and pages are written in it.
  expect(JSON.stringify(fromPackage)).toBe(JSON.stringify(fromFiles));
});

test('their pages are the same bytes', async () => {
  const fromPackage = (await built<typeof ShippedRules>('rules')).shippedRules;
  const page = (await built<typeof RulePage>('page')).rulePage;
  expect(fromPackage.map((rule) => page(rule))).toEqual(shippedRules.map((rule) => rulePage(rule)));
});
