import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator, type Emulator, guidOf, type Tenant, vaultBody } from '../../emulator/index.ts';
import { record } from '../action/recording.ts';
import { readReport, run, type Outcome } from '../cli/run.ts';

const fixtures = join(import.meta.dirname, '../fixtures/cases');
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-exemptions-'));
  for (const name of ['D13-exemption-for-two', 'D14-exemption-without-effect'])
    cpSync(join(fixtures, name), cwd, { recursive: true });
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** An exemptions file with these scopes, each on a line of its own from line 2 on. */
function accept(...scopes: readonly string[]): void {
  const entries = scopes.map(
    (scope) =>
      `  - { rule: AKV002, scope: { ${scope} }, category: waiver, reason: Made up., expiresOn: 2027-03-01 }\n`,
  );
  writeFileSync(join(cwd, 'accepted.yaml'), `exemptions:\n${entries.join('')}`);
}

function offline(file: string, ...more: readonly string[]): Promise<Outcome> {
  return run(['scan', '--inventory', 'vaults.json', '--rule', 'AKV002', '--exemptions', file, ...more], {
    cwd,
  });
}

const payments = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'] as const;

describe('a name that two have', () => {
  test('D13: of a subscription is refused, with both ids and its place', async () => {
    const { code, stdout, stderr } = await offline('exemptions.yaml');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^exemptions\.yaml:2:5 {2}2 subscriptions are called "Payments": /);
    for (const id of payments) expect(stderr).toContain(id);
  });

  test('in the action it is an annotation on the line', async () => {
    const env = { INPUT_INVENTORY: 'vaults.json', INPUT_EXEMPTIONS: 'exemptions.yaml' };
    const { code, annotations } = await record(env, cwd);
    expect(code).toBe(2);
    expect(annotations[0]?.at).toEqual({ file: 'exemptions.yaml', line: 2, column: 5 });
  });

  test('an id is clear, and covers its subscription alone', async () => {
    accept(`subscription: ${payments[0]}`);
    const { code, stdout } = await offline('accepted.yaml', '--output', 'json');
    expect(code).toBe(1);
    expect(readReport(stdout).findings.map(({ compliance }) => compliance)).toEqual([
      'exempt',
      'nonCompliant',
    ]);
  });

  test('what has expired names nobody any more', async () => {
    accept('subscription: Payments');
    const file = join(cwd, 'accepted.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('2027-03-01', '2026-03-01'));
    expect(await offline('accepted.yaml')).toMatchObject({ code: 1 });
  });

  test('the name in its own letter case is meant, where there is one', async () => {
    edit((text) => text.replace('"name": "Payments"', '"name": "PAYMENTS"'));
    accept('subscription: Payments');
    const { stdout } = await offline('accepted.yaml', '--output', 'json');
    expect(readReport(stdout).findings.map(({ compliance }) => compliance)).toEqual([
      'nonCompliant',
      'exempt',
    ]);
    accept('subscription: payments');
    expect(await offline('accepted.yaml')).toMatchObject({ code: 2 });
  });

  test('every mistake is told at once', async () => {
    edit((text) => text.replace('"name": "mg-corp"', '"name": "mg-other"'));
    accept('subscription: Payments', 'managementGroup: Corp');
    const { code, stderr } = await offline('accepted.yaml');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^accepted\.yaml:2:5 .*\naccepted\.yaml:3:5 {2}2 management groups are called "Corp": .*mg-other, mg-corp\n/,
    );
    accept('managementGroup: mg-corp');
    expect(await offline('accepted.yaml')).toMatchObject({ code: 1 });
  });
});

function edit(change: (inventory: string) => string): void {
  const file = join(cwd, 'vaults.json');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

describe('D14: an exemption that covers nothing is told with its place', () => {
  test.for<[string, readonly RegExp[]]>([
    [
      'nomatch.yaml',
      [
        /^nomatch\.yaml:2:5 .* from AKV002 covers no finding: kv-gone is not there, or it complies$/m,
        /^nomatch\.yaml:7:5 .*no subscription here has the id or name "Paymnts"\. Did you mean Payments\?$/m,
      ],
    ],
    ['regex.yaml', [/^regex\.yaml:2:5 .*"kv-\(a\|b\)" is taken as it is written, with \* for any run/m]],
    ['tag.yaml', [/^tag\.yaml:2:5 .*tags are compared in their letter case, and a resource has env=prod$/m]],
  ])('%s', async ([file, lines]) => {
    const { code, stderr } = await offline(file);
    expect(code).toBe(1);
    for (const line of lines) expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(lines.length);
    expect(await offline(file, '--quiet')).toMatchObject({ code: 1, stderr: '' });
  });

  test('mgname.yaml: a management group goes by its display name', async () => {
    expect(await offline('mgname.yaml')).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['corp', 'MG-Corp', 'mg-corp']) {
      accept(`managementGroup: ${name}`);
      expect(await offline('accepted.yaml')).toMatchObject({ code: 0, stderr: '' });
    }
    edit((text) => text.replaceAll('"Corp"', '"Corp and more"'));
    accept('managementGroup: Corp and more');
    expect(await offline('accepted.yaml')).toMatchObject({ code: 0, stderr: '' });
  });

  test.for<[string, string, RegExp]>([
    ['a group that is misspelt', 'managementGroup: Crop', /"Crop"\. Did you mean Corp\?/],
    ['a pattern that matches nothing', 'name: kv-x*', /nothing that it describes is there/],
    ['one key of two', 'name: kv-a, tag: { env: dev }', /nothing that it describes is there/],
    ['a bare resource group', 'resourceGroup: rg-opz', /nothing that it describes is there/],
  ])('%s', async ([, scope, expected]) => {
    accept(scope);
    expect((await offline('accepted.yaml')).stderr).toMatch(expected);
  });

  test('where the inventory has no names, that is the reason', async () => {
    const rows: readonly { readonly type: string }[] = JSON.parse(
      readFileSync(join(cwd, 'vaults.json'), 'utf8'),
    );
    const vaults = rows.filter(({ type }) => type === 'microsoft.keyvault/vaults');
    writeFileSync(join(cwd, 'vaults.json'), JSON.stringify(vaults));
    accept('subscription: Payments', 'managementGroup: Corp');
    const { code, stderr } = await offline('accepted.yaml');
    expect(code).toBe(1);
    expect(stderr).toMatch(/:2:5 .*name the subscription by its id\n.*:3:5 .*is not known here/);
  });

  test('one that covers beside another is in use; of rules that were not selected nothing is said', async () => {
    accept('name: kv-*', `subscription: ${payments[0]}`);
    expect(await offline('accepted.yaml')).toMatchObject({ code: 0, stderr: '' });
    accept('name: kv-x');
    expect(await offline('accepted.yaml', '--exclude-rule', 'AKV003')).toMatchObject({
      stderr: expect.stringContaining('covers no finding'),
    });
    const flags = ['--inventory', 'vaults.json', '--rule', 'AKV003', '--exemptions', 'accepted.yaml'];
    expect(await run(['scan', ...flags], { cwd })).toMatchObject({ code: 0, stderr: '' });
  });

  test('in an incomplete scan it may cover what was not read', async () => {
    accept('name: kv-x');
    edit((text) => `{"value": ${text}, "nextLink": "https://example.org/2"}`);
    const { code, stderr } = await offline('accepted.yaml');
    expect(code).toBe(3);
    expect(stderr).not.toContain('covers no finding');
  });

  test('one for a rule that was not judged is not told', async () => {
    accept('name: kv-x');
    edit((text) => text);
    const file = join(cwd, 'accepted.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('AKV002', 'AKV201'));
    const flags = ['--inventory', 'vaults.json', '--exemptions', 'accepted.yaml'];
    expect((await run(['scan', ...flags], { cwd })).stderr).not.toContain('covers no finding');
  });

  test('nor one that may be meant for a verdict that is unknown', async () => {
    accept('name: kv-a');
    edit((text) => text.replace('"enableSoftDelete": true', '"enablePurgeProtection": "perhaps"'));
    expect((await offline('accepted.yaml')).stderr).not.toContain('covers no finding');
  });

  test('in the action it is a warning on the line', async () => {
    const env = { INPUT_INVENTORY: 'vaults.json', INPUT_EXEMPTIONS: 'tag.yaml' };
    const { annotations } = await record(env, cwd);
    const notice = annotations.find(({ title }) => title === 'Exemption without effect');
    expect(notice).toMatchObject({ level: 'warning', at: { file: 'tag.yaml', line: 2, column: 5 } });
  });
});

describe('an exemption that has ended, or ends soon', () => {
  const notices = (now: string, ...more: readonly string[]): Promise<Outcome> => {
    accept('name: kv-*');
    return run(
      ['scan', '--inventory', 'vaults.json', '--rule', 'AKV002', '--exemptions', 'accepted.yaml', ...more],
      { cwd, now },
    );
  };

  test.for<[string, RegExp]>([
    ['2027-03-02T00:00:00Z', /^accepted\.yaml:2:5 {2}the exemption from AKV002 expired on 2027-03-01 and no/],
    ['2027-03-01T23:00:00Z', /the exemption from AKV002 ends on 2027-03-01, today\n$/],
    ['2027-02-28T00:00:00Z', /ends on 2027-03-01, tomorrow\n$/],
    ['2027-02-15T00:00:00Z', /ends on 2027-03-01, in 14 days\n$/],
    ['2027-02-14T23:59:59Z', /^$/],
  ])('at %s', async ([now, expected]) => {
    expect((await notices(now)).stderr).toMatch(expected);
  });

  test('is in the reports, and changes no exit code', async () => {
    const formats = ['json', 'markdown=r.md', 'sarif=r.sarif'].flatMap((format) => ['--output', format]);
    const { code, stdout } = await notices('2027-02-20T00:00:00Z', ...formats);
    expect(code).toBe(0);
    const message = 'the exemption from AKV002 ends on 2027-03-01, in 9 days';
    const place = { file: 'accepted.yaml', line: 2, column: 5 };
    expect(JSON.parse(stdout)).toMatchObject({
      complete: true,
      exemptionNotices: [{ kind: 'endsSoon', ...place, rule: 'AKV002', expiresOn: '2027-03-01', message }],
    });
    expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toContain(
      '| <code>accepted.yaml&#58;2:5</code> | The exemption from AKV002 ends on 2027-03-01, in 9 days |',
    );
    expect(JSON.parse(readFileSync(join(cwd, 'r.sarif'), 'utf8'))).toMatchObject({
      runs: [
        {
          invocations: [
            {
              toolExecutionNotifications: [
                { level: 'note', message: { text: expect.stringContaining('ends on 2027-03-01') } },
              ],
            },
          ],
        },
      ],
    });
    const older = await notices('2027-02-20T00:00:00Z', '--output', 'json=older.json');
    expect(older.code).toBe(0);
    expect(await run(['diff', 'older.json', 'older.json'], { cwd })).toMatchObject({ code: 0 });
  });
});

describe('in Azure', () => {
  const [one, two, three] = [guidOf('one'), guidOf('two'), guidOf('three')];
  let azure: Emulator;
  let deny: (subscriptionId: string) => void;
  beforeEach(() => {
    const tenant: Tenant = {
      tenantId: guidOf('tenant'),
      managementGroups: [
        { id: 'root', displayName: 'Root' },
        { id: 'mg-a', displayName: 'Corp', parent: 'root' },
        { id: 'mg-b', displayName: 'Lab', parent: 'root' },
      ],
      subscriptions: [
        { id: one, name: 'Payments', managementGroup: 'mg-a' },
        { id: two, name: 'Payments', managementGroup: 'mg-b' },
        { id: three, name: 'Shop', managementGroup: 'mg-b' },
      ],
      resources: [one, two, three].map((subscriptionId, index) =>
        vaultBody(
          { subscriptionId, resourceGroup: 'rg', name: `kv-${index}`, location: 'westeurope' },
          { properties: { enableSoftDelete: true } },
        ),
      ),
    };
    azure = emulator(tenant, { quota: 'unlimited' });
    deny = (id) => {
      for (const subscription of tenant.subscriptions)
        if (subscription.id === id) subscription.access = 'denied';
    };
  });

  function purgeproof(...argv: readonly string[]): Promise<Outcome> {
    const { credential, httpClient } = azure;
    const rules = ['--rule', 'AKV002', '--exemptions', 'accepted.yaml'];
    return run([...argv, ...rules], { cwd, azure: { credential, httpClient } });
  }

  test.for([
    ['everything', []],
    ['one of the two by its id', ['--subscription', two]],
    ['the group of one of the two', ['--management-group', 'mg-a']],
  ] as const)('a name that two have is refused in a scan of %s, and in a plan', async ([, scope]) => {
    accept('subscription: Payments');
    for (const command of ['scan', 'plan']) {
      const { code, stdout, stderr } = await purgeproof(command, ...scope);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^accepted\.yaml:2:5 {2}2 subscriptions are called "Payments"/);
      for (const id of [one, two]) expect(stderr).toContain(id);
    }
  });

  test('and in a plan from a report', async () => {
    accept(`subscription: ${one}`);
    await purgeproof('scan', '--output', 'json=report.json');
    accept('subscription: Payments');
    const { code, stderr } = await purgeproof('plan', '--from', 'report.json');
    expect(code).toBe(2);
    expect(stderr).toContain('2 subscriptions are called "Payments"');
  });

  test('display names of groups cover what is below them, in a scan and in a plan', async () => {
    accept('managementGroup: lab');
    const scanned = await purgeproof('scan', '--output', 'json');
    expect(scanned).toMatchObject({ code: 1, stderr: '' });
    expect(readReport(scanned.stdout).summary).toMatchObject({ nonCompliant: 1, exempt: 2 });
    const planned = await purgeproof('plan', '--output', 'json');
    expect(JSON.parse(planned.stdout)).toMatchObject({ steps: [{ vault: { name: 'kv-0' } }] });
  });

  test('a part is not told of exemptions for the rest, and of its own it is', async () => {
    accept(
      'subscription: Shop',
      'name: kv-x',
      `resourceGroup: /subscriptions/${three}/resourceGroups/rg`,
      `resourceGroup: /subscriptions/${one}/resourceGroups/other`,
    );
    const { stderr } = await purgeproof('scan', '--subscription', one);
    expect(stderr.trim()).toMatch(/^accepted\.yaml:5:5 .*covers no finding: nothing that it describes/);
  });

  test('of a group that was read, and of what was read in an incomplete scan, it is told too', async () => {
    const resource = (id: string): string =>
      `resource: /subscriptions/${id}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-x`;
    accept('managementGroup: Corp, name: kv-x', 'managementGroup: Lab, name: kv-x', resource(one));
    const group = await purgeproof('scan', '--management-group', 'mg-a');
    expect(group.stderr.match(/^accepted\.yaml:\d/gm)).toEqual(['accepted.yaml:2', 'accepted.yaml:4']);
    deny(two);
    accept('name: kv-x', resource(one), resource(two), 'managementGroup: Lab, name: kv-x');
    const incomplete = await purgeproof('scan', '--subscription', one, '--subscription', two);
    expect(incomplete.code).toBe(3);
    expect(incomplete.stderr.match(/^accepted\.yaml:\d/gm)).toEqual(['accepted.yaml:3']);
  });

  test('names cost one request, and only where an exemption needs them', async () => {
    const requests = async (scope: string): Promise<number> => {
      accept(scope);
      azure.requests.length = 0;
      await purgeproof('scan', '--subscription', one);
      return azure.requests.length;
    };
    const without = await requests(`subscription: ${one}`);
    expect(await requests('subscription: Shop')).toBe(without + 1);
  });
});
