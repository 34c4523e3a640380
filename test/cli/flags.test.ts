import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runnableCommands } from './commands.ts';
import { packageRoot, run } from './run.ts';

const cwd = join(packageRoot, 'test/fixtures');
const commands = await runnableCommands();
const scan = ['scan', '--inventory', 'cli/vaults.json', '--rule', 'AKV002'];

describe('what every command understands', () => {
  test.for([...commands])('%s', ([, command]) => {
    expect(command.options.map(({ long }) => long)).toEqual(
      expect.arrayContaining(['--no-color', '--quiet', '--debug']),
    );
  });

  test.for([
    'rules list',
    'rules show AKV002',
    'rules kql AKV002',
    'rules check policies/valid/as-json.json',
  ])('%s prints the same with them', async (line) => {
    const argv = line.split(' ');
    const plain = await run(argv, { cwd });
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(await run([...argv, '--quiet', '--no-color', '--debug'], { cwd })).toEqual(plain);
  });
});

describe('--debug', () => {
  test('takes no word after it', async () => {
    const { code, stderr } = await run(['rules', 'check', '--debug', 'policies/valid/as-json.json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('is taken before the command, and with full', async () => {
    expect(await run(['--debug=full', ...scan], { cwd })).toMatchObject({ code: 1, stderr: '' });
  });

  test('of anything else is refused', async () => {
    const { code, stderr } = await run([...scan, '--debug=fulll'], { cwd });
    expect(stderr).toContain('It is given alone, or as --debug=full.');
    expect(code).toBe(2);
  });
});

describe('a word out of a few', () => {
  test.for([
    ['--fail-on', 'CRITICAL', 0],
    ['--fail-on', 'High', 1],
    ['--output', 'JSON', 1],
    ['--cloud', 'azureusgovernment', 1],
  ] as const)('%s %s is taken in any letter case', async ([flag, value, code]) => {
    expect(await run([...scan, flag, value], { cwd })).toMatchObject({ code, stderr: '' });
  });

  test('- is standard output', async () => {
    const { stdout } = await run([...scan, '--output', 'json=-'], { cwd });
    expect(JSON.parse(stdout)).toHaveProperty('schemaVersion');
    expect(existsSync(join(cwd, '-'))).toBe(false);
  });

  test('--allow is taken in any letter case', async () => {
    const { stderr } = await run(['apply', 'nowhere.json', '--allow', 'Irreversible'], { cwd });
    expect(stderr).toContain('Cannot read nowhere.json');
  });

  test.for([
    [[...scan, '--fail-on', 'hihg'], 'Allowed choices are critical, high, medium, low. Did you mean high?'],
    [[...scan, '--cloud', 'AzureCluod'], 'Did you mean AzureCloud?'],
    [
      ['apply', 'plan.json', '--allow', 'irreversable'],
      'Allowed choices are safe, disruptive, irreversible. Did you mean irreversible?',
    ],
    [['plan', '--allow', 'nothing'], 'Allowed choices are disruptive.'],
    [[...scan, '--output', 'JSNO'], 'Did you mean json?'],
  ] as const)('%j is refused', async ([argv, message]) => {
    const { code, stderr } = await run(argv, { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('an empty value, as an unset variable of a shell gives', () => {
  test.for([...commands])('is refused by every flag of %s that takes one', async ([line, command]) => {
    const flags = command.options.flatMap(({ long, required }) => (required && long ? [long] : []));
    for (const flag of flags) {
      const { code, stderr } = await run([...line.split(' '), flag, ''], { cwd });
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^error: option '[^']*' argument '' is invalid\. /),
      ]);
    }
  });

  test('of an argument is refused, and no file is read for it', async () => {
    for (const argv of [
      ['diff', '', 'new.json'],
      ['trend', ''],
      ['apply', ''],
      ['journal', 'show', ''],
    ]) {
      const { code, stderr } = await run(argv, { cwd });
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/ is invalid for argument '\w+'\. It is empty\.\n/),
      ]);
    }
  });
});
