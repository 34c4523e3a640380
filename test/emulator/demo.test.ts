import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const demo = join(import.meta.dirname, '../../emulator/demo.ts');
const loader = import.meta.resolve('tsx');

test('the demonstration shows worst vaults, a gap, the result and a plan in fewer than 60 lines', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-demo-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const text = execFileSync(process.execPath, ['--import', loader, demo], { cwd, encoding: 'utf8' });
  expect(text.trimEnd().split('\n').length).toBeLessThan(60);
  expect(text.match(/^\S+ {2}\S+ · .* findings$/gm)).toHaveLength(3);
  expect(text).toContain('\nINCOMPLETE: 1 item could not be read\n  subscription prod-hr');
  expect(text).toMatch(/^Result {6}INCOMPLETE/m);
  expect(text).toContain('\n$ purgeproof plan\n');
  expect(text).toMatch(/^\d+ vaults {2}irreversible {2}closes AKV002/m);
  expect(text).toContain('Reports: purgeproof-report/report.json');
  expect(readdirSync(join(cwd, 'purgeproof-report')).toSorted()).toEqual([
    'purgeproof.sarif',
    'report.json',
    'summary.md',
  ]);
});
