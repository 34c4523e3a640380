import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  malformedBicep,
  malformedParameters,
  malformedPlans,
  malformedTemplates,
} from './malformed-cases.ts';
import { armVault } from './undeployed-cases.ts';
import { run } from './run.ts';

const tables = [
  ['--template', 'main.json', malformedTemplates],
  ['--bicep', 'main.bicep', malformedBicep],
  ['--terraform', 'plan.json', malformedPlans],
] as const;

describe.for(tables)('%s refuses, with the place', ([flag, file, cases]) => {
  test.for(cases)('%s', async ([, text, at, words]) => {
    const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-malformed-'));
    writeFileSync(join(cwd, file), text);
    const { code, stdout, stderr } = await run(['scan', flag, file, '--no-config'], { cwd });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(new RegExp(`^${file}:${at === '' ? '\\d+:\\d+' : at}  `, 'm'));
    expect([code, stdout]).toEqual([2, '']);
  });
});

test.for(malformedParameters)('a parameter file that is none: %s %s', async ([file, text, words]) => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-malformed-'));
  writeFileSync(join(cwd, 'main.json'), armVault({ enablePurgeProtection: true }));
  writeFileSync(join(cwd, file), text);
  const argv = ['scan', '--template', 'main.json', '--parameters', file, '--no-config'];
  const { code, stdout, stderr } = await run(argv, { cwd });
  expect(stderr).toContain(words);
  expect(stderr).toMatch(new RegExp(`^${file}:1:\\d+  `, 'm'));
  expect([code, stdout]).toEqual([2, '']);
});
