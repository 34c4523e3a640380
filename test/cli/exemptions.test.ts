import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guidOf, vaultBody } from '../../emulator/index.ts';
import { run, type Outcome } from './run.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-exemptions-command-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const now = '2026-11-30T12:00:00Z';
const purgeproof = (...argv: readonly string[]): Promise<Outcome> =>
  run(['exemptions', ...argv], { cwd, now });
const write = (file: string, text: string): void => writeFileSync(join(cwd, file), text);
const read = (file: string): string => readFileSync(join(cwd, file), 'utf8');

const accepted = [
  '--category',
  'waiver',
  '--reason',
  'Rebuilt every night: nothing is kept.',
  '--expires',
  '2027-03-01',
] as const;
const add = (...argv: readonly string[]): Promise<Outcome> => purgeproof('add', ...accepted, ...argv);

/** How many exemptions a file has, once it is loaded again. */
async function loaded(file: string): Promise<number> {
  const { code, stdout } = await purgeproof('list', '--exemptions', file, '--output', 'json');
  expect([0, 1]).toContain(code);
  const listed: unknown = JSON.parse(stdout);
  return Array.isArray(listed) ? listed.length : -1;
}

describe('exemptions add', () => {
  test('makes the file where there is none, and says how it counts', async () => {
    const { code, stdout, stderr } = await add(
      '--rule',
      'purge-protection',
      '--name',
      'kv-*',
      '--owner',
      'platform',
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `exemptions.yaml:3
- rule: AKV002
  scope: { name: kv-* }
  category: waiver
  reason: "Rebuilt every night: nothing is kept."
  owner: platform
  expiresOn: 2027-03-01
`,
    });
    expect(stderr).toBe(
      'It counts in a scan with --exemptions exemptions.yaml, or with exemptions: exemptions.yaml in purgeproof.yaml.\n',
    );
    expect(read('exemptions.yaml')).toMatch(/^# yaml-language-server: .*\nexemptions:\n {2}- rule: AKV002\n/);
    expect(await loaded('exemptions.yaml')).toBe(1);
  });

  const entry =
    '{ rule: AKV001, scope: { name: kv-a }, category: waiver, reason: Old., expiresOn: 2027-03-01 }';
  test.for<[string, string]>([
    [
      'comments between and behind',
      `# ours\nexemptions: # all of them\n\n  # the first\n  - rule: AKV001   # soft delete\n    scope:   { name: kv-a }\n    category: waiver\n    reason: >-\n      Old, and\n      folded.\n    expiresOn: 2027-03-01 # soon\n  # behind it\n`,
    ],
    [
      'no indentation',
      `exemptions:\n- rule: AKV001\n  scope: {name: kv-a}\n  category: waiver\n  reason: 'Old.'\n  expiresOn: "2027-03-01"`,
    ],
    ['items in braces', `exemptions:\n    - ${entry}\n\n    - ${entry.replace('kv-a', 'kv-b')}\n`],
    ['another key behind', `exemptions:\n  - ${entry}\n$schema: ./exemptions.schema.json\n`],
    ['line ends of Windows', `exemptions:\r\n  - ${entry}\r\n`],
  ])('keeps the bytes of a file with %s', async ([, text]) => {
    write('ours.yaml', text);
    const before = await loaded('ours.yaml');
    const { code } = await add('--rule', 'AKV002', '--name', 'kv-x', '--exemptions', 'ours.yaml');
    expect(code).toBe(0);
    expect(await loaded('ours.yaml')).toBe(before + 1);
    const after = read('ours.yaml');
    const place = after.indexOf('- rule: AKV002');
    const start = after.lastIndexOf('\n', place) + 1;
    const length =
      after.length - text.length - (text.includes('\n', text.length - 1) || text.includes('$schema') ? 0 : 1);
    expect(after.slice(0, start).trimEnd()).toBe(text.slice(0, after.slice(0, start).trimEnd().length));
    expect(after.endsWith(text.slice(start))).toBe(true);
    expect(length).toBeGreaterThan(100);
    expect(
      text.includes('\r')
        ? after
            .split('\n')
            .slice(0, -1)
            .every((line) => line.endsWith('\r'))
        : true,
    ).toBe(true);
  });

  test('writes nothing outside of the folder of a configuration that was found, and not named', async () => {
    const outside = `${cwd}-outside.yaml`;
    for (const path of [outside, `../${basename(outside)}`]) {
      write('purgeproof.yaml', `exemptions: ${path}\n`);
      const { code, stderr } = await add('--rule', 'AKV002', '--name', 'kv-x');
      expect(code).toBe(2);
      expect(stderr).toContain(
        `error: purgeproof.yaml was found, not named, and would add to a file outside its folder: ${path}.\nRead it, then name it with --config purgeproof.yaml, or name the file with --exemptions.`,
      );
      expect(existsSync(outside)).toBe(false);
    }
    write('purgeproof.yaml', 'exemptions: accepted.yaml\n');
    expect(await add('--rule', 'AKV002', '--name', 'kv-x')).toMatchObject({ code: 0 });
    expect(await loaded('accepted.yaml')).toBe(1);
  });

  test('several at once lose nothing: each is in the file, or says that another one is changing it', async () => {
    write('ours.yaml', 'exemptions: []\n');
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        add('--rule', 'AKV002', '--name', `kv-${index}`, '--exemptions', 'ours.yaml'),
      ),
    );
    const added = outcomes.filter(({ code }) => code === 0).length;
    expect(added).toBeGreaterThan(0);
    expect(await loaded('ours.yaml')).toBe(added);
    const refused = outcomes.filter(({ code }) => code === 2).map(({ stderr }) => stderr.split('\n')[0]);
    expect(refused).toEqual(
      Array.from({ length: 6 - added }, () => 'error: Another exemptions add is changing this file.'),
    );
    expect(readdirSync(cwd).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  test.for<[string, string, RegExp]>([
    ['an empty list', '# none yet\nexemptions: []\n', /^# none yet\nexemptions:\n {2}- rule: "\*"\n/],
    ['a list in brackets', `# one\nexemptions: [${entry}]\n`, /^# one\nexemptions: ?\n?\s*\[/],
    ['JSON', '{\n    "exemptions": []\n}\n', /^\{\n {4}"exemptions": \[\n {8}\{\n {12}"rule": "\*",/],
  ])('adds to %s', async ([, text, kept]) => {
    write('ours.yaml', text);
    const before = await loaded('ours.yaml');
    expect((await add('--rule', '*', '--tag', 'env=sandbox', '--exemptions', 'ours.yaml')).code).toBe(0);
    expect(await loaded('ours.yaml')).toBe(before + 1);
    expect(read('ours.yaml')).toMatch(kept);
  });

  test('goes to the file that the configuration names, with the rules of the user', async () => {
    write('purgeproof.yaml', 'exemptions: accepted/ours.yaml\npolicies: [rule.yaml]\n');
    write(
      'rule.yaml',
      'id: ORG001\nname: tagged\ntitle: It has an owner\nseverity: low\nresourceType: Microsoft.KeyVault/vaults\ndescription: x\nrequire: { field: tags.owner, exists: true }\n',
    );
    const { code, stdout } = await add('--rule', 'ORG001', '--resource-group', 'rg-a');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^accepted\/ours\.yaml:3\n- rule: ORG001\n/);
    expect(read('accepted/ours.yaml')).toContain('scope: { resourceGroup: rg-a }');
  });

  test.for<[string, readonly string[], RegExp]>([
    [
      'a rule that there is not',
      ['--rule', 'AKV02', '--name', 'x'],
      /^error: There is no rule AKV02\. Did you mean AKV002\?\nNothing was written\./,
    ],
    [
      'a date that has passed',
      ['--rule', 'AKV002', '--name', 'x', '--expires', '2026-11-29'],
      /^error: 2026-11-29 is over/,
    ],
    [
      'a date that there is not',
      ['--rule', 'AKV002', '--name', 'x', '--expires', '2027-02-30'],
      /is 2027-02-30, which is not a valid date\./,
    ],
    ['no date', ['--rule', 'AKV002', '--name', 'x', '--expires', 'never'], /a date such as 2027-03-01/],
    ['a resource without its id', ['--rule', 'AKV002', '--resource', 'kv-a'], /the full id of a resource/],
    ['no scope', ['--rule', 'AKV002'], /^error: What is exempt is not said\./],
    [
      'a category that there is not',
      ['--rule', 'AKV002', '--name', 'x', '--category', 'wavier'],
      /Did you mean waiver\?/,
    ],
  ])('refuses %s, and writes nothing', async ([, argv, expected]) => {
    const { code, stdout, stderr } = await add(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('refuses the same rule and scope again, at its place; not once that has expired', async () => {
    await add('--rule', 'AKV002', '--name', 'KV-a', '--tag', 'Env=prod');
    const before = read('exemptions.yaml');
    const again = ['--rule', 'purge-protection', '--name', 'kv-A', '--tag', 'env=prod'];
    const { code, stderr } = await add(...again);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^exemptions\.yaml:3:5 {2}the exemption from AKV002 for this scope is here already, until 2027-03-01/,
    );
    expect(read('exemptions.yaml')).toBe(before);
    expect((await add('--rule', 'AKV002', '--name', 'kv-a', '--tag', 'env=PROD')).code).toBe(0);
    const later = await run(['exemptions', 'add', ...accepted, ...again, '--expires', '2028-01-01'], {
      cwd,
      now: '2027-03-02T00:00:00Z',
    });
    expect(later.code).toBe(0);
  });

  test('refuses a file that does not load, and one that is something else', async () => {
    write('ours.yaml', 'exemptions:\n  - rule: AKV001\n');
    const broken = await add('--rule', 'AKV002', '--name', 'x', '--exemptions', 'ours.yaml');
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/^ours\.yaml:2:5 {2}/);
    write('purgeproof.yaml', 'failOn: high\n');
    const other = await add('--rule', 'AKV002', '--name', 'x', '--exemptions', 'purgeproof.yaml');
    expect(other.stderr).toMatch(/^error: purgeproof\.yaml is a configuration/m);
    expect(read('purgeproof.yaml')).toBe('failOn: high\n');
  });

  test('hostile text stays text', async () => {
    const { code, stdout } = await add(
      '--rule',
      'AKV002',
      '--name',
      'x',
      '--ticket',
      'a\n- rule: "*"\u001b[31m',
    );
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    expect(await loaded('exemptions.yaml')).toBe(1);
  });
});

describe('exemptions list', () => {
  const entry = (name: string, until: string): string =>
    `  - { rule: AKV002, scope: { name: ${name} }, category: waiver, reason: Of ${name}., expiresOn: ${until} }\n`;

  test('shows the state of each, and what it covers in a report', async () => {
    const place = { subscriptionId: guidOf('one'), resourceGroup: 'rg', location: 'westeurope' };
    write('vaults.json', JSON.stringify(['kv-a', 'kv-b'].map((name) => vaultBody({ ...place, name }))));
    write(
      'ours.yaml',
      `exemptions:\n${entry('kv-*', '2027-03-01')}${entry('kv-x', '2026-12-10')}${entry('kv-y', '2026-11-01')}`,
    );
    const flags = ['--exemptions', 'ours.yaml'];
    const scan = [
      'scan',
      '--inventory',
      'vaults.json',
      '--rule',
      'AKV002',
      ...flags,
      '--output',
      'json=report.json',
    ];
    expect((await run(scan, { cwd, now })).code).toBe(0);
    const { code, stdout } = await purgeproof(
      'list',
      ...flags,
      '--report',
      'report.json',
      '--output',
      'json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { rule: 'AKV002', state: 'inForce', daysLeft: 91, covers: 2, place: 'ours.yaml:2:5' },
      { state: 'endsSoon', daysLeft: 10, covers: 0 },
      { state: 'expired', daysLeft: 0, covers: 0 },
    ]);
    const table = await purgeproof('list', ...flags, '--report', 'report.json');
    expect(table.stdout).toBe(`rule    scope      until       covers      reason
AKV002  name kv-*  2027-03-01  2 findings  Of kv-*.
                   91 days
AKV002  name kv-x  2026-12-10  nothing     Of kv-x.
                   10 days
AKV002  name kv-y  2026-11-01  nothing     Of kv-y.
                   expired
`);
    write('good.yaml', `exemptions:\n${entry('kv-*', '2027-03-01')}`);
    expect(await purgeproof('list', '--exemptions', 'good.yaml')).toMatchObject({ code: 0 });
  });

  const accepted = (scope: string, rule = 'AKV002'): string =>
    `  - { rule: ${rule}, scope: { ${scope} }, category: waiver, reason: Accepted., expiresOn: 2027-03-01 }\n`;
  const listed = async (report: string) => {
    const flags = ['--exemptions', 'ours.yaml', '--report', report, '--output', 'json'];
    const { code, stdout } = await purgeproof('list', ...flags);
    const covers: unknown = JSON.parse(stdout).map((one: { readonly covers: unknown }) => one.covers);
    return { code, covers };
  };
  const scanned = async (...flags: readonly string[]): Promise<string> => {
    const place = { subscriptionId: guidOf('one'), resourceGroup: 'rg', location: 'westeurope' };
    const body = (name: string) => vaultBody({ ...place, name }, { tags: { env: 'test' } });
    write('vaults.json', JSON.stringify(['kv-a', 'kv-b', 'kv-c'].map(body)));
    const argv = ['scan', '--inventory', 'vaults.json', '--rule', 'AKV002', ...flags];
    await run([...argv, '--output', 'json=report.json'], { cwd, now });
    return 'report.json';
  };

  test('of several with the same words, each has its own findings', async () => {
    write(
      'ours.yaml',
      `exemptions:\n${['kv-a', 'kv-b', 'kv-x'].map((name) => accepted(`name: ${name}`)).join('')}`,
    );
    const expected = { code: 1, covers: [1, 1, 0] };
    expect(await listed(await scanned('--exemptions', 'ours.yaml'))).toEqual(expected);
    // Also in a report of a scan that did not have them yet, as they would in the next one.
    expect(await listed(await scanned())).toEqual(expected);
  });

  test('tags and management groups, which no report lists, are told by what is exempt', async () => {
    write(
      'ours.yaml',
      `exemptions:\n${accepted('tag: { env: test }, name: "kv-[ab]"')}${accepted('tag: { env: test }')}`,
    );
    expect(await listed(await scanned('--exemptions', 'ours.yaml'))).toEqual({ code: 1, covers: [0, 3] });
    expect(await listed(await scanned())).toEqual({ code: 3, covers: [0, null] });
  });

  test.for<[string, readonly string[], string]>([
    ['is of a part', ['--vault', 'kv-a'], 'AKV002'],
    ['is incomplete', ['--vault', 'kv-a,kv-nowhere'], 'AKV002'],
    ['did not judge the rule', [], 'AKV003'],
  ])('a report that %s does not tell that one covers nothing', async ([, flags, rule]) => {
    write('ours.yaml', `exemptions:\n${accepted('name: kv-x', rule)}`);
    expect(await listed(await scanned(...flags))).toEqual({ code: 3, covers: [null] });
    const { stdout } = await purgeproof('list', '--exemptions', 'ours.yaml', '--report', 'report.json');
    expect(stdout).toMatch(/^AKV00\d {2}name kv-x {2}2027-03-01 {2}not known {2}Accepted\.$/m);
  });
});

describe('exemptions export', () => {
  const subscription = `/subscriptions/${guidOf('one')}`;
  const assignments = '/providers/Microsoft.Authorization/policyAssignments';
  const purge = `${subscription}${assignments}/purge`;
  const mcsb = `/providers/Microsoft.Management/managementGroups/root${assignments}/mcsb`;
  const file = (...scopes: readonly string[]): void =>
    write(
      'exemptions.yaml',
      `exemptions:\n${scopes.map((scope) => `  - { rule: AKV002, scope: { ${scope} }, category: mitigated, reason: Made up., owner: me, expiresOn: 2027-02-28 }\n`).join('')}`,
    );

  test('says what Azure Policy can say, as ARM takes it', async () => {
    file(`subscription: ${guidOf('one')}, resourceGroup: rg-a`);
    const { code, stdout, stderr } = await purgeproof(
      'export',
      '--to',
      'azure-policy',
      '--assignment',
      `AKV002=${purge}`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [exported] = JSON.parse(stdout);
    expect(exported).toEqual({
      id: `${subscription}/resourceGroups/rg-a/providers/Microsoft.Authorization/policyExemptions/${exported.name}`,
      type: 'Microsoft.Authorization/policyExemptions',
      apiVersion: '2022-07-01-preview',
      name: expect.stringMatching(/^purgeproof-akv002-[0-9a-f]{12}$/),
      properties: {
        policyAssignmentId: purge,
        exemptionCategory: 'Mitigated',
        expiresOn: '2027-03-01T00:00:00Z',
        displayName: 'AKV002: Made up.',
        description: 'Made up.',
        metadata: { source: 'purgeproof', rule: 'AKV002', owner: 'me' },
      },
    });
    const again = await purgeproof('export', '--assignment', `AKV002=${purge}`);
    expect(again.stdout).toBe(stdout);
  });

  test('names of an initiative only what rules correspond to', async () => {
    file(
      `resource: ${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv`,
      'managementGroup: corp',
    );
    const whole = await purgeproof('export', '--assignment', mcsb);
    expect(whole).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('all of it would exempt from more'),
    });
    const { code, stdout } = await purgeproof(
      'export',
      '--assignment',
      mcsb,
      '--reference',
      'AKV002=purge',
      '--reference',
      'AKV002=other',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { properties: { policyAssignmentId: mcsb, policyDefinitionReferenceIds: ['purge', 'other'] } },
      {
        id: expect.stringMatching(/^\/providers\/Microsoft\.Management\/managementGroups\/corp\/providers\//),
      },
    ]);
  });

  test.for<[string, RegExp]>([
    ['name: kv-*', /neither by a pattern of names nor by tags$/m],
    ['tag: { env: prod }', /neither by a pattern of names nor by tags$/m],
    ['subscription: Payments', /by their ids: name it by that$/m],
    ['resourceGroup: rg-a', /may be in several: name it by its id$/m],
    ['managementGroup: Our group', /management groups by their ids/m],
    [`managementGroup: corp, subscription: ${guidOf('one')}`, /is not known here$/m],
    [
      `subscription: ${guidOf('two')}, resourceGroup: ${subscription}/resourceGroups/rg`,
      /contradict each other$/m,
    ],
    [`subscription: ${guidOf('two')}`, /its scope is not below that of /m],
    ['resource: https://kv.vault.azure.net/keys/a', /not about something in Azure Resource Manager$/m],
  ])('leaves out %s, and says why', async ([scope, expected]) => {
    file(scope);
    const { code, stdout, stderr } = await purgeproof('export', '--assignment', `AKV002=${purge}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '[]\n' });
    expect(stderr).toMatch(/^exemptions\.yaml:2:5 {2}the exemption from AKV002 is left out: /);
    expect(stderr).toMatch(expected);
  });

  test('what has expired is not exported, and a rule without an assignment is named', async () => {
    file('managementGroup: corp');
    const { code, stderr } = await purgeproof('export', '--assignment', `AKV001=${mcsb}`);
    expect(code).toBe(1);
    expect(stderr).toContain('no assignment corresponds to AKV002');
    const later = await run(['exemptions', 'export', '--assignment', `AKV001=${mcsb}`], {
      cwd,
      now: '2027-03-01T00:00:00Z',
    });
    expect(later).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
  });
});
