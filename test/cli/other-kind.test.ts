import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentWords } from '../../src/documents/document-kind.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { readEntries } from '../../src/usecases/write/journal.ts';
import { packageRoot, run } from './run.ts';

const fixtures = join(packageRoot, 'test/fixtures');
const vault = `/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv`;

/** Documents of every kind: what each is called, and the command that takes it. */
const documents = {
  'report.json': ['report', 'purgeproof plan --from report.json --out plan.json'],
  'plan.json': ['plan', 'purgeproof apply plan.json'],
  'plan.journal.ndjson': ['journal', 'purgeproof journal show plan.journal.ndjson'],
  'settings.yaml': ['configuration', 'purgeproof scan --config settings.yaml'],
  'accepted.yaml': ['exemptions', 'purgeproof scan --exemptions accepted.yaml'],
  'rule.yaml': ['rule', 'purgeproof scan --policies rule.yaml'],
  'vaults.json': ['inventory', 'purgeproof scan --inventory vaults.json'],
} as const;

/** Code that is not deployed yet: its words, and the command that takes it. */
const code = {
  'main.json': ['an ARM template', 'purgeproof scan --template main.json'],
  'values.json': [
    'a parameter file of an ARM template',
    'purgeproof scan --template <template> --parameters values.json',
  ],
  'tf.json': ['a plan or the state of Terraform', 'purgeproof scan --terraform tf.json'],
  'main.tf': ['Bicep or Terraform code', 'purgeproof scan --source <folder>'],
} as const;

/** The flags for code: the words for what each takes, and the files of the others that it takes as well. */
const codeReaders = {
  '--template': ['an ARM template', 'main.json'],
  '--bicep': ['a Bicep file', 'main.json', 'main.tf'],
  '--terraform': ['the JSON of a Terraform plan', 'tf.json'],
} as const;

const readers = {
  report: ['plan', '--from'],
  plan: ['apply'],
  journal: ['journal', 'show'],
  configuration: ['scan', '--config'],
  exemptions: ['scan', '--inventory', 'vaults.json', '--exemptions'],
  inventory: ['scan', '--inventory'],
} as const;

let cwd: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-kinds-'));
  const put = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
  const { stdout } = await run(['scan', '--inventory', 'cli/vaults.json', '--output', 'json'], {
    cwd: fixtures,
  });
  put('report.json', stdout);
  put('plan.json', JSON.stringify({ schemaVersion: '1.0', steps: [], manual: [], hash: 'a'.repeat(64) }));
  const entries = [1, 2].map((seq) => JSON.stringify({ seq, kind: 'run', previous: '' }));
  put('plan.journal.ndjson', `${entries.join('\n')}\n`);
  put('settings.yaml', '# ours\nfailOn: high\nrules: [AKV001]\n');
  put('accepted.yaml', '# ours\nexemptions: []\n');
  put('rule.yaml', readFileSync(join(fixtures, 'policies/valid/as-json.json'), 'utf8'));
  put('vaults.json', JSON.stringify([{ id: vault, name: 'kv', type: 'Microsoft.KeyVault/vaults' }]));
  put(
    'main.json',
    '{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","resources":[]}',
  );
  put(
    'values.json',
    '{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{}}',
  );
  put('r.sarif', '{\n"version":"2.1.0",\n"runs":[]}');
  put('tf.json', '{"format_version":"1.2","terraform_version":"1.9.0"}');
  for (const [format, name] of [
    ['csv', 'r.csv'],
    ['junit', 'r.xml'],
    ['ocsf', 'r.ndjson'],
    ['markdown', 'r.md'],
    ['html', 'r.html'],
    ['table', 'r.txt'],
  ] as const) {
    const argv = ['scan', '--inventory', 'cli/vaults.json', '--output', format];
    put(name, (await run(argv, { cwd: fixtures })).stdout);
  }
  put('main.bicep', "// ours\nparam name string\nresource kv 'Microsoft.KeyVault/vaults@2024-11-01' = {}\n");
  put('main.tf', '# ours\nresource "azurerm_key_vault" "main" {\n}\n');
  put('who.json', '{"schemaVersion":"1.0","action":"purge","unreadable":[]}');
  put('other.json', '{"hello":"world"}');
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const codePairs = Object.entries(codeReaders).flatMap(([flag, [wanted, ...taken]]) =>
  Object.entries({ ...documents, ...code })
    .filter(([file]) => !taken.some((one) => one === file))
    .map(([file, [words, command]]) => ({ flag, wanted, file, words, command })),
);

const pairs = Object.entries(readers).flatMap(([wanted, argv]) =>
  Object.entries(documents)
    .filter(([, [kind]]) => kind !== wanted)
    .map(([file, [kind, command]]) => ({ wanted, argv, file, kind, command })),
);

describe('a document where another is wanted', () => {
  test.for(pairs)('$file given as a $wanted', async ({ wanted, argv, file, kind, command }) => {
    const { code, stderr } = await run([...argv, file], { cwd });
    const what = Object.entries(documentWords).find(([name]) => name === wanted)?.[1];
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^error: ${file.replaceAll('.', String.raw`\.`)}`));
    expect(stderr).toContain(`${documentWords[kind]}, not ${what}`);
    const [, purpose, ...pasted] = stderr.split('\n');
    expect(purpose).toMatch(/^To [a-z ]+:$/);
    expect(pasted).toEqual([`  ${command}`, '']);
  });

  test('an exemptions file whose last entry was taken out is not called a configuration', async () => {
    writeFileSync(join(cwd, 'left.yaml'), '# ours\nexemptions:\n');
    const { code, stderr } = await run([...readers.exemptions, 'left.yaml'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      'left.yaml:2:1  "exemptions" is empty; it must be a list\nerror: 1 problem to fix.\n',
    ]);
  });

  test.for(codePairs)('$file given to $flag', async ({ flag, wanted, file, words, command }) => {
    const outcome = await run(['scan', flag, file], { cwd });
    const isOwn = words in documentWords;
    const what = isOwn ? Object.entries(documentWords).find(([name]) => name === words)?.[1] : words;
    const [first, purpose, ...pasted] = outcome.stderr.split('\n');
    expect([outcome.code, first]).toEqual([2, `error: ${file} is ${what}, not ${wanted}.`]);
    expect(purpose).toMatch(/^To [a-z ]+:$/);
    expect(pasted).toEqual([`  ${command}`, '']);
  });

  test('a report given as a parameter file', async () => {
    const argv = ['scan', '--template', 'main.json', '--parameters', 'report.json'];
    expect((await run(argv, { cwd })).stderr).toBe(
      'error: report.json is a report of a scan, not a parameter file.\n' +
        'To plan from it:\n  purgeproof plan --from report.json --out plan.json\n',
    );
  });

  test.for(Object.entries(documents).filter(([, [kind]]) => kind !== 'rule'))(
    '%s among rules',
    async ([file, [kind]]) => {
      const { code, stderr } = await run(['rules', 'check', file], { cwd });
      expect(code).toBe(2);
      expect(stderr).toMatch(
        new RegExp(`:[12]:1 {2}this is ${documentWords[kind]}, not a rule; .* to .*: purgeproof`),
      );
    },
  );

  test.for([
    ['main.json', 'an ARM template'],
    ['r.sarif', 'a SARIF log'],
    ['tf.json', 'a plan or the state of Terraform'],
    ['who.json', 'output of another command'],
  ] as const)('%s is recognised by every reader', async ([file, what]) => {
    for (const argv of Object.values(readers)) {
      const { code, stderr } = await run([...argv, file], { cwd });
      expect([code, stderr]).toEqual([2, expect.stringContaining(what)]);
    }
  });

  test.for([
    ['r.csv', 'a report in a format that no command reads'],
    ['r.xml', 'a report in a format that no command reads'],
    ['r.ndjson', 'a report in a format that no command reads'],
    ['r.md', 'a report in a format that no command reads'],
    ['r.html', 'a report in a format that no command reads'],
    ['r.txt', 'a report in a format that no command reads'],
    ['main.bicep', 'Bicep or Terraform code'],
    ['main.tf', 'Bicep or Terraform code'],
  ] as const)('%s is recognised, though it is neither JSON nor YAML', async ([file, what]) => {
    const { inventory: own, ...others } = readers;
    for (const [wanted, argv] of Object.entries(others)) {
      const { code, stderr } = await run([...argv, file], { cwd });
      expect([wanted, code, stderr]).toEqual([
        wanted,
        2,
        expect.stringContaining(`${file} is ${what}, not `),
      ]);
    }
    // That reader knows what else people export.
    expect((await run([...own, file], { cwd })).code).toBe(2);
    const { code, stderr } = await run(['rules', 'check', file], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^${file}:\\d+:1 {2}this is ${what}, not a rule`));
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  test('a report named as the journal of a run is recognised, and stays as it is', async () => {
    const store = journalFile(join(cwd, 'report.json'));
    const before = readFileSync(store.name);
    await expect(readEntries(store, 'hash')).rejects.toThrow(
      /report\.json is a report of a scan, not a journal/,
    );
    expect(readFileSync(store.name)).toEqual(before);
  });

  test('what is unknown, or is of the kind that was wanted, keeps its own mistakes', async () => {
    const unknown = await run(['apply', 'other.json'], { cwd });
    expect(unknown.stderr).toContain('other.json:1:1  "steps" is missing');
    const damaged = await run(['journal', 'show', 'plan.journal.ndjson'], { cwd });
    expect(damaged.stderr).toContain('the journal is damaged');
    const plan = await run(['apply', 'plan.json'], { cwd });
    expect(plan.stderr).toContain('plan.json:1:1  "createdAt" is missing');
  });
});
