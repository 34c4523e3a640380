import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, runScanner, type Run } from './scanner.ts';
import type { Section } from './section.ts';

/** Inputs that nobody writes and that must not cost much: each beside a plain one of the same kind. */
export async function oddInputs(): Promise<Section> {
  const plain = inventory('plain', 'kv-plain');
  const long = inventory('long', 'k'.repeat(5_000_000));
  const wrong = rule('wrong', 'requires: {}\n');
  const brackets = rule('brackets', `require: ${'['.repeat(1_000_000)}`);
  return {
    title: 'Odd inputs',
    text: ['The whole process, the shorter of three runs each. The target is what the ratio may be at most.'],
    head: ['what', 'beside', 'time', 'target'],
    rows: [
      await ratio(
        { name: 'table on a vault with a name of 5 MB', argv: scan(long, 'table') },
        { name: 'JSON report on it', argv: scan(long, 'json') },
        1.2,
      ),
      await ratio(
        {
          name: 'refusing a rule file of 1 MB of brackets',
          argv: [...scan(plain, 'json'), '--policies', brackets],
        },
        { name: 'refusing one with a misspelt key', argv: [...scan(plain, 'json'), '--policies', wrong] },
        2,
      ),
    ],
  };
}

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
}

async function ratio(odd: Case, plain: Case, target: number): Promise<readonly string[]> {
  const times = (await fastest(odd.argv)) / (await fastest(plain.argv));
  const verdict = times <= target ? 'met' : 'missed';
  return [odd.name, plain.name, `${times.toFixed(2)} ×`, `${target} × (${verdict})`];
}

async function fastest(argv: readonly string[]): Promise<number> {
  const runs: Run[] = [];
  for (let run = 0; run < 3; run += 1) runs.push(await runScanner(argv));
  return Math.min(...runs.map(({ ms }) => ms));
}

function scan(inventoryFile: string, format: string): readonly string[] {
  return ['scan', '--inventory', inventoryFile, '--output', format];
}

function inventory(file: string, name: string): string {
  const subscription = '/subscriptions/aaaaaaaa-0000-4000-8000-000000000001';
  const id = `${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`;
  const vault = { id, name, type: 'Microsoft.KeyVault/vaults', location: 'westeurope', properties: {} };
  return write(`${file}.json`, JSON.stringify([vault]));
}

function rule(file: string, rest: string): string {
  const head =
    'id: ORG001\nname: odd\ntitle: Odd\nseverity: low\nresourceType: Microsoft.KeyVault/vaults\ndescription: Odd.\n';
  return write(`${file}.yaml`, `${head}${rest}`);
}

function write(file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  return path;
}
