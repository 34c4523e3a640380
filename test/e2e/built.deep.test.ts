import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoTenant, type Emulator, emulator, startTlsProxy, type TlsProxy } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import { readReport } from '../cli/run.ts';
import { holdRequests, waitUntil } from '../held-requests.ts';
import { deletedVault, subscriptionId } from '../usecases/recycle-bin-estate.ts';
import { vault } from '../cases/inventories.ts';
import { buildProgram } from './build-program.ts';

let folder: string;
let bin: string;
let azure: Emulator;
let proxy: TlsProxy;
let home: string;

beforeAll(() => {
  folder = buildProgram();
  bin = join(folder, 'dist/cli/bin.js');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  azure = emulator(demoTenant(), { quota: 'unlimited' });
  proxy = await startTlsProxy(azure);
  home = mkdtempSync(join(tmpdir(), 'purgeproof-home-'));
});
afterEach(async () => {
  await proxy.close();
  rmSync(home, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program in an empty folder with nothing but the way to the emulator in its environment. */
function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [bin, ...argv], {
    cwd: home,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      HTTPS_PROXY: proxy.proxyUrl,
      NODE_EXTRA_CA_CERTS: proxy.caFile,
      AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
      ...env,
    },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
  return { child, ended };
}

const signedIn = {
  AZURE_TENANT_ID: demoTenant().tenantId,
  AZURE_CLIENT_ID: defaultPrincipal.clientId,
  AZURE_CLIENT_SECRET: defaultPrincipal.clientSecret,
};

describe('the built program, with no seam between it and Azure', () => {
  test('signs in, scans, writes its reports and returns 3 for the subscription that is denied', async () => {
    const files = ['--output', 'json=out/report.json', '--output', 'sarif=out/kv.sarif', '--output', 'table'];
    const { code, stdout, stderr } = await start(['scan', ...files], signedIn).ended;
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(
        /^INCOMPLETE: [^\n]+\nWrote out\/report\.json, out\/kv\.sarif\.\nExit 3: [^\n]+\n$/,
      ),
    });
    expect(stdout).toContain('INCOMPLETE');
    const report = readReport(readFileSync(join(home, 'out/report.json'), 'utf8'));
    expect(report).toMatchObject({ complete: false, scope: { managementGroups: [] } });
    expect(report.unreadable).toMatchObject([{ kind: 'subscription' }]);
    const sarif = JSON.parse(readFileSync(join(home, 'out/kv.sarif'), 'utf8'));
    expect(sarif.runs[0].invocations[0].executionSuccessful).toBe(false);
  });

  test('signed out, it exits 2 and says how to sign in', async () => {
    const { code, stdout, stderr } = await start(['scan']).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('az login');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('with a wrong secret, it exits 2 and says what is wrong', async () => {
    const { code, stderr } = await start(['scan'], { ...signedIn, AZURE_CLIENT_SECRET: 'wrong' }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('AZURE_CLIENT_SECRET');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.for(['--debug', '--debug=full'])('shows no token in the log of %s', async (flag) => {
    const { code, stderr } = await start(['scan', flag, '--output', 'json'], signedIn).ended;
    expect(code).toBe(3);
    expect(stderr).toContain('Microsoft.ResourceGraph');
    // The sign-in is a request, too.
    expect(stderr).toContain('/oauth2/v2.0/token');
    expect(stderr).not.toMatch(/eyJ[\w-]{10,}/);
    expect(stderr).not.toContain(defaultPrincipal.clientSecret);
  });

  test('told to stop while it reads, it reports what it has as incomplete', async () => {
    const held = holdRequests(azure, { path: /resources$/ });
    const { child, ended } = start(['scan', '--output', 'json'], signedIn);
    await held.reached(ended);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    held.release();
    expect(code).toBe(3);
    expect(readReport(stdout)).toMatchObject({ complete: false });
    expect(readReport(stdout).unreadable).toContainEqual(expect.objectContaining({ kind: 'interrupted' }));
  });
});

describe('the built program at the edges of its process', () => {
  test('told to stop while it waits for standard input, it reports that it was interrupted', async () => {
    const { child, ended } = start(['scan', '--inventory', '-', '--output', 'json']);
    // More than the pipe holds: once it is taken, the program is reading.
    await new Promise((resolve) => child.stdin.write(' '.repeat(4_000_000), resolve));
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(3);
    expect(readReport(stdout).unreadable).toMatchObject([{ kind: 'interrupted' }]);
  });

  test('told to stop while rows come from standard input, it reports those that have come', async () => {
    const { child, ended } = start(['scan', '--inventory', '-', '--output', 'json']);
    const rows = Array.from({ length: 2000 }, (_, index) => JSON.stringify(vault(`kv-${index}`)));
    await new Promise((resolve) => child.stdin.write(`[${rows.join(',')},`, resolve));
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(3);
    expect(readReport(stdout).unreadable).toMatchObject([{ kind: 'interrupted' }]);
    expect(readReport(stdout).summary.resources).toBeGreaterThan(0);
  });

  test('an error that nobody catches ends it as incomplete, not as a scan with findings', async () => {
    // Thrown as soon as the program has begun to watch over its end.
    const stray = `process.on('newListener', (name) => name === 'exit' && setImmediate(() => { throw new Error('stray'); }))`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stray)}` };
    const { code, stdout, stderr } = await start(['scan', '--inventory', '-'], env).ended;
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('Error: stray');
  });

  test('a file that is missing from the installation is no finding', () => {
    const broken = mkdtempSync(join(home, 'broken-'));
    cpSync(folder, broken, { recursive: true });
    const cli = join(broken, 'dist/cli');
    for (const name of readdirSync(cli)) if (name.startsWith('main-')) rmSync(join(cli, name));
    const { status, stderr } = spawnSync(process.execPath, [join(cli, 'bin.js'), 'scan'], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: The program could not start: .*main-.*\nInstall it again\.\n$/);
  });

  test.skipIf(process.platform === 'win32')('a folder that is gone is told, without a stack', () => {
    const command = `mkdir gone && cd gone && rmdir ../gone && "${process.execPath}" "${bin}" scan --inventory x.json`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: home, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: The current folder no longer exists.\nChange to another one, then try again.\n',
    });
  });

  test.skipIf(process.platform === 'win32')(
    'a long report goes through a pipe, with nothing said of it',
    () => {
      const lax = { enablePurgeProtection: false, softDeleteRetentionInDays: 7 };
      const vaults = Array.from({ length: 1500 }, (_, index) => vault(`kv-${index}`, lax));
      writeFileSync(join(home, 'vaults.json'), JSON.stringify({ data: vaults }));
      const command = `"${process.execPath}" "${bin}" scan --inventory vaults.json --output json | (sleep 1; cat > report.json)`;
      const { stderr } = spawnSync('sh', ['-c', command], { cwd: home, encoding: 'utf8' });
      expect(stderr).toMatch(/^Exit 1: [^\n]+\n$/);
      expect(statSync(join(home, 'report.json')).size).toBeGreaterThan(2 ** 20);
      expect(readReport(readFileSync(join(home, 'report.json'), 'utf8')).summary.resources).toBe(1500);
    },
  );

  test.skipIf(process.platform !== 'linux')('a report that found no room is no clean scan', () => {
    const command = `echo '[]' | "${process.execPath}" "${bin}" scan --inventory - > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: home, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: Cannot write to standard output: the disk is full.\n',
    });
  });
});

/** Standard error that says as whom Azure was read, why the exit code is what it is, and nothing else. */
const onlyTheEnd: unknown = expect.stringMatching(/^Signed in to tenant [^\n]+\nExit \d: [^\n]+\n$/);

describe('the built program applies a plan', () => {
  test('and, killed with a request in flight, goes on where it stopped', async () => {
    const one = ['--management-group', 'contoso-platform', '--rule', 'AKV002'];
    expect(await start(['plan', ...one, '--out', 'plan.json'], signedIn).ended).toMatchObject({ code: 1 });
    const steps: readonly unknown[] = JSON.parse(readFileSync(join(home, 'plan.json'), 'utf8')).steps;
    expect(steps.length).toBeGreaterThan(2);

    const held = holdRequests(azure, { method: 'PATCH' }, 1);
    const before = azure.requests.length;
    const patches = (): readonly string[] =>
      azure.requests
        .slice(before)
        .filter(({ method }) => method === 'PATCH')
        .map(({ path }) => path);
    const apply = ['apply', 'plan.json', '--yes', '--allow', 'irreversible'];
    const { child, ended } = start(apply, signedIn);
    await held.reached(ended);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: null });
    await proxy.hungUp();
    held.release();
    // Azure answers each PATCH that was sent, though nobody hears it.
    await waitUntil(() => patches().length === held.taken());

    expect(await start(apply, signedIn).ended).toMatchObject({ code: 0, stderr: onlyTheEnd });
    expect(new Set(patches()).size).toBe(steps.length);
    expect(patches()).toHaveLength(steps.length);
    const journal = await start(['journal', 'show', 'plan.journal.ndjson']).ended;
    expect(journal.code).toBe(0);
    expect(await start(['plan', ...one], signedIn).ended).toMatchObject({ code: 0 });
  });
});

describe('the built program empties a recycle bin', () => {
  const purge = ['deleted', 'purge', 'kv-old', '--confirm', 'kv-old', '--allow-dependants'];

  beforeEach(() => {
    azure.tenant.subscriptions.push({ id: subscriptionId, name: 'attic' });
    azure.tenant.deleted = [deletedVault('kv-old'), deletedVault('kv-kept')];
  });

  test('of what it lists, and says that one recycle bin may not be read', async () => {
    const listed = await start(['deleted', 'list', '--output', 'json'], signedIn).ended;
    expect(listed).toMatchObject({ code: 3, stderr: onlyTheEnd });
    expect(JSON.parse(listed.stdout)).toMatchObject({
      complete: false,
      deleted: [{ name: 'kv-kept' }, { name: 'kv-old' }],
    });
    expect(await start(['deleted', 'recover', 'kv-kept', '--yes'], signedIn).ended).toMatchObject({
      code: 0,
    });
    expect(await start(purge, signedIn).ended).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^2 recycle bins could not be read, [^\n]+\nSigned in to tenant [^\n]+\nExit 0: /,
      ),
    });
    expect(azure.tenant.deleted).toEqual([]);
  });

  test('and, killed with a request in flight, says what happened and sends nothing twice', async () => {
    const held = holdRequests(azure, { method: 'POST', path: /\/purge$/ }, 0);
    const { child, ended } = start(purge, signedIn);
    await held.reached(ended);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: null });
    await proxy.hungUp();
    held.release();
    const posts = () => azure.requests.filter(({ path }) => path.endsWith('/purge'));
    await waitUntil(() => posts().length === 1);

    const { code, stdout } = await start(purge, signedIn).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('A request that was never answered has taken effect');
    expect(posts()).toHaveLength(1);
  });
});
