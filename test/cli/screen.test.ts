import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'fast-string-width';
import { beforeAll, describe, expect, test } from 'vitest';
import { demoTenant, emulator } from '../../emulator/index.ts';
import { leftOn, packageRoot, run, type Outcome } from './run.ts';

/** The demo tenant: 130 findings on 40 vaults and HSMs, and a subscription that is denied. */
async function onTerminal(argv: readonly string[], terminal?: number): Promise<string> {
  return (await outcomeOf(argv, terminal)).stdout;
}

/** All that is on the screen in the end: standard error, too. */
async function screenOf(argv: readonly string[], terminal: number): Promise<string> {
  const { stdout, stderr, ending } = await outcomeOf(argv, terminal);
  return leftOn(stderr) + stdout + ending;
}

async function outcomeOf(
  argv: readonly string[],
  terminal?: number,
  cwd: string = packageRoot,
  rows?: number,
): Promise<Outcome> {
  const { credential, httpClient } = emulator(demoTenant(), { quota: 'unlimited' });
  const setting = {
    cwd,
    azure: { credential, httpClient },
    rows,
    ...(terminal === undefined ? {} : { terminal }),
  };
  return run([...argv, '--no-color'], setting);
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split('\n');
}

describe('a scan of 40 vaults with 130 findings', () => {
  test.for([60, 80, 120, 200])('takes no more than 80 lines of a terminal of %i columns', async (columns) => {
    const lines = linesOf(await screenOf(['scan'], columns));
    const exit = lines.findIndex((line) => line.startsWith('Exit 3: '));
    expect(lines.length - exit).toBe(columns < 80 ? 2 : 1);
    expect(lines.length).toBeLessThanOrEqual(80);
    expect(
      lines.filter((line) => /^ {2}(?:critical|high|medium|low) +AKV\d{3}(?! \S+ +\d)/.test(line)),
    ).not.toEqual([]);
    expect(
      lines.filter((line) => stringWidth(line) > columns && !/^ {4,}(?:purgeproof|az) /.test(line)),
    ).toEqual([]);
  });

  test.for([
    [42, 80],
    [50, 80],
    [40, 120],
    [50, 120],
    [60, 120],
  ] as const)(
    'fits on a screen of %i rows and %i columns, with the worst finding and the result',
    async ([rows, columns]) => {
      const { stdout, ending } = await outcomeOf(['scan'], columns, packageRoot, rows);
      const lines = linesOf(stdout + ending);
      // The prompt has a line, too.
      expect(lines.length).toBeLessThan(rows);
      expect(lines.find((line) => /^ {2}(?:critical|high)/.test(line))).toContain('critical  AKV001');
      expect(stdout).toMatch(/^… and \d+ more vaults and \d+ more managed HSMs: /m);
      expect(stdout).toContain('\nResult      INCOMPLETE');
    },
  );

  test('is no shorter on a low screen where a grouping or everything was asked for', async () => {
    for (const flags of [['--group-by', 'rule'], ['--verbose']]) {
      const [low, high] = await Promise.all(
        [24, 1_000].map((rows) => outcomeOf(['scan', ...flags], 120, packageRoot, rows)),
      );
      expect(low?.stdout).toBe(high?.stdout);
      expect(low?.stdout).toContain('\nResult      INCOMPLETE');
    }
  });

  test('ends with the result, beside what could not be read', async () => {
    const text = await onTerminal(['scan'], 100);
    const result = text.indexOf('\nResult ');
    const gap = text.indexOf('\nINCOMPLETE: 1 item could not be read\n');
    expect(linesOf(text.slice(result + 1)).length).toBeLessThanOrEqual(2);
    expect(linesOf(text.slice(gap, result)).length).toBeLessThanOrEqual(8);
    expect(text.slice(gap, result)).toContain('subscription prod-hr');
  });

  test('is summarised in ten lines', async () => {
    const lines = linesOf(await onTerminal(['scan', '--summary'], 120));
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  test('lists every finding, one a line, where the output is not a terminal', async () => {
    const lines = linesOf(await onTerminal(['scan']));
    const findings = lines.filter((line) =>
      /^ {2}(?:critical|high|medium|low) +AKV\d{3} \S+ +\S+ (?:is|could)/.test(line),
    );
    expect(findings).toHaveLength(130);
  });

  test('names commands that work as they stand', async () => {
    const lines = linesOf(
      await onTerminal(['scan', '--subscription', 'sandbox-training', '--fail-on', 'high'], 100),
    );
    const commands = lines
      .filter((line) => line.startsWith('    purgeproof '))
      .map((line) => line.trim().split(' ').slice(1));
    expect(commands).toEqual([
      ['scan', '--subscription', 'sandbox-training', '--fail-on', 'high', '--verbose'],
      ['rules', 'show', 'AKV002'],
      ['plan', '--subscription', 'sandbox-training', '--out', 'plan.json'],
    ]);
  });
});

describe('a plan of the same vaults', () => {
  test.for([80, 100, 120, 200])(
    'takes no more than 120 lines of %i columns where it is written to a file, too',
    async (columns) => {
      const cwd = mkdtempSync(join(tmpdir(), 'plan-'));
      const { stdout, stderr, ending } = await outcomeOf(['plan', '--out', 'plan.json'], columns, cwd);
      expect(leftOn(stderr)).toBe('');
      expect(ending).toMatch(/^Wrote plan\.json\.\nSigned in to /);
      expect(linesOf(stdout + ending).length).toBeLessThanOrEqual(120);
    },
  );

  test.for([80, 100, 120, 200])(
    'takes no more than 120 lines of a terminal of %i columns',
    async (columns) => {
      const text = await screenOf(['plan'], columns);
      const lines = linesOf(text);
      expect(lines.length).toBeLessThanOrEqual(120);
      expect(
        lines.filter((line) => stringWidth(line) > columns && !/^ {2,}(?:purgeproof|az) /.test(line)),
      ).toEqual([]);
      expect(text.match(/^ {3}1\. /gm)).toHaveLength(6);
      expect(lines.filter((line) => /^ {2,}(?:purgeproof|az) /.test(line))).toEqual([
        expect.stringMatching(
          /^ {4}az role assignment create --role Reader --scope \/subscriptions\/ee950de0/,
        ),
        '  purgeproof plan --verbose',
        '  purgeproof plan --out plan.json --allow disruptive',
        '  purgeproof plan --out plan.json',
      ]);
    },
  );

  test('names every vault, and has every step by hand, where the output is not a terminal', async () => {
    const [text, full] = [await onTerminal(['plan']), await onTerminal(['plan', '--verbose'])];
    for (const [, name = ''] of full.matchAll(/^(\S+) {2}(?:vault|managed HSM) · /gm))
      expect(text).toMatch(new RegExp(`[ :]${name}[,)\n]`));
    expect(text).toContain('   8. Scan again.\n');
    expect(text).not.toMatch(/ more( steps?)?$/m);
  });
});

describe.each([60, 80, 120, 200])('on a terminal of %i columns', (columns) => {
  test.for([
    ['who-can', 'purge'],
    ['who-can', 'delete'],
    ['deleted', 'list'],
    ['rules', 'list'],
    ['rules', 'show', 'AKV003'],
  ])('%s %s fits', async (argv) => {
    const lines = linesOf(await onTerminal(argv, columns));
    expect(lines.length).toBeLessThanOrEqual(130);
    // A command, a path and an address are there to be copied.
    const tooLong = lines.filter(
      (line) => stringWidth(line) > columns && !/^ +(?:purgeproof|az) |^\s*\S+$/.test(line),
    );
    expect(tooLong).toEqual([]);
  });
});

test('who-can lists those that nobody can purge together, each by name', async () => {
  const [screen, whole] = [
    await onTerminal(['who-can', 'purge'], 100),
    await onTerminal(['who-can', 'purge']),
  ];
  expect(linesOf(screen).length).toBeLessThanOrEqual(70);
  expect(screen).toMatch(
    /^\d+ vaults {2}no purge protection\n {2}Nobody can purge them or what is in them\.\n {2}\S+: kv-/m,
  );
  for (const [, name = ''] of whole.matchAll(/^(\S+) {2}(?:vault|managed HSM) · /gm))
    expect(screen).toContain(name);
});

describe('what has come since', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-screen-'));
  const code = join(packageRoot, 'test/fixtures/iac');
  const exemption = '--rule AKV002 --name kv-* --category waiver --expires 2027-03-01'.split(' ');
  const reason = 'Vaults of the laboratory are built anew every night, from what the registry holds.';
  beforeAll(async () => {
    await outcomeOf(['scan', '--archive', 'audit', '--output', 'json=report.json'], undefined, cwd);
    await outcomeOf(['exemptions', 'add', ...exemption, '--reason', reason], undefined, cwd);
  });

  const commands: readonly (readonly string[])[] = [
    ['rescan', '--archive', 'audit'],
    ['rescan', '--archive', 'audit', '--output', 'json=again.json'],
    ['trend', 'audit'],
    ['init', '--force', '--out', 'proposed.yaml'],
    ['config', 'show'],
    ['exemptions', 'list'],
    ['exemptions', 'list', '--report', 'report.json'],
    [
      'exemptions',
      'add',
      ...exemption,
      '--reason',
      'Other.',
      '--tag',
      'env=lab',
      '--exemptions',
      'other.yaml',
    ],
    ['exemptions', 'export', '--assignment', 'AKV002=/subscriptions/00000000-0000-4000-8000-000000000000/x'],
    ['scan', '--source', code],
    ['permissions', 'init'],
  ];

  describe.each([80, 120, 200])('on a terminal of %i columns', (columns) => {
    test.for(commands)('%s %s fits, and no id or command is broken', async (argv) => {
      rmSync(join(cwd, 'other.yaml'), { force: true });
      const { stdout, stderr, ending } = await outcomeOf(argv, columns, cwd);
      const shown = stdout.startsWith('{') ? leftOn(stderr) : leftOn(stderr) + stdout + ending;
      // A command and what cannot be broken are there to be copied.
      const tooLong = linesOf(shown).filter(
        (line) => stringWidth(line) > columns && !/^ +(?:purgeproof|az|terraform) |^\s*\S+$/.test(line),
      );
      expect(tooLong).toEqual([]);
    });
  });

  test.for<[readonly string[], string]>([
    [
      ['rescan', '--archive', 'audit'],
      'Result      INCOMPLETE: not everything in scope could be read, so the rest may be non-compliant. In what was read: 130 findings on 40 of 55 (51 vaults and 4 managed HSMs).',
    ],
    [['trend', 'audit'], '1 scan was incomplete: what was not read stays as it was before.'],
    [['exemptions', 'list'], `AKV002  name kv-*  2027-03-01  ${reason}`],
    [
      ['permissions', 'scan', '--output', 'table'],
      'show that the identity may read vaults and managed HSMs everywhere in a subscription  Microsoft.Authorization/permissions/read',
    ],
    [
      ['scan', '--source', code],
      '  AKV007 private-endpoint on Microsoft.KeyVault/vaults: No declaration shows properties.privateEndpointConnections: it is filled in later.',
    ],
  ])('%s is not wrapped where it is no terminal', async ([argv, line]) => {
    const { stdout } = await outcomeOf(argv, undefined, cwd);
    expect(linesOf(stdout)).toContain(line);
  });

  test('init says on one line that something could not be read, and has the command on another', async () => {
    const { stderr, ending } = await outcomeOf(['init', '--force', '--out', 'proposed.yaml'], undefined, cwd);
    expect(stderr).toBe(
      'Not everything could be read (1): the figures in proposed.yaml are incomplete. To see what is missing:\n  purgeproof scan\n',
    );
    expect(ending).toMatch(
      /^Wrote proposed\.yaml\.\nSigned in to tenant \S+, as application \S+\.\nExit 3: /,
    );
  });
});
