import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Emulator, emulator, guidOf, vaultBody } from '../../emulator/index.ts';
import { main } from '../../src/cli/main.ts';
import { leftOn, run, worldOf, type Outcome } from './run.ts';

afterEach(() => vi.restoreAllMocks());

const payments = { id: guidOf('payments'), name: 'prod-payments' };
const where = { subscriptionId: payments.id, resourceGroup: 'rg', name: 'kv-a', location: 'westeurope' };
const vault = vaultBody(where);

function azureOf(): Emulator {
  return emulator(
    { tenantId: guidOf('tenant'), managementGroups: [], subscriptions: [payments], resources: [vault] },
    { quota: 'unlimited' },
  );
}

async function purgeproof(command: string, terminal?: number): Promise<Outcome> {
  const { credential, httpClient } = azureOf();
  const azure = { credential, httpClient };
  return run(command.split(' '), { azure, ...(terminal === undefined ? {} : { terminal }) });
}

const eraseLine = '\r\u001B[2K';

/** Every text that stood in the line of status, in order. */
function shownIn({ stderr }: Pick<Outcome, 'stderr'>): readonly string[] {
  const parts = stderr.split(eraseLine).slice(1);
  return parts.filter((text) => text !== '' && !text.includes('\n'));
}

describe('on a terminal', () => {
  test('a scan says what it does, one after the other', async () => {
    const shown = shownIn(await purgeproof('scan --rule AKV002', 100));
    expect(shown.slice(0, 2)).toEqual(['Signing in …', 'Finding the subscriptions …']);
    expect(shown.slice(2)).toContain('Reading 1 subscription · 1 page · 1 resource');
  });

  test('from the first moment: before there is a token', async () => {
    const { credential, httpClient } = azureOf();
    const err: string[] = [];
    let before = '';
    const slow = {
      getToken: async (...asked: Parameters<typeof credential.getToken>) => {
        before = err.join('');
        return credential.getToken(...asked);
      },
    };
    const argv = ['scan', '--rule', 'AKV002'];
    await main(worldOf(argv, { terminal: 100 }, { out: [], err }), { credential: slow, httpClient });
    expect(before).toContain('Signing in …');
  });

  test.for(['deleted list', 'who-can purge', 'plan --rule AKV002'])(
    'the others count the answers: purgeproof %s',
    async (command) => {
      const shown = shownIn(await purgeproof(`${command} --subscription ${payments.id}`, 100));
      expect(shown[0]).toBe('Signing in …');
      expect(shown.at(-1)).toMatch(/^Waiting for Azure · \d+ answers?$/);
    },
  );

  test.for([
    'scan --rule AKV002',
    'plan --rule AKV002',
    'deleted list',
    'who-can purge',
    'scan --subscription nowhere',
    'scan --policies nowhere',
    'scan --config cli/one-round/purgeproof.yaml',
    'scan --exemptions cli/exemptions.yaml',
  ])('nothing of it is left: purgeproof %s', async (command) => {
    const { credential, httpClient } = azureOf();
    const cwd = join(import.meta.dirname, '../fixtures');
    const { stderr, ending } = await run(command.split(' '), {
      cwd,
      azure: { credential, httpClient },
      terminal: 100,
    });
    expect(leftOn(stderr + ending)).not.toMatch(/Signing in …|Finding|Reading|Waiting/);
    expect(leftOn(stderr + ending)).toMatch(/^$|\n$/);
  });

  test('a line is no wider than the terminal', async () => {
    const shown = shownIn(await purgeproof('scan --rule AKV002', 20));
    expect(Math.max(...shown.map(({ length }) => length))).toBe(19);
  });

  test.for(['--quiet', '--debug', '--debug=full'])('there is none with %s', async (flag) => {
    const { stderr } = await purgeproof(`scan --rule AKV002 ${flag}`, 100);
    expect(stderr).not.toContain(eraseLine);
  });
});

test('there is none where standard error is no terminal', async () => {
  expect((await purgeproof('scan --rule AKV002')).stderr).toBe('');
  expect((await purgeproof('deleted list')).stderr).toBe('');
});

describe('of an inventory', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-progress-'));
  const text = `[${' '.repeat(600_000)}${JSON.stringify(vault)}]`;
  writeFileSync(join(cwd, 'large.json'), text);
  const scan = async (file: string): Promise<Outcome> =>
    run(['scan', '--rule', 'AKV002', '--inventory', file], { cwd, stdin: text, terminal: 100 });

  test('that takes longer than a second, it says how much was read', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 900));
    const shown = shownIn(await scan('large.json'));
    expect(shown.at(-1)).toBe('Reading large.json · 0.6 MB of 0.6 MB');
  });

  test('that takes less, it says nothing', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(0);
    expect(shownIn(await scan('large.json'))).toEqual([]);
  });
});
