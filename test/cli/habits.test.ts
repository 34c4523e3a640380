import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { packageRoot, readReport, run } from './run.ts';

const fixtures = join(packageRoot, 'test/fixtures');
const inventory = ['--inventory', join(fixtures, 'inventories/az-graph.json')];

describe('a spelling of another program is answered with the one of this', () => {
  test.for<[string, string]>([
    ['scan vaults.json', 'Did you mean this?\n  purgeproof scan --inventory vaults.json\n'],
    ['scan infra/main.bicep', 'Did you mean this?\n  purgeproof scan --bicep infra/main.bicep\n'],
    ['scan purgeproof.yaml', 'Did you mean this?\n  purgeproof scan --config purgeproof.yaml\n'],
    [
      'scan 11111111-1111-1111-1111-111111111111',
      'Did you mean this?\n  purgeproof scan --subscription 11111111-1111-1111-1111-111111111111\n',
    ],
    ['scan payments', '--subscription payments for a subscription, --vault payments for a vault'],
    ['plan report.json', 'Did you mean this?\n  purgeproof plan --from report.json\n'],
    ['vaults.json', 'Did you mean this?\n  purgeproof scan --inventory vaults.json\n'],
    ['scan --format json', 'Use --output: --output json'],
    ['scan -v', 'The version is printed by:\n  purgeproof --version\n'],
    ['scan --output report.json', 'Did you mean --output json=report.json?'],
    ['scan --output report.md', 'Did you mean --output markdown=report.md?'],
    ['scan --output json,sarif', 'Give each its own --output'],
    ['--output json scan', 'Flags go after the command:\n  purgeproof scan --output\n'],
    ['scan --severity HIGH,CRITICAL', '--fail-on high'],
    ['scan --severity HIGH', '--show-severity high'],
    ['scan -v', 'Use --verbose to show everything.'],
    ['deleted list -v', 'Use --debug for the requests that are sent.'],
    ['scan --skip-check AKV007', 'Use --exclude-rule ID'],
    ['scan --json', 'Use --output: --output json'],
    ['scan -g rg-payments', 'Use --resource-group NAME'],
    ['apply plan.json --auto-approve', 'Use --yes'],
    ['fix', 'then apply them:\n  purgeproof plan --out plan.json\n  purgeproof apply plan.json\n'],
    ['list', 'one of these?\n  purgeproof rules list\n  purgeproof deleted list\n'],
    ['scan a`b.json', "--vault 'a`b.json' for a vault or managed HSM."],
    ['grants purge --principal x --vault kv', 'one of these shows:\n  az ad user show --id <name>\n'],
    ['login', ':\n  az login\n'],
  ])('%s', async ([line, answer]) => {
    const { code, stdout, stderr } = await run(line.split(' '), { cwd: packageRoot });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(answer);
    expect(stderr).toMatch(/^error: /);
  });

  test('and what is known of nobody gets the suggestion of a similar flag', async () => {
    const { stderr } = await run(['scan', '--fail-one', 'high']);
    expect(stderr).toContain('Did you mean --fail-on?');
  });
});

describe('a usual spelling works', () => {
  test.for(['version', '-v', '-V', '--version'])('purgeproof %s', async (word) => {
    expect(await run([word])).toMatchObject({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test('flags of every command before it', async () => {
    const after = await run(['rules', 'list', '--no-color', '-q']);
    expect(await run(['--no-color', '-q', 'rules', 'list'])).toEqual(after);
    expect(after.code).toBe(0);
  });

  test('short flags, rules by name, and several with commas', async () => {
    const argv = ['-o', 'json', '-q', '--rule', 'Purge-Protection,AKV003', '--exclude-rule', 'akv003'];
    const { code, stdout } = await run(['scan', ...inventory, ...argv]);
    expect(code).toBe(1);
    expect(readReport(stdout).rules.map(({ id }) => id)).toEqual(['AKV002']);
  });

  test('subscriptions with commas', async () => {
    const { stderr } = await run(['scan', ...inventory, '--subscription', 'a,']);
    expect(stderr).toContain('It names nothing.');
  });
});

describe('the commands that go on from a scan leave out its own flags for output, however they are spelled', () => {
  test.for(['-o table -o sarif=/dev/null', '-otable', '--output=table', '--output table --no-color'])(
    'scan %s',
    async (flags) => {
      const exported = 'inventories/az-graph.json';
      const { stdout } = await run(['scan', '--inventory', exported, ...flags.split(' ')], { cwd: fixtures });
      const commands = stdout.split('\n').filter((line) => line.startsWith('    purgeproof '));
      expect(commands.slice(-2)).toEqual([
        `    purgeproof scan --inventory ${exported} --output json=report.json`,
        '    purgeproof plan --from report.json --out plan.json',
      ]);
    },
  );
});

describe('a rule is known by its name', () => {
  test('to a configuration, in every place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'purgeproof-names-'));
    const lines = [
      'rules: [purge-protection, soft-delete-retention]',
      'severities: { purge-protection: low }',
      'parameters: { soft-delete-retention: { minimumRetentionDays: 7 } }',
    ];
    writeFileSync(join(folder, 'mine.yaml'), lines.join('\n'));
    const argv = ['scan', ...inventory, '--config', join(folder, 'mine.yaml'), '-o', 'json'];
    const report = readReport((await run(argv)).stdout);
    expect(report.rules).toMatchObject([
      { id: 'AKV002', severity: 'low' },
      { id: 'AKV003', parameters: { minimumRetentionDays: 7 } },
    ]);
    const byFlag = await run([...argv, '--param', 'soft-delete-retention.minimumRetentionDays=30']);
    expect(readReport(byFlag.stdout).rules[1]?.parameters).toEqual({ minimumRetentionDays: 30 });
  });

  test.for([
    ['AKV02', 'AKV002'],
    ['akv-2', 'AKV002'],
    ['AKV0003', 'AKV003'],
    ['AKV11', 'AKV101'],
    ['AVK002', 'AKV002'],
    ['purge-protekion', 'purge-protection'],
  ])('%s suggests %s', async ([written = '', meant]) => {
    const { code, stderr } = await run(['rules', 'show', written]);
    expect(code).toBe(2);
    expect(stderr).toContain(`There is no rule ${written}. Did you mean ${meant}?`);
  });
});

describe('the configuration in the working folder or above it', () => {
  const project = mkdtempSync(join(tmpdir(), 'purgeproof-project-'));
  const below = join(project, 'infra/dev');
  mkdirSync(below, { recursive: true });
  writeFileSync(join(project, 'purgeproof.yaml'), 'rules: [AKV002]\nfailOn: critical\n');
  const argv = ['scan', ...inventory, '-o', 'json'];
  const rulesIn = (stdout: string) => readReport(stdout).rules.map(({ id }) => id);

  test('is read, and named on standard error', async () => {
    const { code, stdout, stderr } = await run(argv, { cwd: below });
    expect({ code, named: stderr.split('\n', 1) }).toEqual({
      code: 0,
      named: ['Configuration: ../../purgeproof.yaml'],
    });
    expect(rulesIn(stdout)).toEqual(['AKV002']);
  });

  test('is not named with --quiet, and not read with --no-config or where another one is given', async () => {
    expect(await run([...argv, '--quiet'], { cwd: project })).toMatchObject({ code: 0, stderr: '' });
    const without = await run([...argv, '--no-config'], { cwd: below });
    expect(without.code).toBe(1);
    expect(without.stderr).not.toContain('Configuration');
    writeFileSync(join(below, 'other.yaml'), 'rules: [AKV003]\n');
    const other = await run([...argv, '--config', 'other.yaml'], { cwd: below });
    expect(other.stderr).not.toContain('Configuration');
    expect(rulesIn(other.stdout)).toEqual(['AKV003']);
  });

  test('writes reports only below its folder, unless it is named', async () => {
    const [home, elsewhere] = [join(project, 'home'), join(project, 'elsewhere')];
    for (const folder of [home, elsewhere]) mkdirSync(folder);
    const target = join(elsewhere, 'target.json');
    writeFileSync(target, 'mine');
    symlinkSync(target, join(home, 'link.json'));
    const found = (path: string) => {
      writeFileSync(join(home, 'purgeproof.yaml'), `output: [table, json=${path}]\n`);
      return run(['scan', ...inventory], { cwd: home });
    };
    for (const path of ['../elsewhere/report.json', join(elsewhere, 'report.json'), 'link.json']) {
      const { code, stdout, stderr } = await found(path);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(
        `purgeproof.yaml was found, not named, and would write a report outside its folder`,
      );
      expect(stderr).toContain('--config purgeproof.yaml');
    }
    expect([readdirSync(elsewhere), readFileSync(target, 'utf8')]).toEqual([['target.json'], 'mine']);
    expect((await found('report.json')).code).toBe(1);
    await found('../elsewhere/report.json');
    expect((await run(['scan', ...inventory, '-o', 'json'], { cwd: home })).code).toBe(1);
    expect((await run(['scan', ...inventory, '--config', 'purgeproof.yaml'], { cwd: home })).code).toBe(1);
    expect(readdirSync(elsewhere)).toEqual(['report.json', 'target.json']);
  });

  test('is refused with its place where it is wrong', async () => {
    const wrong = join(project, 'wrong');
    mkdirSync(wrong);
    writeFileSync(join(wrong, 'purgeproof.yaml'), 'rules: [AKV999]\n');
    const { code, stderr } = await run(argv, { cwd: wrong });
    expect(code).toBe(2);
    expect(stderr).toContain('purgeproof.yaml:1:9  There is no rule AKV999.');
  });

  test('is read by the commands that take --config', async () => {
    const { code, stdout, stderr } = await run(['permissions', 'scan', '-o', 'json'], { cwd: below });
    expect({ code, stderr: stderr.split('\n', 1) }).toEqual({
      code: 0,
      stderr: ['Configuration: ../../purgeproof.yaml'],
    });
    expect(stdout).toContain('Microsoft.KeyVault/vaults/read');
  });
});
