import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { emulator, type Tenant } from '../../emulator/index.ts';
import { guidOf, managedHsmBody, vaultBody } from '../../emulator/tenants/bodies.ts';
import { actedUpon, hostileTexts } from '../reporters/hostile.ts';
import { run, type Setting } from './run.ts';

const [alpha, beta] = [guidOf('alpha'), guidOf('beta')];

function tenant(
  names: { readonly subscription?: string; readonly tag?: string; readonly group?: string } = {},
): Tenant {
  const at = (subscriptionId: string, name: string) => ({
    subscriptionId,
    resourceGroup: 'rg',
    name,
    location: 'westeurope',
  });
  const kept = (days: number) => ({
    properties: { softDeleteRetentionInDays: days, enablePurgeProtection: true },
  });
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [{ id: 'mg-prod', displayName: names.group ?? 'Production' }],
    subscriptions: [
      { id: alpha, name: names.subscription ?? 'Alpha', managementGroup: 'mg-prod' },
      { id: beta, name: 'Beta', managementGroup: 'mg-prod' },
    ],
    resources: [
      vaultBody(at(alpha, 'kv-a'), { ...kept(90), tags: { env: 'prod' } }),
      vaultBody(at(alpha, 'kv-b'), { ...kept(30), tags: { Env: names.tag ?? 'dev' } }),
      vaultBody(at(beta, 'kv-c'), { properties: { softDeleteRetentionInDays: 7 }, tags: { team: 'x' } }),
      managedHsmBody(at(alpha, 'hsm-a'), kept(90)),
    ],
  };
}

function begin(of: Tenant = tenant()) {
  const { credential, httpClient } = emulator(of);
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-init-'));
  const type = (argv: string, setting: Setting = {}) =>
    run(argv.split(' '), { cwd, azure: { credential, httpClient }, ...setting });
  const written = (): string => readFileSync(join(cwd, 'purgeproof.yaml'), 'utf8');
  return { type, cwd, written };
}

/** The proposals taken, but for those that name files. */
function withProposals(text: string): string {
  return text.replaceAll(/^#(?:exemptions|policies):.*\n/gm, '').replaceAll(/^#(?! [^ ])(?=.)/gm, '');
}

describe('init', () => {
  test('writes what is there, and a scan runs with it', async () => {
    const { type, written } = begin();
    expect(await type('init')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await expect(written()).toMatchFileSnapshot('golden/init.yaml');
    const scanned = await type('scan --output json');
    expect(scanned).toMatchObject({ code: 1, stderr: 'Configuration: purgeproof.yaml\n' });
    const plain = await type('scan --no-config --output json');
    expect(JSON.parse(scanned.stdout).summary).toEqual(JSON.parse(plain.stdout).summary);
  });

  test('its proposals can be taken', async () => {
    const { type, written, cwd } = begin();
    await type('init');
    const taken = withProposals(written());
    writeFileSync(join(cwd, 'purgeproof.yaml'), taken);
    const shown = await type('config show --output json');
    expect(shown.stderr).toBe('Configuration: purgeproof.yaml\n');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      parametersByScope: [
        { scope: { subscription: beta }, parameters: [{ value: 7 }, { value: 7 }] },
        { scope: { tag: { env: 'dev' } }, parameters: [{ value: 30 }, { value: 30 }] },
      ],
    });
  });

  test('its proposals for tags that one vault may have do not contradict each other', async () => {
    const tagged = (name: string, days: number, tags: Record<string, string>) =>
      vaultBody(
        { subscriptionId: alpha, resourceGroup: 'rg', name, location: 'westeurope' },
        { properties: { softDeleteRetentionInDays: days }, tags },
      );
    const resources = [
      tagged('kv-1', 7, { env: 'dev' }),
      tagged('kv-2', 7, { env: 'dev', tier: '2' }),
      tagged('kv-3', 14, { tier: '1' }),
      tagged('kv-4', 14, { env: 'test' }),
    ];
    const { type, written, cwd } = begin({ ...tenant(), resources });
    await type('init');
    writeFileSync(join(cwd, 'purgeproof.yaml'), withProposals(written()));
    const { code, stdout } = await type('config show --output json');
    expect(code).toBe(0);
    const scopes = JSON.parse(stdout).parametersByScope.map(
      ({ scope }: { readonly scope: unknown }) => scope,
    );
    expect(scopes).toEqual([{ subscription: alpha }, { tag: { env: 'dev' } }, { tag: { env: 'test' } }]);
  });

  test('of an inventory', async () => {
    const { type, cwd, written } = begin();
    writeFileSync(join(cwd, 'vaults.json'), JSON.stringify(tenant().resources));
    expect(await type('init --inventory vaults.json')).toMatchObject({ code: 0, stderr: '' });
    expect(written()).toContain('from the inventory vaults.json: 3 vaults and 1 managed HSM');
    expect(await type('scan --inventory vaults.json')).toMatchObject({ code: 1 });
  });

  test('names the inventory from the folder of the file', async () => {
    const { type, cwd } = begin();
    mkdirSync(join(cwd, 'audits'));
    writeFileSync(join(cwd, 'vaults.json'), JSON.stringify(tenant().resources));
    await type('init --inventory vaults.json --out audits/own.yaml');
    const text = readFileSync(join(cwd, 'audits/own.yaml'), 'utf8');
    expect(text).toContain('from the inventory vaults.json: ');
    expect(text).toContain('\n#inventory: "../vaults.json"\n');
    writeFileSync(join(cwd, 'audits/own.yaml'), withProposals(text));
    expect(await type('scan --config audits/own.yaml --rule AKV003')).toMatchObject({ code: 0 });
  });

  test('proposes no value for a part of which a few keep less', async () => {
    const live = (name: string, days: number) =>
      vaultBody(
        { subscriptionId: alpha, resourceGroup: 'rg', name, location: 'westeurope' },
        { properties: { softDeleteRetentionInDays: days }, tags: { stage: 'live' } },
      );
    const resources = [live('kv-d', 90), live('kv-e', 7)];
    const { type, written } = begin({ ...tenant(), resources });
    await type('init');
    expect(written()).not.toContain('live');
    resources.push(live('kv-f', 30));
    await type('init --force');
    expect(written()).toContain(
      '#  - scope: { tag: { "stage": "live" } } # 3 resources: 7 days in 1, 30 days in 1, 90 days in 1\n' +
        '#    parameters: { minimumRetentionDays: 7 }\n',
    );
  });

  test('without Azure writes the file without figures', async () => {
    const { type, written } = begin();
    expect(await type('init --offline')).toMatchObject({ code: 0, stderr: '' });
    expect(parse(written())).toEqual({
      parameters: { minimumRetentionDays: 90 },
      failOn: 'low',
      writes: { maxChanges: 25 },
    });
    expect(await type('config show')).toMatchObject({ code: 0 });
  });

  test('where the sign-in fails, writes it as well and says so: exit code 3', async () => {
    const { type, written } = begin();
    const unavailable = Object.assign(new Error('no one is signed in'), {
      name: 'CredentialUnavailableError',
    });
    const credential = { getToken: async () => Promise.reject(unavailable) };
    const { httpClient } = emulator(tenant());
    const { code, stderr } = await type('init', { azure: { credential, httpClient } });
    expect(stderr).toMatch(/^Azure could not be read, so the file is written without figures\. /);
    expect(code).toBe(3);
    expect(written()).toContain('nothing was asked of Azure');
  });

  test('where a part cannot be read, says so in the file: exit code 3', async () => {
    const of = tenant();
    const { type, written } = begin({
      ...of,
      subscriptions: of.subscriptions.map((one) =>
        one.id === beta ? Object.assign({}, one, { access: 'denied', listed: true } as const) : one,
      ),
    });
    const { code, stderr } = await type('init');
    expect(code).toBe(3);
    expect(stderr).toContain('Not everything could be read');
    expect(written()).toContain('# INCOMPLETE: 1 thing could not be read, so there may be more.');
  });

  test('never overwrites a file: exit code 2, and nothing is asked of Azure', async () => {
    const { type, cwd, written } = begin();
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'failOn: high\n');
    const { code, stderr } = await type('init --github');
    expect(stderr).toContain('purgeproof.yaml is there already, and nothing was written.');
    expect(stderr).toContain('Name another file with --out, or add --force to replace what is there.');
    expect(code).toBe(2);
    expect(written()).toBe('failOn: high\n');
    expect(existsSync(join(cwd, '.github'))).toBe(false);
    expect(await type('init --offline --force')).toMatchObject({ code: 0 });
    expect(written()).not.toBe('failOn: high\n');
  });

  test('--github writes a workflow with the same steps as the documentation', async () => {
    const { type, cwd } = begin();
    expect(await type('init --offline --github')).toMatchObject({
      code: 0,
      ending: expect.stringContaining('Wrote purgeproof.yaml, .github/workflows/purgeproof.yml.'),
    });
    const workflow = parse(readFileSync(join(cwd, '.github/workflows/purgeproof.yml'), 'utf8'));
    const page = readFileSync(join(import.meta.dirname, '../../docs/github-action.md'), 'utf8');
    const documented = parse(/```yaml\n([^]*?)```/.exec(page)?.[1] ?? '');
    const [own, theirs] = [workflow, documented].map(({ jobs: { scan } }) => scan.steps);
    expect(own.slice(0, 2)).toEqual(theirs.slice(0, 2));
    expect(workflow.jobs.scan.permissions).toEqual(documented.jobs.scan.permissions);
    expect(own[2]).toMatchObject({
      uses: expect.stringMatching(/^purgeproof\/purgeproof@v\d/),
      with: { config: 'purgeproof.yaml' },
    });
  });

  test.for(hostileTexts)('names of others stay inert: %s', async ([, text]) => {
    const { type, written, cwd } = begin(tenant({ subscription: text, tag: text, group: text }));
    expect(await type('init')).toMatchObject({ code: 0, stderr: '' });
    expect(parse(written())).toEqual({
      parameters: { minimumRetentionDays: 90 },
      failOn: 'low',
      writes: { maxChanges: 25 },
    });
    expect(written()).not.toMatch(actedUpon);
    const taken = withProposals(written());
    writeFileSync(join(cwd, 'purgeproof.yaml'), taken);
    const shown = await type('config show --output json');
    expect(shown.stderr).toBe('Configuration: purgeproof.yaml\n');
    const { parametersByScope } = JSON.parse(shown.stdout);
    expect(parametersByScope).toContainEqual(expect.objectContaining({ scope: { tag: { env: text } } }));
  });
});
