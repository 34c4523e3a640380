import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import { run } from './run.ts';

async function listOn(terminal?: number): Promise<readonly string[]> {
  const { code, stdout } = await run(
    ['rules', 'list'],
    terminal === undefined ? {} : { terminal, env: { TERM: 'xterm' } },
  );
  expect(code).toBe(0);
  return stdout.trimEnd().split('\n');
}

test.for([40, 60, 80, 100, 120, 200])('on a terminal of %i columns no line is cut', async (width) => {
  const lines = await listOn(width);
  // A name is never broken.
  expect(lines.filter((line) => stringWidth(line) > width && line.trim().includes(' '))).toEqual([]);
  const text = lines.join(' ').replaceAll(/\s+/g, ' ');
  for (const word of ['AKV202', 'deleted-vault-expiring', 'medium', 'deleted managed HSMs'])
    expect(text).toContain(word);
});

test('where it is wide, a rule has its title beside it; where it is narrow, in front of its name', async () => {
  const wide = (await listOn(120)).join('\n');
  expect(wide).toMatch(
    /^AKV101  hsm-purge-protection       high      managed HSMs +Purge protection of the/m,
  );
  expect(await listOn(80)).toEqual(
    expect.arrayContaining([
      'id      severity  title, name and types',
      'AKV101  high      Purge protection of the managed HSM is enabled',
      '                  hsm-purge-protection, of managed HSMs',
    ]),
  );
});

test('without a terminal every rule is one whole line', async () => {
  const lines = await listOn();
  expect(lines.find((line) => line.startsWith('AKV201'))).toContain(
    'Microsoft.KeyVault/deletedVaults, Microsoft.KeyVault/deletedManagedHSMs',
  );
});

test('list and show have JSON', async () => {
  const list = await run(['rules', 'list', '--output', 'json']);
  const rules: readonly { readonly id: string }[] = JSON.parse(list.stdout);
  expect(rules.length).toBeGreaterThan(10);
  expect(rules.find(({ id }) => id === 'AKV002')).toMatchObject({
    name: 'purge-protection',
    resourceTypes: ['Microsoft.KeyVault/vaults'],
    builtIn: true,
  });
  const shown = await run(['rules', 'show', 'purge-protection', '-o', 'json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    id: 'AKV002',
    require: { field: 'properties.enablePurgeProtection', equals: true },
    inWords: { require: [expect.stringContaining('enablePurgeProtection')] },
  });
  expect(await run(['rules', 'list', '-o', 'yaml'])).toMatchObject({ code: 2 });
});

async function pageOf(id: string, terminal: number, env: Record<string, string> = { NO_COLOR: '1' }) {
  const { code, stdout } = await run(['rules', 'show', id], { terminal, env });
  expect(code).toBe(0);
  return stdout;
}

test.for([60, 80, 120, 200])('a rule is laid out for a terminal of %i columns', async (terminal) => {
  for (const id of ['AKV002', 'AKV003', 'AKV005', 'AKV401']) {
    const page = await pageOf(id, terminal);
    expect(page).not.toMatch(/^#|\*\*|^```|^\||<https/m);
    // Code, which is indented by four, is there to be copied; an address is one word.
    const tooLong = page
      .split('\n')
      .filter((line) => stringWidth(line) > terminal && !/^ {4}|^ *(?:• )?https:\S+$/.test(line));
    expect(tooLong).toEqual([]);
  }
});

test('on a terminal headings stand at the margin, lists have bullets, and tables have columns', async () => {
  const page = await pageOf('AKV003', 100);
  expect(page).toMatch(/^AKV003 soft-delete-retention\nDeleted vaults and objects are kept long enough\n/);
  expect(page).toContain('\nHow it is checked\n  • ');
  expect(page).toMatch(/^ {2}severity +applies to\n {2}medium +Microsoft\S/m);
  expect(page).toMatch(/^ {4}properties:\n {6}\w/m);
});

test('on a terminal with colours code is painted, without its backticks', async () => {
  const page = await pageOf('AKV002', 100, { FORCE_COLOR: '1' });
  expect(page).toContain('\u001B[1mHow it is checked\u001B[22m\n');
  expect(page).toContain(
    '• \u001B[36mproperties.enablePurgeProtection\u001B[39m is \u001B[36mtrue\u001B[39m\n',
  );
});

test('elsewhere, and where it is asked for, a rule is Markdown', async () => {
  const piped = await run(['rules', 'show', 'AKV002']);
  expect(piped.stdout).toMatch(/^# AKV002 purge-protection\n\n\*\*/);
  const asked = await run(['rules', 'show', 'AKV002', '--output', 'markdown'], { terminal: 80 });
  expect(asked.stdout).toBe(piped.stdout);
  const text = await run(['rules', 'show', 'AKV002', '--output', 'text']);
  expect(text.stdout).toMatch(/^AKV002 purge-protection\n/);
});

test.for([60, 80, 100, 200])(
  'the help of every command fits %i columns, and is no wider than 100',
  async (terminal) => {
    for (const command of [
      ['scan'],
      ['plan'],
      ['apply'],
      ['rules', 'list'],
      ['deleted', 'objects', 'purge'],
      [],
    ]) {
      const { stdout } = await run([...command, '--help'], { terminal });
      // A command is never broken.
      const tooLong = stdout
        .split('\n')
        .filter(
          (line) =>
            stringWidth(line) > Math.min(100, terminal) && !/^(?:Usage:| {2}(?:purgeproof|az)) /.test(line),
        );
      expect(tooLong).toEqual([]);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('display help for command');
    }
  },
);
