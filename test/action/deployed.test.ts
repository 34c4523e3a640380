import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emulator, guidOf, vaultBody } from '../../emulator/index.ts';
import { actionTenant } from './estate.ts';
import { record } from './recording.ts';
import { declaredVault } from './repository.ts';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'purgeproof deployed-'));
  mkdirSync(join(workspace, '.git'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const inputs = {
  INPUT_SOURCE: '.',
  INPUT_SHOW_DEPLOYED: 'true',
  INPUT_SUBSCRIPTIONS: 'clean, faulty',
};
const inGood = `/subscriptions/${guidOf('clean')}/resourceGroups/rg-platform/providers/Microsoft.KeyVault/vaults/kv-good`;

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
}

/** What the report says of Azure, by the name in the code: the state, and the rules that fail there or why it is not known. */
function deployed(): Readonly<Record<string, string>> {
  const report = JSON.parse(readFileSync(join(workspace, 'purgeproof.json'), 'utf8'));
  const words = report.deployed.map(
    (one: {
      declared: { name: string };
      state: string;
      reason?: string;
      findings?: { ruleId: string; compliance: string }[];
    }): [string, string] => {
      const failed = (one.findings ?? []).filter(({ compliance }) => compliance === 'nonCompliant');
      return [
        one.declared.name,
        [one.state, one.reason, ...failed.map(({ ruleId }) => ruleId)].filter(Boolean).join(' '),
      ];
    },
  );
  return Object.fromEntries(words);
}

test('each declared vault is told as it is in Azure today', async () => {
  write({
    'good.bicep': declaredVault('good', ['enablePurgeProtection: false']),
    'orders.bicep': declaredVault('orders', []),
    'new.bicep': declaredVault('new', []),
    'open.bicep': declaredVault('open', []).replace("'kv-open'", "'kv-${uniqueString(newGuid())}'"),
    'elsewhere.bicep': declaredVault('billing').replace("'westeurope'", "'northeurope'"),
  });
  const ran = await record(inputs, workspace, emulator(actionTenant(), { quota: 'unlimited' }));
  expect(ran.code).toBe(1);
  expect(deployed()).toEqual({
    'kv-good': 'deployed',
    'kv-orders': 'deployed AKV002',
    'kv-new': 'notDeployed Nothing of this name is in 2 subscriptions.',
    'kv-*': 'notKnown Its name is not known in full.',
    'kv-billing': expect.stringMatching(/^notKnown Of this name there is \/subscriptions\/.*\/kv-billing,/),
  });
  const said = Object.fromEntries(ran.annotations.map(({ at, message }) => [at?.file, message]));
  expect(said['good.bicep']).toContain('Today enablePurgeProtection is true: this code would change that.');
  expect(said['orders.bicep']).toContain('Today it fails as well: enablePurgeProtection is unset');
  expect(said['new.bicep']).toContain('Not deployed yet.');
  expect(said['open.bicep']).toContain('What is deployed is not known.');
  expect(ran.summary).toContain('### Deployed today');
  expect(ran.summary).toContain('Deployed, with 1 finding: AKV002 purge-protection.');
  expect(ran.summary).toContain(`https://portal.azure.com/#resource${inGood}`);
  expect(ran.outputs).toMatchObject({ complete: 'true', findings: '4' });
});

test('of a name that is not known in full nothing is told that another vault fits, too, or that may be elsewhere', async () => {
  const pattern = (name: string, text: string) =>
    `param stage string\n${declaredVault(name, []).replace(`'kv-${name}'`, `'${text}'`)}`;
  write({
    'one.bicep': pattern('one', 'kv-${stage}orders'),
    'two.bicep': pattern('two', '${stage}billing'),
  });
  const estate = actionTenant();
  const place = { subscriptionId: guidOf('faulty'), resourceGroup: 'rg-other', location: 'westeurope' };
  if (Array.isArray(estate.resources)) estate.resources.push(vaultBody({ ...place, name: 'my-billing' }));
  const azure = emulator(estate, { quota: 'unlimited' });
  await record(inputs, workspace, azure);
  expect(deployed()).toEqual({
    'kv-*orders': 'deployed AKV002',
    '*billing': expect.stringMatching(
      /^notKnown It may be any of .*kv-billing.*my-billing|my-billing.*kv-billing/,
    ),
  });
  await record({ ...inputs, INPUT_SUBSCRIPTIONS: 'clean, faulty, closed' }, workspace, azure);
  expect(deployed()['kv-*orders']).toBe('notKnown Not all of Azure could be read.');
});

test.for<[string, Record<string, string>, string]>([
  ['that may not be read', { INPUT_SUBSCRIPTIONS: 'clean, closed' }, 'closed'],
  ['that does not exist', { INPUT_SUBSCRIPTIONS: 'clean, nowhere' }, 'nowhere'],
])(
  'a subscription %s is a gap: the verdicts on the code stay, and nothing is called not deployed',
  async ([, env, name]) => {
    write({ 'new.bicep': declaredVault('new', []), 'good.bicep': declaredVault('good') });
    const azure = emulator(actionTenant(), { quota: 'unlimited' });
    const ran = await record({ ...inputs, ...env }, workspace, azure);
    expect(ran.code).toBe(3);
    expect(ran.annotations.map(({ title }) => title)).toContainEqual(
      expect.stringMatching(new RegExp(`^Not read: .*${name}`)),
    );
    expect(deployed()).toEqual({
      'kv-good': 'deployed',
      'kv-new': 'notKnown Not all of Azure could be read.',
    });
    expect(ran.outputs).toMatchObject({ complete: 'false', findings: '1' });
  },
);

test('without a sign-in the code is judged, and the scan is incomplete', async () => {
  write({ 'new.bicep': declaredVault('new', []) });
  const httpClient = {
    sendRequest: () => Promise.reject(Object.assign(new Error('no network'), { code: 'ENOTFOUND' })),
  };
  const ran = await record(inputs, workspace, { httpClient });
  expect(ran.code).toBe(3);
  expect(deployed()).toEqual({ 'kv-new': 'notKnown Not all of Azure could be read.' });
  const allowed = await record(
    { ...inputs, INPUT_ALLOW_INCOMPLETE: 'true', INPUT_FAIL_ON: 'critical' },
    workspace,
    { httpClient },
  );
  expect(allowed.code).toBe(0);
});

test('where it is declined, as for a pull request from a fork, the scope is not used', async () => {
  write({ 'new.bicep': declaredVault('new', []) });
  const ran = await record({ ...inputs, INPUT_SHOW_DEPLOYED: 'false' }, workspace);
  expect(ran.code).toBe(1);
  expect(ran.annotations.map(({ message }) => message).join()).not.toMatch(/Today|[Dd]eployed (?:yet|is)/);
  const refused = await record({ ...inputs, INPUT_SHOW_DEPLOYED: '' }, workspace);
  expect(refused.code).toBe(2);
  expect(refused.annotations[0]?.message).toContain('add the input show-deployed');
});

test('it is Azure beside code, and needs code', async () => {
  const ran = await record({ INPUT_SHOW_DEPLOYED: 'true' }, workspace);
  expect(ran.code).toBe(2);
  expect(ran.annotations[0]?.message).toContain('the input show-deployed');
});
