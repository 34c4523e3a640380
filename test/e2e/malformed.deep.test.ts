import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  malformedBicep,
  malformedParameters,
  malformedPlans,
  malformedTemplates,
} from '../cli/malformed-cases.ts';
import { armVault } from '../cli/undeployed-cases.ts';
import { fixture, fixtureNames } from '../rules/load/fixtures.ts';
import { buildProgram } from './build-program.ts';

let folder: string;
let cwd: string;

beforeAll(() => {
  folder = buildProgram();
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof malformed-'));
});
afterAll(() => {
  for (const made of [folder, cwd]) rmSync(made, { recursive: true, force: true });
});

/** A file that is refused: its name and text, and the command that takes it. */
interface Refused {
  readonly file: string;
  readonly text: string | Uint8Array;
  readonly argv: readonly string[];
}

const scan = ['scan', '--no-config'];
const invalid = 'azure-policy/invalid';

const definitions = fixtureNames(invalid).map((name): readonly [string, Refused] => {
  const file = 'definition.json';
  const argv = [...scan, '--inventory', 'vaults.json', '--policies', file];
  return [name, { file, text: fixture(invalid, name).bytes, argv }];
});

const kinds: Readonly<Record<string, readonly (readonly [string, Refused])[]>> = {
  definitions,
  templates: malformedTemplates.map(([what, text]) => [
    what,
    { file: 'main.json', text, argv: [...scan, '--template', 'main.json'] },
  ]),
  'Bicep files': malformedBicep.map(([what, text]) => [
    what,
    { file: 'main.bicep', text, argv: [...scan, '--bicep', 'main.bicep'] },
  ]),
  plans: malformedPlans.map(([what, text]) => [
    what,
    { file: 'plan.json', text, argv: [...scan, '--terraform', 'plan.json'] },
  ]),
  'parameter files': malformedParameters.map(([file, text, words]) => [
    words,
    { file, text, argv: [...scan, '--template', 'vault.json', '--parameters', file] },
  ]),
};

test('there are enough of each kind', () => {
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, cases]) => [kind, cases.length]));
  expect(counts['definitions']).toBeGreaterThanOrEqual(15);
  expect(counts['templates']).toBeGreaterThanOrEqual(15);
  expect(counts['plans']).toBeGreaterThanOrEqual(15);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(60);
});

describe.for(Object.entries(kinds))('the built program refuses malformed %s', ([, cases]) => {
  test.for(cases)('%s', ([, { file, text, argv }]) => {
    writeFileSync(join(cwd, 'vaults.json'), '[]');
    writeFileSync(join(cwd, 'vault.json'), armVault({ enablePurgeProtection: true }));
    writeFileSync(join(cwd, file), text);
    const program = join(folder, 'dist/cli/bin.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
      cwd,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^${file.replace('.', '\\.')}:\\d+:\\d+ {2}\\S`, 'm'));
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$|bug in purgeproof/m);
  });
});
