import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, guidOf, vaultBody } from '../../emulator/index.ts';
import { coverageWords } from '../../src/reporters/words/coverage.ts';
import { readReport, run, type Outcome } from './run.ts';

const open = vaultBody(
  { subscriptionId: guidOf('payments'), resourceGroup: 'rg', name: 'kv-open', location: 'westeurope' },
  { properties: { enableSoftDelete: true, enablePurgeProtection: undefined, softDeleteRetentionInDays: 7 } },
);

function tenant() {
  return emulator(
    {
      tenantId: guidOf('tenant'),
      managementGroups: [
        { id: 'mg-prod', displayName: 'Production' },
        { id: 'mg-lab', displayName: 'Laboratory' },
      ],
      subscriptions: [
        { id: guidOf('payments'), name: 'prod-payments', managementGroup: 'mg-prod' },
        { id: guidOf('attic'), name: 'attic', state: 'Disabled' as const },
        { id: guidOf('hr'), name: 'prod-hr', access: 'denied' as const, listed: true },
      ],
      resources: [open],
    },
    { quota: 'unlimited' },
  );
}

function purgeproof(command: string): Promise<Outcome> {
  const { credential, httpClient } = tenant();
  return run(command.split(' '), { azure: { credential, httpClient } });
}

const visible = '--subscription prod-payments --rule AKV002 --rule AKV003';

describe('the last line on standard error says why the exit code is what it is', () => {
  test.for([
    [`scan ${visible} --fail-on critical`, 'Exit 0: no finding at or above critical, only 2 below.'],
    [`scan ${visible} --fail-on high`, 'Exit 1: 1 finding at or above high, and 1 below.'],
    ['scan --subscription prod-payments --rule AKV001', 'Exit 0: no finding at or above low.'],
    ['scan --rule AKV001', 'Exit 3: incomplete: not all in scope could be read, which outranks any finding.'],
    [
      'scan --rule AKV001 --allow-incomplete',
      'Exit 0: no finding at or above low; what could not be read is allowed by --allow-incomplete.',
    ],
    [`plan ${visible}`, 'Exit 1: steps to apply, or findings to fix by hand.'],
    ['deleted list --subscription prod-payments', 'Exit 0: the recycle bins are empty.'],
    ['who-can purge --subscription prod-payments', 'Exit 0: nobody can.'],
  ])('purgeproof %s', async ([command = '', line]) => {
    const { ending } = await purgeproof(command);
    expect(ending.trimEnd().split('\n').at(-1)).toBe(line);
  });

  test('but not with --quiet, nor after an error, which says it', async () => {
    expect((await purgeproof(`scan ${visible} --quiet`)).ending).toBe('');
    const { code, ending } = await purgeproof('scan --subscription nowhere');
    expect({ code, ending }).toEqual({ code: 2, ending: '' });
  });
});

describe('the output says as whom Azure was read', () => {
  const signedIn = `tenant ${guidOf('tenant')}, as application 2b6d8f90-14c7-4e3a-8f25-6d9b0c7e51a3.`;

  test('in every report of a scan', async () => {
    const { stdout } = await purgeproof(`scan ${visible} --output json`);
    expect(readReport(stdout).identity).toMatchObject({ tenantId: guidOf('tenant') });
    expect((await purgeproof(`scan ${visible}`)).stdout).toContain(`Signed in   ${signedIn}`);
    const markdown = (await purgeproof(`scan ${visible} --output markdown`)).stdout.replaceAll(
      /<\/?code>/g,
      '',
    );
    expect(markdown).toContain(`Signed in to ${signedIn}`);
  });

  test.for(['plan --rule AKV002', 'deleted list', 'who-can purge', 'grants purge --vault kv-open'])(
    'on standard error: purgeproof %s',
    async (command) => {
      const principal = command.startsWith('grants') ? ` --principal ${guidOf('somebody')}` : '';
      const { ending } = await purgeproof(`${command}${principal} --subscription prod-payments`);
      expect(ending).toContain(`Signed in to ${signedIn}\n`);
    },
  );
});

describe('--tenant', () => {
  test('that is the one signed in to changes nothing', async () => {
    expect((await purgeproof(`scan ${visible} --tenant ${guidOf('tenant').toUpperCase()}`)).code).toBe(1);
  });

  test.for(['scan', 'plan', 'deleted list', 'who-can purge', 'kit kv-open --out no-kit'])(
    'of another one: purgeproof %s is refused, and nothing is asked',
    async (command) => {
      const { code, stderr } = await purgeproof(`${command} --tenant ${guidOf('elsewhere')}`);
      expect(stderr).toContain(
        `the sign-in is to ${guidOf('tenant')}, and --tenant or the configuration names ${guidOf('elsewhere')}`,
      );
      expect(code).toBe(2);
    },
  );

  test.for(['scan', 'plan', 'deleted purge kv-open --confirm kv-open'])(
    'as a key of the configuration: purgeproof %s',
    async (command) => {
      const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-tenant-'));
      writeFileSync(join(cwd, 'purgeproof.yaml'), `tenant: ${guidOf('elsewhere').toUpperCase()}\n`);
      const { credential, httpClient } = tenant();
      const setting = { cwd, azure: { credential, httpClient } };
      const { code, stderr } = await run(command.split(' '), setting);
      expect(stderr).toContain(`or the configuration names ${guidOf('elsewhere')}`);
      expect(code).toBe(2);
      const flag = await run([...command.split(' '), '--tenant', guidOf('tenant')], setting);
      expect(flag.stderr).not.toContain('the sign-in is to');
    },
  );

  test('takes an id alone, which a token can be compared with', async () => {
    const { code, stderr } = await purgeproof('scan --tenant contoso.com');
    expect(stderr).toContain('It must be the id of a tenant');
    expect(code).toBe(2);
  });
});

describe('a subscription that does not exist', () => {
  test('is not found, in JSON denied, and the nearest name is suggested', async () => {
    const { code, stdout } = await purgeproof(
      'scan --subscription prod-payment --subscription attic --output json',
    );
    const { coverage, unreadable } = readReport(stdout);
    expect(coverage.subscriptions.find(({ name }) => name === 'prod-payment')?.state).toBe('denied');
    expect(unreadable[0]?.reason).toBe(
      'Not found: no visible subscription has that name. Did you mean prod-payments?',
    );
    expect(code).toBe(3);
  });

  test('is denied in the complete SARIF, too', async () => {
    const { stdout } = await purgeproof(
      'scan --subscription prod-payment --subscription attic --output sarif-full',
    );
    expect(stdout).not.toContain('notFound');
    expect(stdout).toContain('"state": "denied"');
  });

  const mistyped = `${guidOf('payments').slice(0, -1)}${guidOf('payments').endsWith('0') ? '1' : '0'}`;
  const meant = `Did you mean ${guidOf('payments')} (prod-payments)?`;

  test.for([mistyped, guidOf('payments').slice(0, -1)])('by a mistyped id: %s', async (id) => {
    const { stdout } = await purgeproof(`scan --subscription ${id} --subscription attic --output json`);
    expect(readReport(stdout).unreadable[0]?.reason).toContain(meant);
  });

  test.for(['scan', 'deleted list'])('by a mistyped id alone: purgeproof %s', async (command) => {
    const { code, stderr } = await purgeproof(`${command} --subscription ${mistyped}`);
    expect(stderr).toContain(meant);
    expect(code).toBe(2);
  });

  test('by its id', async () => {
    const named = `scan --subscription ${guidOf('nobody')} --subscription attic`;
    expect((await purgeproof(named)).stdout).toContain(
      'Coverage    2 subscriptions named: 1 read (1 of them disabled) and 1 not found.',
    );
  });

  test.for(['scan', 'deleted list', 'kit kv-open --out no-kit'])('alone: purgeproof %s', async (command) => {
    const { code, stderr } = await purgeproof(`${command} --subscription prod-payment`);
    expect(stderr).toContain('Did you mean prod-payments?');
    expect(code).toBe(2);
  });
});

describe('a management group that does not exist', () => {
  const beside = 'scan --management-group mg-prod --management-group';

  test.for([
    ['mg-prd', 'mg-prod (Production)'],
    ['Prodction', 'Production'],
  ])('is not found, in JSON denied, and the nearest is suggested: %s', async ([group = '', meant]) => {
    const { code, stdout } = await purgeproof(`${beside} ${group} --output json`);
    const { coverage, unreadable } = readReport(stdout);
    expect(coverage.subscriptions.find(({ name }) => name === group)?.state).toBe('denied');
    expect(unreadable[0]?.reason).toBe(
      `Not found: no visible management group has that id or name. Did you mean ${meant}?`,
    );
    expect(code).toBe(3);
    expect((await purgeproof(`${beside} ${group}`)).stdout).toContain('1 not found');
  });

  test.for(['scan', 'deleted list'])('alone: purgeproof %s', async (command) => {
    const { code, stderr } = await purgeproof(`${command} --management-group mg-prd`);
    expect(stderr).toContain('Did you mean mg-prod (Production)?');
    expect(code).toBe(2);
  });

  test('has no suggestion where nothing is near', async () => {
    const { stderr } = await purgeproof('scan --management-group elsewhere-altogether');
    expect(stderr).toContain('no visible management group has that id or name.');
    expect(stderr).not.toContain('Did you mean');
  });
});

test('the subscriptions of a scan add up: one that is disabled is read like others', async () => {
  const { stdout } = await purgeproof('scan --output json');
  const report = readReport(stdout);
  expect(coverageWords(report)).toBe(
    '3 subscriptions that the signed-in identity may list: 2 read (1 of them disabled) and 1 denied.',
  );
});
