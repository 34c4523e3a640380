import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { page, root } from './pages.ts';

const seeds = page('docs/seeds.md');

test('every test that it names by its title is there', () => {
  const named = Array.from(seeds.matchAll(/\]\(\.\.\/(test\/[^)]+)\) "([^"]+)"/gu));
  const missing = named.filter(
    ([, file = '', title = '']) => !readFileSync(join(root, file), 'utf8').includes(title),
  );
  expect(missing.map(([found]) => found)).toEqual([]);
  expect(named.length).toBeGreaterThan(6);
});

const objects = ['key', 'secret', 'certificate'].flatMap((kind) =>
  ['delete', 'list-deleted', 'recover', 'purge'].map((verb) => `az keyvault ${kind} ${verb}`),
);
const vaults = 'show update delete list-deleted recover purge set-policy'
  .split(' ')
  .map((verb) => `az keyvault ${verb}`);

const cmdlets = [
  'Get-AzKeyVault',
  'Update-AzKeyVault',
  'Set-AzKeyVaultAccessPolicy',
  'Undo-AzKeyVaultRemoval',
].concat(
  ['', 'Key', 'Secret', 'Certificate'].flatMap((kind) => [
    `Get-AzKeyVault${kind} -InRemovedState`,
    `Remove-AzKeyVault${kind}\``,
    `Remove-AzKeyVault${kind} -InRemovedState`,
    `Undo-AzKeyVault${kind}Removal`,
  ]),
);

test.for([...vaults, ...objects, ...cmdlets, 'POST /deletedsecrets/{name}/recover'])(
  '%s has a row',
  (operation) => {
    expect(seeds).toContain(`\`${operation}`);
  },
);
