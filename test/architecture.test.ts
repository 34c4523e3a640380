import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureStructure, readModules } from '../scripts/structure.ts';

const source = join(import.meta.dirname, '../src');

const base = ['model', 'documents', 'resource-types'];
const core = [...base, 'rules', 'access', 'remediation', 'reporters', 'iac', 'history', 'azure-policy'];
const adapters = ['azure', 'sources', 'files'];

/** The permitted imports: for a folder the others that it may know, and whether it is pure. */
const floors: Readonly<Record<string, { readonly knows: readonly string[]; readonly pure: boolean }>> = {
  model: { knows: [], pure: true },
  documents: { knows: ['model'], pure: true },
  'resource-types': { knows: ['model'], pure: true },
  rules: { knows: base, pure: true },
  access: { knows: base, pure: true },
  'azure-policy': { knows: [...base, 'rules'], pure: true },
  remediation: { knows: [...base, 'rules'], pure: true },
  reporters: { knows: base, pure: true },
  iac: { knows: base, pure: true },
  history: { knows: base, pure: true },
  usecases: { knows: core, pure: true },
  azure: { knows: [...core, 'usecases'], pure: false },
  files: { knows: [...core, 'usecases'], pure: false },
  sources: { knows: [...core, 'usecases', 'azure', 'files'], pure: false },
  cli: { knows: [...core, 'usecases', ...adapters], pure: false },
  action: { knows: [...core, 'usecases', ...adapters], pure: false },
};
const pureBuiltins = new Set(['node:buffer', 'node:crypto']);

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.split(sep).join('/'), imports: importsOf(join(source, file)) }));

function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)\s*import\s+'([^']+)'/g,
  );
  return Array.from(found, ([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '');
}

function folderOf(file: string, specifier: string): string {
  const target = relative(source, resolve(dirname(join(source, file)), specifier));
  return target.split(sep)[0] ?? '';
}

describe('floors', () => {
  test('the floors are the folders of src, and every file stands in one', () => {
    expect(files.length).toBeGreaterThan(50);
    const entries = readdirSync(source);
    expect(entries.toSorted()).toEqual(Object.keys(floors).toSorted());
  });

  test('a folder imports only from floors below', () => {
    const breaches = files.flatMap(({ file, imports }) => {
      const folder = file.split('/')[0] ?? '';
      return imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => folderOf(file, specifier))
        .filter((target) => target !== folder && !floors[folder]?.knows.includes(target))
        .map((target) => `${file} imports src/${target}`);
    });
    expect(breaches).toEqual([]);
  });

  test('pure folders touch neither files, network, process nor clock', () => {
    const breaches = files.flatMap(({ file, imports }) => {
      if (floors[file.split('/')[0] ?? '']?.pure !== true) return [];
      const outside = imports.filter((name) => name.startsWith('node:') && !pureBuiltins.has(name));
      const text = readFileSync(join(source, file), 'utf8');
      const ambient = /\b(?:process\.|console\.|Date\.now\(|new Date\(\)|Math\.random\(|fetch\()/.exec(text);
      return [...outside, ...(ambient === null ? [] : [ambient[0]])].map((what) => `${file} uses ${what}`);
    });
    expect(breaches).toEqual([]);
  });

  test('@azure/* is imported by src/azure alone', () => {
    const breaches = files.filter(
      ({ file, imports }) => !file.startsWith('azure/') && imports.some((name) => name.startsWith('@azure/')),
    );
    expect(breaches.map(({ file }) => file)).toEqual([]);
  });

  test('only src/azure/write.ts changes anything in Azure, and only apply and deleted open it', () => {
    const changing =
      /\bsendChange\(|\b(?:vaults|managedHsms)\.(?:update|create|delete|purge)\w*\(|\.openSender\(/g;
    const found = files.flatMap(({ file }) =>
      Array.from(readFileSync(join(source, file), 'utf8').matchAll(changing), ([what]) => ({ file, what })),
    );
    const openers = found.filter(({ what }) => what === '.openSender(').map(({ file }) => file);
    expect(openers.toSorted()).toEqual([
      'cli/commands/apply.ts',
      'cli/deleted-objects.ts',
      'cli/recycle-bin.ts',
    ]);
    const senders = found.filter(({ what }) => what !== '.openSender(');
    expect(new Set(senders.map(({ file }) => file))).toEqual(
      new Set(['azure/arm-exchange.ts', 'azure/write.ts']),
    );
  });

  test('nothing of the product imports the emulator', () => {
    const breaches = files.filter(({ imports }) => imports.some((name) => name.includes('emulator')));
    expect(breaches.map(({ file }) => file)).toEqual([]);
  });
});

describe('structure', () => {
  const figures = measureStructure(readModules());

  test('no modules import each other in a circle, for types only either', () => {
    expect(figures.cycles).toBe(0);
  });

  test('a reader follows few imports from the start to the end', () => {
    expect(figures.longestChain).toBeLessThanOrEqual(18);
    expect(figures.floorsOfLive).toBeLessThanOrEqual(9);
  });

  test('few files are a reader of their own on the way to another', () => {
    expect(figures.oneImporter / figures.files).toBeLessThanOrEqual(0.23);
  });

  test('files and functions are short', () => {
    expect(figures.fileLinesP90).toBeLessThanOrEqual(170);
    expect(figures.functionLinesP90).toBeLessThanOrEqual(20);
  });
});
