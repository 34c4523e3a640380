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
  expect(lines.filter((line) => stringWidth(line) > width)).toEqual([]);
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
