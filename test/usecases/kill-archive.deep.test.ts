import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../e2e/build-program.ts';
import { vault } from '../cases/inventories.ts';

let program: string;
let home: string;
let bin: string;

beforeAll(() => {
  program = buildProgram();
  bin = join(program, 'dist/cli/bin.js');
  home = mkdtempSync(join(tmpdir(), 'purgeproof-kill-archive-'));
  // Enough of them that the file is written in several pieces.
  const vaults = Array.from({ length: 4000 }, (_, index) =>
    vault(`kv-${index}`, {}, { tags: { owner: `${Math.sin(index)}${Math.cos(index)}` } }),
  );
  writeFileSync(join(home, 'vaults.json'), JSON.stringify(vaults));
  writeFileSync(
    join(home, 'changed.json'),
    JSON.stringify([...vaults, vault('kv-new', { enablePurgeProtection: false })]),
  );
});
afterAll(() => {
  for (const folder of [program, home]) rmSync(folder, { recursive: true, force: true });
});

function start(argv: readonly string[]) {
  return spawn(process.execPath, [bin, ...argv, '--inventory-complete', '--quiet'], {
    cwd: home,
    stdio: 'pipe',
  });
}

async function run(argv: readonly string[]): Promise<{ readonly code: unknown; readonly stdout: string }> {
  const child = spawn(process.execPath, [bin, ...argv], { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code, stdout };
}

/** Runs a scan that is killed at the n-th thing that happens in the folder of its archive; false where it ended before. */
async function killedAt(moment: number, folder: string, inventory: string): Promise<boolean> {
  mkdirSync(join(home, folder), { recursive: true });
  const child = start(['scan', '--archive', folder, '--inventory', inventory]);
  let events = 0;
  const watcher = watch(join(home, folder), () => {
    events += 1;
    if (events === moment) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'exit');
  watcher.close();
  return signal === 'SIGKILL';
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(home, folder)).filter((name) => name.endsWith('.gz'));
}

describe('a scan that is killed while it is archived', () => {
  test('at any moment, leaves an archive that can be read and added to', async () => {
    expect((await run(['scan', '--archive', 'first', '--inventory', 'vaults.json'])).code).toBe(0);
    let [kills, drafts] = [0, 0];
    for (let moment = 1; moment <= 8; moment += 1) {
      const folder = `killed-${moment}`;
      cpSync(join(home, 'first'), join(home, folder), { recursive: true });
      const before = filesIn(folder);
      kills += Number(await killedAt(moment, folder, 'changed.json'));
      drafts += readdirSync(join(home, folder)).filter((name) => name.endsWith('.part')).length;
      const trend = await run(['trend', folder, '--output', 'json']);
      expect(trend.code).toBe(0);
      expect(JSON.parse(trend.stdout)).toMatchObject({ complete: true, unreadable: [] });
      expect(filesIn(folder)).toEqual(expect.arrayContaining([...before]));
      // The scan is repeated as if nothing had been.
      expect((await run(['scan', '--archive', folder, '--inventory', 'changed.json'])).code).toBe(1);
      const again = await run(['rescan', '--archive', folder, '--output', 'json']);
      expect(again.code).toBe(1);
      expect(JSON.parse(again.stdout).summary).toMatchObject({ resources: 4001 });
    }
    expect(kills).toBeGreaterThan(2);
    expect(drafts).toBeGreaterThan(0);
  });

  test('the first one, at every moment, leaves a folder in which the next can begin', async () => {
    let kills = 0;
    for (let moment = 1; moment <= 6; moment += 1) {
      const folder = `new-${moment}`;
      kills += Number(await killedAt(moment, folder, 'vaults.json'));
      expect((await run(['scan', '--archive', folder, '--inventory', 'vaults.json'])).code).toBe(0);
      expect((await run(['trend', folder])).code).toBe(0);
    }
    expect(kills).toBeGreaterThan(2);
  });

  test('a disk that is full costs the archive, and no report', async () => {
    const argv = ['scan', '--archive', 'full', '--inventory', 'vaults.json', '--output', 'json=report.json'];
    // No file may be larger than 100 KiB: the trial before the scan is not, and the archived scan would be.
    const shell = `ulimit -f 100; exec "${process.execPath}" "${bin}" ${argv.join(' ')} --inventory-complete`;
    const child = spawn('bash', ['-c', shell], { cwd: home, stdio: 'pipe' });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect(stderr).toContain('Cannot archive the scan in full: ');
    expect(code).toBe(2);
    expect(JSON.parse(readFileSync(join(home, 'report.json'), 'utf8'))).toMatchObject({ complete: true });
    expect(readdirSync(join(home, 'full'))).toEqual(['archive.json']);
  });

  test('two at once leave both', async () => {
    const two = [
      start(['scan', '--archive', 'two', '--inventory', 'vaults.json']),
      start(['scan', '--archive', 'two', '--inventory', 'changed.json']),
    ];
    const codes = await Promise.all(two.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 1]);
    expect(filesIn('two')).toHaveLength(2);
    expect(existsSync(join(home, 'two/archive.json'))).toBe(true);
    expect((await run(['trend', 'two'])).code).toBe(0);
  });
});
