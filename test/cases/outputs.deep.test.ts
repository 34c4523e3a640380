import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator, type Emulator, guidOf, vaultBody } from '../../emulator/index.ts';
import { readDestinations } from '../../src/cli/destinations.ts';
import { checkDestinations } from '../../src/files/destinations/check.ts';
import { isScanReport } from '../../src/reporters/scan/beginnings.ts';
import { scanReportFormats } from '../../src/reporters/scan/formats.ts';
import { record } from '../action/recording.ts';
import { run, type Outcome } from '../cli/run.ts';
import { withoutRightsOn } from '../ordinary-user.ts';
import { loadedFormats, textOf } from '../reporters/reports.ts';
import { sharedReports } from '../reporters/shared-reports.ts';

const fixtures = join(import.meta.dirname, '../fixtures/cases');
let cwd: string;
let azure: Emulator;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-outputs-'));
  for (const name of ['B4-overwrites-a-rule', 'B5-overwrites-source'])
    cpSync(join(fixtures, name), cwd, { recursive: true });
  const place = { subscriptionId: guidOf('one'), resourceGroup: 'rg', name: 'kv-a', location: 'westeurope' };
  azure = emulator({
    tenantId: guidOf('tenant'),
    managementGroups: [],
    subscriptions: [{ id: guidOf('one'), name: 'one' }],
    resources: [vaultBody(place, { properties: { enableSoftDelete: true } })],
  });
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** A command as one text has no arguments with spaces. */
type Command = string | readonly string[];

function purgeproof(command: Command): Promise<Outcome> {
  const { credential, httpClient } = azure;
  return run(typeof command === 'string' ? command.split(' ') : command, {
    cwd,
    azure: { credential, httpClient },
  });
}

const text = (file: string): string => readFileSync(join(cwd, file), 'utf8');

/** Everything in the folder: the names, and what files say. */
function contents(): ReadonlyMap<string, string> {
  const entries = readdirSync(cwd, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? readFileSync(path, 'utf8') : ''];
    }),
  );
}

/** What a refusal says: exit 2 before the first request, and not a byte of the folder has changed. */
async function refusalOf(command: Command): Promise<string> {
  const before = contents();
  const outcome = await purgeproof(command);
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(azure.requests).toEqual([]);
  expect(contents()).toEqual(before);
  return outcome.stderr;
}

describe('each file that a command reads is an input', () => {
  beforeEach(() => {
    symlinkSync('rules', join(cwd, 'linked-rules'));
    symlinkSync('org001.yaml', join(cwd, 'rules/link.yaml'));
    linkSync(join(cwd, 'rules/org001.yaml'), join(cwd, 'hard.yaml'));
    mkdirSync(join(cwd, 'rules/deeper'));
    const rule = text('rules/org001.yaml');
    writeFileSync(join(cwd, 'rules/deeper/org002.json'), JSON.stringify(ruleBody('ORG002')));
    writeFileSync(join(cwd, 'outside.yaml'), rule.replace('ORG001', 'ORG003').replace('owner-tag', 'tag'));
    symlinkSync('../outside.yaml', join(cwd, 'rules/org003.yaml'));
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'excludeRules: [AKV001]\n');
    writeFileSync(join(cwd, 'accepted.yaml'), 'exemptions: []\n');
  });

  test.for([
    ['a rule in a folder', 'rules/org001.yaml'],
    ['a rule in a folder below', 'rules/deeper/org002.json'],
    ['a rule by a link to it', 'rules/link.yaml'],
    ['a rule by a link to its folder', 'linked-rules/org001.yaml'],
    ['a rule by another hard link', 'hard.yaml'],
    ['what a link in the folder leads to', 'outside.yaml'],
    ['the configuration', 'purgeproof.yaml'],
    ['the exemptions', './rules/../accepted.yaml'],
  ])('B4: %s', async ([, path]) => {
    const flags = '--config purgeproof.yaml --exemptions accepted.yaml --policies rules';
    const message = `would overwrite ${path}, which is also an input`;
    expect(await refusalOf(`scan --inventory inventory.json ${flags} --output json=${path}`)).toMatch(
      message,
    );
    expect(await refusalOf(`scan ${flags} --output table --output sarif=${path}`)).toMatch(message);
    expect(await refusalOf(`plan ${flags} --rule AKV002 --out ${path}`)).toMatch(message);
  });

  test('the built-in rules', async () => {
    const path = join(import.meta.dirname, '../../policies/vaults/AKV001-soft-delete.yaml');
    expect(existsSync(path)).toBe(true);
    expect(await refusalOf(['scan', '--inventory', 'inventory.json', '--output', `json=${path}`])).toMatch(
      'which is also an input',
    );
  });

  test('the report that is planned, the plan that is applied, and its journal', async () => {
    await purgeproof('scan --output json=report.json');
    await purgeproof('plan --rule AKV002 --out plan.json');
    writeFileSync(join(cwd, 'plan.journal.ndjson'), '');
    linkSync(join(cwd, 'plan.json'), join(cwd, 'hard.json'));
    azure.requests.length = 0;
    expect(await refusalOf('plan --from report.json --out report.json')).toMatch(
      'would overwrite report.json',
    );
    for (const path of ['plan.json', 'hard.json', 'plan.journal.ndjson'])
      expect(await refusalOf(`apply plan.json --yes --output json=${path}`)).toMatch(
        `would overwrite ${path}`,
      );
    expect(await refusalOf('apply plan.json --yes --journal hard.json')).toMatch(
      'The plan itself cannot be its journal',
    );
  });

  test('what signing in reads', async () => {
    const { credential, httpClient } = azure;
    const env = { AZURE_FEDERATED_TOKEN_FILE: join(cwd, 'outside.yaml') };
    for (const command of ['scan --output json=outside.yaml', 'plan --out outside.yaml'])
      expect(await run(command.split(' '), { cwd, env, azure: { credential, httpClient } })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('would overwrite outside.yaml'),
      });
    expect(azure.requests).toEqual([]);
  });

  test('in the action as well', async () => {
    const before = text('rules/org001.yaml');
    const env = { INPUT_POLICIES: 'rules', INPUT_SARIF_FILE: 'rules/org001.yaml' };
    const { code, annotations } = await record(env, cwd, azure);
    expect(code).toBe(2);
    expect(annotations[0]?.message).toContain('would overwrite rules/org001.yaml');
    expect(azure.requests).toEqual([]);
    expect(text('rules/org001.yaml')).toBe(before);
  });
});

function ruleBody(id: string): object {
  return {
    id,
    name: `rule-${id.toLowerCase()}`,
    title: 'The vault has a cost centre',
    severity: 'low',
    resourceType: 'Microsoft.KeyVault/vaults',
    description: 'Somebody pays for it.',
    require: { field: 'tags.cost', exists: true },
  };
}

describe('infrastructure code below the source root is an input', () => {
  const template = '{"$schema": "https://x/deploymentTemplate.json", "resources": []}';
  beforeEach(() => {
    writeFileSync(join(cwd, 'infra/azuredeploy.json'), template);
    writeFileSync(join(cwd, 'infra/loads.bicep'), "var names = loadJsonContent('./names.json')\n");
    writeFileSync(join(cwd, 'infra/names.json'), '{"vault": "kv-a"}');
    writeFileSync(join(cwd, 'infra/main.tf'), 'resource "azurerm_key_vault" "a" {}\n');
    symlinkSync('infra/main.bicep', join(cwd, 'link.sarif'));
    linkSync(join(cwd, 'infra/main.bicep'), join(cwd, 'hard.sarif'));
  });

  test.for([
    'infra/main.bicep',
    'infra/main.tf',
    'infra/azuredeploy.json',
    'infra/names.json',
    'link.sarif',
    'hard.sarif',
  ])('B5: %s', async (path) => {
    const message = `would overwrite ${path}, which is also an input`;
    const scan = 'scan --inventory inventory.json --source-root infra';
    expect(await refusalOf(`${scan} --output sarif=${path}`)).toMatch(message);
    const env = { INPUT_INVENTORY: 'inventory.json', INPUT_JSON_FILE: path };
    const { code, annotations } = await record(env, cwd);
    expect({ code, message: annotations[0]?.message }).toMatchObject({
      code: 2,
      message: expect.stringContaining('which is also an input'),
    });
  });

  test('a report of an earlier run, an empty file and a missing one may be written over', async () => {
    writeFileSync(join(cwd, 'infra/empty.json'), '');
    const outputs = ['json=infra/report.json', 'sarif=infra/sarif.json', 'markdown=infra/empty.json'];
    const scan = `scan --inventory inventory.json --source-root infra ${outputs.map((each) => `--output ${each}`).join(' ')}`;
    for (let round = 0; round < 2; round += 1)
      expect(await purgeproof(scan)).toMatchObject({ code: 1, stdout: '', stderr: '' });
  });

  test('without a source root, and where the file is no infrastructure code, it is as with any other file', async () => {
    writeFileSync(join(cwd, 'infra/package.json'), '{"name": "x"}');
    expect(await purgeproof('scan --inventory inventory.json --output json=infra/main.tf')).toMatchObject({
      code: 1,
    });
    expect(
      await purgeproof(
        'scan --inventory inventory.json --source-root infra --output json=infra/package.json',
      ),
    ).toMatchObject({ code: 1 });
  });

  test.for(loadedFormats)('a report in the format %s is known for one', ([, reporter]) => {
    for (const report of Object.values(sharedReports))
      expect(isScanReport(textOf(reporter, report).slice(0, 16_384))).toBe(true);
    expect(isScanReport(template)).toBe(false);
  });
});

describe('what cannot be written is refused before the first request', () => {
  beforeEach(() => mkdirSync(join(cwd, 'folder')));

  test.for([
    ['a folder', 'json=folder', 'Cannot write folder: it is a folder.'],
    ['a file as a folder', 'json=inventory.json/x.json', 'part of the path is not a folder'],
    ['a name that is too long', `json=${'n'.repeat(300)}.json`, 'its name is too long'],
    ['two reports for one file', 'json=a.json --output sarif=folder/../a.json', 'Two reports would go to'],
    [
      'a report inside another',
      'json=out --output sarif=out/x.sarif',
      'Another report would be written where',
    ],
    [
      'all of it at once',
      'json=folder --output sarif=rules/org001.yaml --policies rules',
      /would overwrite rules\/org001.yaml[^]*Cannot write folder/,
    ],
  ] as const)('B6: %s', async ([, output, message]) => {
    expect(await refusalOf(`scan --output markdown=report.md --output ${output}`)).toMatch(message);
    expect(
      await refusalOf(`scan --inventory inventory.json --output markdown=report.md --output ${output}`),
    ).toMatch(message);
  });

  test('in plan and apply', async () => {
    await purgeproof('plan --rule AKV002 --out plan.json');
    azure.requests.length = 0;
    expect(await refusalOf('plan --rule AKV002 --out folder')).toMatch('it is a folder');
    expect(await refusalOf('apply plan.json --yes --output json=folder')).toMatch('it is a folder');
  });

  // access(2) asks for the real user, whom the superuser cannot change for a while.
  test.skipIf(process.getuid?.() === 0)('a read-only file', async () => {
    writeFileSync(join(cwd, 'kept.json'), '', { mode: 0o444 });
    expect(await refusalOf('scan --output json=kept.json')).toMatch(
      'Cannot write kept.json: permission denied',
    );
  });

  test('a read-only folder', async () => {
    const folder = join(cwd, 'folder');
    chmodSync(cwd, 0o755);
    chmodSync(folder, 0o555);
    // The command itself would load modules, which nobody may not always read.
    const destinations = readDestinations(['json=folder/x.json'], scanReportFormats);
    const check = withoutRightsOn(folder, () => checkDestinations(destinations, { cwd, files: [] }));
    await expect(check).rejects.toThrow('Cannot write folder/x.json: permission denied');
    chmodSync(folder, 0o755);
  });

  test('in the action', async () => {
    const { code, annotations } = await record({ INPUT_JSON_FILE: 'folder' }, cwd, azure);
    expect({ code, message: annotations[0]?.message }).toMatchObject({
      code: 2,
      message: expect.stringContaining('it is a folder'),
    });
    expect(azure.requests).toEqual([]);
  });
});

/** `/dev/full` takes no byte: whatever writes to it finds the disk full. */
describe.skipIf(!existsSync('/dev/full'))('one output that fails at the end does not cost the others', () => {
  const full = 'Cannot write /dev/full: the disk is full.';

  test('B6: exit 2 says so, and the others are there', async () => {
    const outputs = '--output json=/dev/full --output markdown=report.md --output table';
    const outcome = await purgeproof(`scan --inventory inventory.json ${outputs}`);
    expect(outcome).toMatchObject({ code: 2, stdout: expect.stringContaining('non-compliant') });
    expect(outcome.stderr).toContain(full);
    expect(isScanReport(text('report.md'))).toBe(true);
  });

  test('with nothing else on standard output, what failed goes there', async () => {
    const outputs = '--output sarif=report.sarif --output json=/dev/full --output markdown=/dev/full';
    const outcome = await purgeproof(`scan --inventory inventory.json ${outputs}`);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining(full) });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ complete: true });
    expect(isScanReport(text('report.sarif'))).toBe(true);
  });

  test('2 outranks 3: what was asked for is not all there', async () => {
    const { credential, httpClient } = azure;
    const stopped = new AbortController();
    stopped.abort();
    const argv = 'scan --output json=/dev/full --output table'.split(' ');
    const setting = { cwd, azure: { credential, httpClient }, signal: stopped.signal };
    expect(await run(argv, setting)).toMatchObject({ code: 2 });
    expect(await run(argv.slice(0, 1), setting)).toMatchObject({ code: 3 });
  });

  test('in plan', async () => {
    const outputs = '--out plan.json --output markdown=/dev/full --output text';
    const outcome = await purgeproof(`plan --rule AKV002 ${outputs}`);
    expect(outcome).toMatchObject({ code: 2, stdout: expect.stringContaining('kv-a') });
    expect(outcome.stderr).toContain(full);
    expect(JSON.parse(text('plan.json'))).toMatchObject({ steps: [{}] });
  });

  test('in apply, where 3 says that something was sent', async () => {
    await purgeproof('plan --rule AKV002 --out plan.json');
    const apply = 'apply plan.json --yes --allow irreversible';
    const dry = await purgeproof(`${apply} --dry-run --output json=/dev/full --output json=dry.json`);
    expect(dry).toMatchObject({ code: 2, stderr: expect.stringContaining(full) });
    expect(JSON.parse(text('dry.json'))).toMatchObject({ dryRun: true });
    const sent = await purgeproof(`${apply} --output json=/dev/full --output json=sent.json`);
    expect(sent).toMatchObject({ code: 3, stderr: expect.stringContaining(full) });
    expect(JSON.parse(text('sent.json'))).toMatchObject({ summary: { verified: 1 } });
  });

  test('in the action, where no later step may take an older SARIF for the one that failed', async () => {
    const env = {
      INPUT_INVENTORY: 'inventory.json',
      INPUT_SARIF_FILE: '/dev/full',
      INPUT_MARKDOWN_FILE: 'report.md',
      INPUT_UPLOAD: 'true',
    };
    const { code, annotations, outputs, summary } = await record(env, cwd);
    expect(code).toBe(2);
    expect(annotations[0]).toMatchObject({ level: 'error', title: 'Report not written' });
    expect(annotations[0]?.message).toContain('the disk is full');
    expect(outputs).toMatchObject({
      complete: 'true',
      'sarif-file': '',
      'json-file': 'purgeproof.json',
      'exit-code': '2',
      upload: 'false',
    });
    expect(isScanReport(text('purgeproof.json'))).toBe(true);
    expect(isScanReport(text('report.md'))).toBe(true);
    expect(summary).toContain('## Azure Key Vault compliance');
  });
});
