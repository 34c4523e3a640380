import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProgram } from './build-program.ts';

let folder: string;

beforeAll(() => {
  folder = realpathSync(buildProgram());
  writeFileSync(join(folder, 'none.json'), '[]');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The modules of the program that a run loads, by V8's own account. */
function loadedBy(argv: readonly string[]): readonly string[] {
  const coverage = mkdtempSync(join(folder, 'coverage-'));
  const env = { ...process.env, NODE_V8_COVERAGE: coverage, NODE_DISABLE_COMPILE_CACHE: '1' };
  execFileSync(process.execPath, ['dist/cli/bin.js', ...argv], { cwd: folder, env, stdio: 'pipe' });
  const [account = ''] = readdirSync(coverage);
  const { result }: { readonly result: readonly { readonly url: string }[] } = JSON.parse(
    readFileSync(join(coverage, account), 'utf8'),
  );
  const files = result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  return [...new Set(files.map((url) => fileURLToPath(url)))].filter((file) => file.startsWith(folder));
}

const terminal = ['fast-string-truncated-width', 'fast-string-width', 'picocolors'];

// As measured when it was last written here. Who adds a tenth to it writes the new figures, and why it has to be loaded.
test.each([
  { command: '--version', modules: 2, bytes: 2107, packages: [] },
  { command: 'rules list', modules: 5, bytes: 355_595, packages: ['commander', ...terminal] },
  {
    command: 'scan --inventory none.json --output json=report.json',
    modules: 6,
    bytes: 571_807,
    packages: ['commander', ...terminal],
  },
  { command: 'scan --inventory none.json', modules: 7, bytes: 621_817, packages: ['commander', ...terminal] },
])('$command loads at most a tenth more than it did', ({ command, modules, bytes, packages }) => {
  const loaded = loadedBy(command.split(' '));
  const size = loaded.reduce((sum, file) => sum + statSync(file).size, 0);
  expect(loaded.length, 'modules').toBeLessThanOrEqual(1.1 * modules);
  expect(size, 'bytes').toBeLessThanOrEqual(1.1 * bytes);
  // Neither the SDKs nor what reads and checks YAML.
  expect(packagesIn(loaded)).toEqual(packages);
});

/** The packages that modules hold code of: the bundler names the source of each part. */
function packagesIn(files: readonly string[]): readonly string[] {
  const names = files.flatMap((file) =>
    Array.from(
      readFileSync(file, 'utf8').matchAll(/^\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm),
      ([, name = '']) => name,
    ),
  );
  return [...new Set(names)].toSorted();
}
