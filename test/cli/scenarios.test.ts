import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { run } from './run.ts';

/**
 * A scenario is a text file: a line `$ purgeproof …`, a line `exit N`, then what the program prints below `--- stdout`
 * and `--- stderr`. What is not written must be empty. `--- stdin` gives its input. It runs in test/fixtures.
 * `{version}` stands for the version of the package.
 */
interface Scenario {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
}

const { version } = packageJson;
const folder = join(import.meta.dirname, 'scenarios');
const fixtures = join(import.meta.dirname, '../fixtures');

function readScenario(file: string): Scenario {
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('{version}', version);
  const [head = '', ...sections] = text.split(/^--- /m);
  const bodies = new Map(sections.map((section) => splitOnce(section, '\n')));
  const command = /^\$ purgeproof ?(.*)$/m.exec(head)?.[1];
  const exit = /^exit (\d)$/m.exec(head)?.[1];
  if (command === undefined || exit === undefined) throw new Error(`${file} has no command or no exit line`);
  return {
    argv: Array.from(command.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? ''),
    exit: Number(exit),
    stdin: bodies.get('stdin') ?? '',
    stdout: bodies.get('stdout') ?? '',
    stderr: bodies.get('stderr') ?? '',
  };
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index === -1 ? [text, ''] : [text.slice(0, index).trim(), text.slice(index + at.length)];
}

describe('the command line', () => {
  test.for(readdirSync(folder).filter((file) => file.endsWith('.scenario')))('%s', async (file) => {
    const scenario = readScenario(file);
    const outcome = await run(scenario.argv, { cwd: fixtures, stdin: scenario.stdin });
    expect(outcome).toMatchObject({ code: scenario.exit, stdout: scenario.stdout, stderr: scenario.stderr });
  });
});

test('a mistyped flag cannot speak to the build log or the terminal', async () => {
  const { code, stderr } = await run(['scan', '--fail-on', 'x\n::error::hi \u001B[31m ##[error]'], {
    cwd: fixtures,
  });
  expect(code).toBe(2);
  expect(stderr).not.toMatch(/^::|##\[/mu);
  expect(stderr).not.toContain('\u001B');
});

test('of two --param flags the one for a rule wins, in either order', async () => {
  const special = ['--param', 'AKV003.minimumRetentionDays=7'];
  const general = ['--param', 'minimumRetentionDays=90'];
  for (const flags of [
    [...special, ...general],
    [...general, ...special],
  ]) {
    const { stdout } = await run(
      ['scan', '--inventory', 'cli/vaults.json', '--rule', 'AKV003', '--output', 'json', ...flags],
      { cwd: fixtures },
    );
    expect(JSON.parse(stdout)).toMatchObject({ summary: { nonCompliant: 0 } });
  }
});
