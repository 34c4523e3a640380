import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { thirdPartyNotices } from '../../scripts/third-party-notices.ts';

const root = mkdtempSync(join(tmpdir(), 'purgeproof-notices-'));

function install(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, folder), { recursive: true });
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const manifest = { name, version: '1.2.3', license: 'MIT' };
  for (const [file, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files }))
    writeFileSync(join(root, folder, file), text);
}

install('node_modules/plain', { LICENSE: 'Plain text.\r\nOf two lines.\n' });
install('node_modules/@scope/outer', { 'license.md': 'Outer text.', NOTICE: 'Outer notice.' });
install('node_modules/@scope/outer/node_modules/inner', { COPYING: 'Inner text.' });
install('node_modules/sibling', { LICENCE: 'Plain text.\nOf two lines.' });
install('node_modules/bare', {});

test('each package of which the bundle holds code is named once, and each text stands once below all that have it', () => {
  const notices = thirdPartyNotices(
    [
      'src/index.ts',
      'node_modules/plain/a.js',
      'node_modules/plain/b/c.js',
      'node_modules/sibling/index.js',
      'node_modules/@scope/outer/index.js',
      'node_modules/@scope/outer/node_modules/inner/index.js',
    ],
    root,
  );
  const sections = notices.split(/^-+$/m).map((section) => section.trim());
  expect(sections.slice(1)).toEqual([
    '@scope/outer 1.2.3 (MIT)\n\nOuter notice.\n\nOuter text.',
    'inner 1.2.3 (MIT)\n\nInner text.',
    'plain 1.2.3 (MIT)\nsibling 1.2.3 (MIT)\n\nPlain text.\nOf two lines.',
  ]);
});

test('a package without the text of its licence is not bundled', () => {
  expect(() => thirdPartyNotices(['node_modules/bare/index.js'], root)).toThrow(
    'bare 1.2.3 has no file with its licence',
  );
});
