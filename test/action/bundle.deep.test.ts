import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log, Result } from 'sarif';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulator, startTlsProxy, type TlsProxy } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import { holdRequests } from '../held-requests.ts';
import { refusals } from '../reporters/github-ingestion.ts';
import { complaints, multitoolFolder } from '../reporters/multitool.ts';
import { actionTenant, checkout } from './estate.ts';
import { checkoutAs, declaredVault, eventOf, pullRequest } from './repository.ts';
import { node24, releaseFolder, type StepResult, startScanStep } from './step.ts';

const azure = emulator(actionTenant(), { quota: 'unlimited' });
const current = process.versions.node.split('.')[0];
const twentyFour = current === '24' ? { missing: 'the tests themselves run on it' } : node24();
const interpreters = [
  { name: `Node.js ${current}`, path: process.execPath },
  { name: 'Node.js 24', ...twentyFour },
];
let proxy: TlsProxy;
let actionPath: string;
const workspaces: string[] = [];

beforeAll(async () => {
  proxy = await startTlsProxy(azure);
  actionPath = releaseFolder();
});
afterAll(async () => {
  await proxy.close();
  for (const folder of [actionPath, ...workspaces]) rmSync(folder, { recursive: true, force: true });
});

const signedIn = {
  AZURE_TENANT_ID: azure.tenant.tenantId,
  AZURE_CLIENT_ID: defaultPrincipal.clientId,
  AZURE_CLIENT_SECRET: defaultPrincipal.clientSecret,
};
const github = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'contoso/infra',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF: 'refs/heads/main',
};

interface Way {
  readonly node?: string;
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function start(inputs: Readonly<Record<string, string>>, way: Way = {}) {
  const workspace = way.workspace ?? newWorkspace();
  const env = {
    HTTPS_PROXY: proxy.proxyUrl,
    NODE_EXTRA_CA_CERTS: proxy.caFile,
    AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
    ...github,
    ...(way.env ?? signedIn),
  };
  return startScanStep(inputs, { actionPath, workspace, node: way.node ?? process.execPath, env });
}

function step(inputs: Readonly<Record<string, string>>, way: Way = {}): Promise<StepResult> {
  return start(inputs, way).ended;
}

function newWorkspace(): string {
  const workspace = checkout();
  workspaces.push(workspace);
  return workspace;
}

function readSarif(workspace: string, file = 'purgeproof.sarif'): Log {
  return JSON.parse(readFileSync(join(workspace, file), 'utf8'));
}

function resultsIn(log: Log): readonly Result[] {
  return log.runs[0]?.results ?? [];
}

test('the release folder has the bundle, the rules, the manifest, and no node_modules', () => {
  expect(readdirSync(actionPath).toSorted()).toEqual(['action.yml', 'dist', 'package.json', 'policies']);
});

test('of a pull request what it changes is shown on its lines, with what is deployed today', async () => {
  const before = {
    'infra/good.bicep': declaredVault('good'),
    'infra/billing.bicep': declaredVault('billing', []),
  };
  const pull = pullRequest(before, {
    'infra/good.bicep': declaredVault('good', []),
    'infra/new.bicep': declaredVault('new'),
  });
  const workspace = checkoutAs(pull, 'refs/pull/7/merge', 2);
  workspaces.push(workspace, pull.origin);
  const inputs = {
    source: 'infra',
    'changed-only': 'true',
    'show-deployed': 'true',
    subscriptions: 'clean\nfaulty',
  };
  const { code, log, outputs, summary } = await step(inputs, {
    workspace,
    env: { ...signedIn, ...eventOf(pull) },
  });
  expect({ code, outputs }).toMatchObject({ code: 1, outputs: { complete: 'true', findings: '2' } });
  expect(log.match(/^::(?:error|warning|notice) .*file=.*$/gm)).toEqual([
    expect.stringMatching(
      /^::error title=AKV002 purge-protection%3A kv-good,file=infra\/good\.bicep,line=1,col=1::.*Today enablePurgeProtection is true: this code would change that\./,
    ),
  ]);
  expect(summary).toContain('| <code>kv-new</code> | <code>infra/new.bicep:1</code> | Not deployed yet.');
  expect(summary).not.toContain('kv-billing');
});

test('the licence of everything that is bundled and the list of it stand beside the bundle', () => {
  const folder = join(actionPath, 'dist/action');
  const files = readdirSync(folder).filter((file) => !file.endsWith('.mjs'));
  expect(files.toSorted()).toEqual(['THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json']);
  const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['@actions/core', '@azure/identity', '@azure/msal-common', 'ajv', 'yaml'])
    expect(notices).toMatch(new RegExp(`^${name} \\d[\\d.]* \\((?:MIT|ISC)\\)$`, 'm'));
  expect(notices).not.toMatch(/^(?:vitest|esbuild) /m);
});

describe.for(interpreters)('on $name', (interpreter) => {
  const node = 'path' in interpreter ? interpreter.path : '';
  const missing = 'missing' in interpreter ? `: skipped, since ${interpreter.missing}` : '';

  test.skipIf(missing !== '')(`a clean scan passes${missing}`, async () => {
    const workspace = newWorkspace();
    const { code, outputs, summary, log } = await step({ subscriptions: 'clean' }, { node, workspace });
    expect({ code, outputs }).toEqual({
      code: 0,
      outputs: {
        complete: 'true',
        findings: '0',
        'highest-severity': 'none',
        'sarif-file': 'purgeproof.sarif',
        'json-file': 'purgeproof.json',
        'exit-code': '0',
        upload: 'false',
        keep: 'false',
        'artifact-name': 'purgeproof-subscription-clean',
        'artifact-files': `${workspace}/purgeproof.sarif\n${workspace}/purgeproof.json`,
      },
    });
    expect(summary).toContain('The only vault meets ');
    expect(log).not.toMatch(/^::(?:error|warning)/m);
  });

  test.skipIf(missing !== '')(`findings fail the step, and are handed on${missing}`, async () => {
    const workspace = newWorkspace();
    const inputs = { subscriptions: 'faulty\nclean', upload: 'TRUE', 'fail-on': 'Medium' };
    const { code, outputs, summary, log } = await step(inputs, { node, workspace });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({
      complete: 'true',
      findings: '2',
      'highest-severity': 'high',
      'sarif-file': 'purgeproof.sarif',
      'exit-code': '1',
      upload: 'true',
    });
    expect(summary).toContain('2 findings on 2 of 3');
    expect(log).toContain('::error title=Findings at or above medium::');
    expect(log).toContain('file=infra/main.bicep,line=2');
    expect(resultsIn(readSarif(workspace))).toHaveLength(2);
  });

  test.skipIf(missing !== '')(`an incomplete scan is not handed on${missing}`, async () => {
    const workspace = newWorkspace();
    const { code, outputs, summary, log } = await step({ upload: 'true' }, { node, workspace });
    expect(code).toBe(3);
    expect(outputs).toMatchObject({
      complete: 'false',
      findings: '2',
      'sarif-file': '',
      'json-file': 'purgeproof.json',
      'exit-code': '3',
      upload: 'false',
      keep: 'true',
      'artifact-files': `${workspace}/purgeproof.json`,
    });
    expect(summary).toContain('INCOMPLETE');
    expect(log).toMatch(/^::error title=Incomplete scan::.*Nothing is uploaded to code scanning/m);
    expect(log).toMatch(/^::error title=Not read%3A subscription closed/m);
    expect(readSarif(workspace).runs[0]?.invocations?.[0]?.executionSuccessful).toBe(false);
  });

  test.skipIf(missing !== '')(`an inventory needs neither network nor sign-in${missing}`, async () => {
    const inputs = { inventory: 'vaults.json', category: 'offline' };
    const { code, outputs } = await step(inputs, { node, env: { HTTPS_PROXY: 'http://127.0.0.1:9' } });
    expect({ code, findings: outputs['findings'] }).toEqual({ code: 1, findings: '1' });
  });
});

describe('when there is no scan', () => {
  const nothing = {
    complete: 'false',
    findings: '',
    'highest-severity': '',
    'sarif-file': '',
    'exit-code': '2',
  };

  test('every wrong input is named at once, with a hint', async () => {
    const inputs = {
      'fail-on': 'hgh',
      upload: 'yes',
      include: 'template',
      policies: 'rules/',
      cloud: 'Azure',
    };
    const { code, outputs, summary, log } = await step(inputs);
    expect({ code, outputs }).toMatchObject({ code: 2, outputs: nothing });
    const named = Array.from(log.matchAll(/^::error title=Input ([\w-]+)::/gm), ([, input]) => input);
    expect(new Set(named)).toEqual(new Set(['cloud', 'fail-on', 'include', 'policies', 'upload']));
    expect(log).toContain('Did you mean high?');
    expect(summary).toContain('The scan did not run, so nothing is known');
    for (const input of named) expect(summary).toContain(`\n- ${input}: `);
  });

  test('signed out, it says how to sign in in a workflow', async () => {
    const { code, outputs, log } = await step({}, { env: {} });
    expect({ code, outputs }).toMatchObject({ code: 2, outputs: nothing });
    expect(log).toContain('azure/login');
    expect(log).not.toMatch(/^\s+at /m);
  });

  test('with a wrong secret, it says so and keeps it', async () => {
    const { code, log } = await step({}, { env: { ...signedIn, AZURE_CLIENT_SECRET: 'wrong-secret' } });
    expect(code).toBe(2);
    expect(log).toContain('AZURE_CLIENT_SECRET');
    expect(log).not.toContain('wrong-secret');
  });
});

test('allow-incomplete lets the step pass by what was found, and still hands nothing on', async () => {
  const inputs = { 'allow-incomplete': 'true', 'fail-on': 'critical', upload: 'true' };
  const { code, outputs, log } = await step(inputs);
  expect({ code, outputs }).toMatchObject({
    code: 0,
    outputs: { complete: 'false', 'sarif-file': '', 'exit-code': '0', upload: 'false' },
  });
  expect(log).toMatch(/^::warning title=Incomplete scan::/m);
});

test('a cancelled job leaves an incomplete report', async () => {
  const slow = emulator(actionTenant());
  const held = holdRequests(slow, { path: /resources$/ });
  const slowProxy = await startTlsProxy(slow);
  const env = { ...signedIn, HTTPS_PROXY: slowProxy.proxyUrl, NODE_EXTRA_CA_CERTS: slowProxy.caFile };
  const { child, ended } = start({ subscriptions: 'faulty' }, { env });
  await held.reached(ended);
  child.kill('SIGINT');
  const { code, outputs } = await ended;
  held.release();
  await slowProxy.close();
  expect({ code, outputs }).toMatchObject({ code: 3, outputs: { complete: 'false', 'sarif-file': '' } });
});

describe('the SARIF', () => {
  const inputs = { subscriptions: 'faulty' };

  test('is valid, what GitHub takes, and names no folder of the runner', async () => {
    const workspace = newWorkspace();
    const { summary } = await step(inputs, { workspace });
    const text = readFileSync(join(workspace, 'purgeproof.sarif'), 'utf8');
    const log = readSarif(workspace);
    const schema = readFileSync(join(multitoolFolder, 'sarif-2.1.0.json'), 'utf8').replace(/^\uFEFF/, '');
    const options = { strict: false, unicodeRegExp: false, validateFormats: false };
    expect(new Ajv2020(options).validate(JSON.parse(schema), log)).toBe(true);
    expect(refusals([log])).toEqual([]);
    await expect(complaints({ action: text })).resolves.toEqual([]);
    expect(log.runs[0]?.automationDetails?.id).toBe('purgeproof/subscription-faulty/');
    expect(log.runs[0]?.versionControlProvenance).toMatchObject([
      { repositoryUri: 'https://github.com/contoso/infra', revisionId: github.GITHUB_SHA, branch: 'main' },
    ]);
    for (const shown of [text, summary]) {
      expect(shown).not.toContain(workspace);
      expect(shown).not.toContain(actionPath);
    }
  });

  test('is the same for an unchanged tenant, but for times', async () => {
    const workspace = newWorkspace();
    const texts: string[] = [];
    for (const file of ['one.sarif', 'two.sarif']) {
      await step({ ...inputs, 'sarif-file': file }, { workspace });
      const text = readFileSync(join(workspace, file), 'utf8');
      texts.push(text.replaceAll(/"(?:start|end)TimeUtc": "[^"]*"/g, ''));
    }
    expect(texts[0]).toContain('kv-orders');
    expect(texts[1]).toBe(texts[0]);
  });

  test('keeps its fingerprints when a file is renamed, and follows the file', async () => {
    const workspace = newWorkspace();
    await step(inputs, { workspace });
    const before = readSarif(workspace);
    renameSync(join(workspace, 'infra/main.bicep'), join(workspace, 'infra/vaults.bicep'));
    await step(inputs, { workspace });
    const after = readSarif(workspace);
    expect(resultsIn(after).map(fingerprintOf)).toEqual(resultsIn(before).map(fingerprintOf));
    expect(resultsIn(before).map(uriOf)).toContain('infra/main.bicep');
    expect(resultsIn(after).map(uriOf)).toContain('infra/vaults.bicep');
    expect(resultsIn(after).map(uriOf)).not.toContain('infra/main.bicep');
  });

  test('shows what no code declares in the workflow that scans', async () => {
    const workspace = newWorkspace();
    renameSync(join(workspace, 'infra/main.bicep'), join(workspace, 'scan.yml'));
    const env = { ...signedIn, GITHUB_WORKFLOW_REF: 'contoso/infra/scan.yml@refs/heads/main' };
    await step(inputs, { workspace, env });
    expect(new Set(resultsIn(readSarif(workspace)).map(uriOf))).toEqual(new Set(['scan.yml']));
  });
});

function fingerprintOf({ partialFingerprints }: Result): string | undefined {
  return partialFingerprints?.['primaryLocationLineHash'];
}

function uriOf({ locations }: Result): string | undefined {
  return locations?.[0]?.physicalLocation?.artifactLocation?.uri;
}
