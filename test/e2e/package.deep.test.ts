import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../cli/run.ts';

let home: string;
let tarball: string;
let installed: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'purgeproof-package-'));
  // Builds, and has publint look at what is packed.
  npm(['pack', '--silent', '--pack-destination', home], packageRoot);
  tarball = join(home, readdirSync(home).find((file) => file.endsWith('.tgz')) ?? '');
  // Nothing else is fetched: without a network it would fail.
  npm(['install', '--offline', '--no-audit', '--no-fund', tarball], home);
  installed = join(home, 'node_modules/purgeproof');
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function npm(argv: readonly string[], cwd: string): string {
  return execFileSync('npm', argv, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function run(argv: readonly string[]): string {
  return npm(['exec', '--offline', '--', 'purgeproof', ...argv], home);
}

function filesBelow(folder: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return found.filter((file) => statSync(join(folder, file)).isFile()).toSorted();
}

/** The components of a bill of materials in CycloneDX, as `name@version`. */
function componentsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  // Nothing of the machine that built it.
  expect(text).not.toContain(packageRoot);
  const sbom: {
    readonly bomFormat: string;
    readonly components: readonly {
      readonly group?: string;
      readonly name: string;
      readonly version: string;
      readonly purl: string;
    }[];
  } = JSON.parse(text);
  expect(sbom.bomFormat).toBe('CycloneDX');
  for (const { purl } of sbom.components) expect(purl).toMatch(/^pkg:npm\//);
  return sbom.components
    .map(({ group, name, version }) =>
      [...(group === undefined ? [] : [group]), `${name}@${version}`].join('/'),
    )
    .toSorted();
}

test('installs one package of at most 3.5 MB, with the licences and the list of what it bundles', () => {
  expect(readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'purgeproof',
  ]);
  const files = filesBelow(installed);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/cli/bin.js', 'package.json']));
  expect(files.filter((file) => !/^(?:dist\/cli|policies|schemas)\//.test(file))).toEqual([
    'LICENSE',
    'README.md',
    'man/purgeproof.1',
    'package.json',
  ]);
  const bytes = files.reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);
  expect(bytes).toBeLessThan(3_500_000);
  const notices = readFileSync(join(installed, 'dist/cli/THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['@azure/identity', '@azure/arm-keyvault', '@azure/arm-resourcegraph', 'ajv', 'yaml'])
    expect(notices).toMatch(new RegExp(`^${name} \\d[\\d.]* \\((?:MIT|ISC)\\)$`, 'm'));
  expect(notices).not.toMatch(/^(?:vitest|esbuild|@actions\/core) /m);
  // Packages with the same text stand one below the other.
  const heads = notices.split(/^-{100}\n/m).flatMap((section) => section.split('\n\n')[0]?.split('\n') ?? []);
  const noticed = heads.slice(1).map((head) => head.replace(/^(\S+) (\S+) \([^)]+\)$/, '$1@$2'));
  expect(componentsOf(join(installed, 'dist/cli/sbom.cdx.json'))).toEqual(noticed.toSorted());
});

test('runs as npx runs it, and finds its rules and its version', () => {
  const { version }: { readonly version: string } = JSON.parse(
    readFileSync(join(packageRoot, 'package.json'), 'utf8'),
  );
  expect(run(['--version'])).toBe(`${version}\n`);
  expect(run(['rules', 'list'])).toContain('AKV001');
  const own = readFileSync(join(installed, 'policies/vaults/AKV001-soft-delete.yaml'), 'utf8');
  writeFileSync(
    join(home, 'own.yaml'),
    own.replace('AKV001', 'ORG001').replace('soft-delete', 'own-soft-delete'),
  );
  expect(run(['rules', 'check', 'own.yaml'])).toBe('1 rule is valid.\n');
});

test('is run by npx from nothing without a word but its own', () => {
  const argv = ['exec', '--offline', '--yes', `--package=${tarball}`, '--', 'purgeproof', '--version'];
  const elsewhere = mkdtempSync(join(home, 'npx-'));
  const { status, stdout, stderr } = spawnSync('npm', argv, { cwd: elsewhere, encoding: 'utf8' });
  expect({ status, stdout: stdout.trim(), stderr }).toEqual({
    status: 0,
    stdout: run(['--version']).trim(),
    stderr: '',
  });
});
