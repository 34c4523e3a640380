import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { World } from '../../src/cli/world.ts';
import { wholly } from '../../src/iac/piecewise.ts';
import { readDeclarations } from '../../src/iac/read-declarations.ts';
import type { SourceText } from '../../src/iac/checkout/source-text.ts';
import { packageRoot, worldOf } from '../cli/run.ts';

let checkout = '';
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'purgeproof-bounds-'));
  await mkdir(join(checkout, 'code'));
});
afterAll(() => rm(checkout, { recursive: true }));

/** Scans with that file as all infrastructure code, and reads both reports. */
async function reports(name: string, text: string, change: (world: World) => World = (world) => world) {
  await writeFile(join(checkout, 'code', name), text);
  const inventory = join(packageRoot, 'test/fixtures/cases/B3-padded-name/inventory.json');
  const outputs = ['sarif', 'json'].flatMap((format) => ['--output', `${format}=report.${format}`]);
  const argv = ['scan', '--inventory', inventory, '--source-root', 'code', '--rule', 'AKV002', ...outputs];
  const err: string[] = [];
  const code = await main(change(worldOf(argv, { cwd: checkout }, { out: [], err })));
  await rm(join(checkout, 'code', name));
  const [sarif, json] = await Promise.all(['sarif', 'json'].map(readOutput));
  const written = { results: sarif.runs[0].results.length, findings: json.findings.length };
  return { code, ...written, stderr: err.join('') };
}

async function readOutput(format: string) {
  return JSON.parse(await readFile(join(checkout, `report.${format}`), 'utf8'));
}

const type = 'Microsoft.KeyVault/vaults@2023-07-01';
const vault = `resource v '${type}' = {\n  name: a0\n}\n`;

/** Sixty variables, each made of the next: what doubles sixty times fits into no memory. */
function chain(make: (next: string) => string, end: string): string {
  const links = Array.from({ length: 60 }, (_, index) => `var a${index} = ${make(`a${index + 1}`)}\n`);
  return `${links.join('')}var a60 = ${end}\n${vault}`;
}

function armVault(name: string): string {
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return JSON.stringify({ $schema, resources: [{ type: 'Microsoft.KeyVault/vaults', name }] });
}

describe('infrastructure code that was written to be endless costs its anchors and nothing else', () => {
  test.for([
    ['main.tf', 'resource "azurerm_key_vault" "v" {\n  name = format("kv-%0999999999d", 1)\n}\n'],
    ['wide.bicep', `var a0 = format('kv-{0:D999999999}', 1)\n${vault}`],
    ['wide.json', armVault("[format('kv-{0:D999999999}', 1)]")],
    ['replaced.bicep', chain((next) => `replace(${next}, 'x', 'xxxxxxxxxxxx')`, "'x'")],
    ['lists.bicep', chain((next) => `concat(${next}, ${next})`, "['x']")],
    ['united.bicep', chain((next) => `union(${next}, ${next})`, "['x']")],
    ['loops.bicep', chain((next) => `[for x in range(0, 500): ${next}]`, "'x'")],
    ['joined.bicep', chain((next) => `join([${next}, ${next}], 'x')`, "'x'")],
    [
      'spread.bicep',
      chain((next) => `{ ...(x ? ${next} : {}), ...(y ? ${next} : {}) }`, "{ k: 'x' }").replace(
        'name: a0',
        'name: a0.k',
      ),
    ],
    ['objects.bicep', chain((next) => `{ a: ${next}, b: ${next} }`, "'x'")],
  ])('%s', async ([name = '', text = '']) => {
    const { code, results, findings, stderr } = await reports(name, text);
    expect({ code, results, findings }).toEqual({ code: 1, results: 1, findings: 1 });
    expect(stderr).not.toMatch(/bug|RangeError/);
    // A text that is cut off, and a list that nobody asks for, tell nothing and are no news; nor is a list that stays short.
    const isTold = !/^(?:united|loops|joined|spread|objects)/.test(name);
    expect(stderr.includes(`${name}:1:1  skipped: `)).toBe(isTold);
  });

  test('an interruption after the scan costs them too, and the scan is no clean one', async () => {
    const controller = new AbortController();
    let asked = 0;
    // The time is asked for when a scan begins, and when it has ended.
    const now = (): Date => {
      asked += 1;
      if (asked === 3) controller.abort();
      return new Date('2026-11-24T12:00:00Z');
    };
    const interrupted = (world: World): World => ({ ...world, now, signal: controller.signal });
    const { code, results, findings, stderr } = await reports('a.bicep', vault, interrupted);
    expect({ code, results, findings }).toEqual({ code: 3, results: 1, findings: 1 });
    expect(stderr).toContain('Interrupted: no finding is shown in infrastructure code.');
  });
});

describe('work is bounded', () => {
  const expensive = (index: number): SourceText => ({
    path: `m${index}.bicep`,
    text: `var a0 = [for a in range(0, 500): join([for b in range(0, 500): '\${a}\${b}'], '')]\nresource v '${type}' = [for n in a0: {\n  name: n\n}]\n`,
  });

  test('for the whole run, and not for each file', () => {
    const files = Array.from({ length: 60 }, (_, index) => expensive(index));
    const { problems } = wholly(readDeclarations(files));
    expect(problems[0]).toMatchObject({ message: expect.stringContaining('too much') });
    expect(problems.length).toBeLessThan(300);
  });

  test('and a good file among bad ones is read', () => {
    const good = { path: 'good.bicep', text: vault.replace('a0', "'kv-payments'") };
    const { declarations } = wholly(readDeclarations([expensive(1), good, expensive(2)]));
    expect(declarations.some(({ declaration }) => declaration.file === 'good.bicep')).toBe(true);
  });

  test('and is done in pieces, so that somebody can interrupt it', () => {
    const files = Array.from({ length: 3 }, (_, index) => expensive(index));
    expect([...readDeclarations(files)].length).toBeGreaterThan(5);
  });
});
