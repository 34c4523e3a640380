import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { emulator, generateTenant } from '../../emulator/index.ts';
import { vaultBody } from '../../emulator/tenants/bodies.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { run } from './run.ts';

const subscriptionId = '11111111-1111-4111-8111-111111111111';
const vault = (name: string, properties: JsonObject = {}) =>
  vaultBody(
    { subscriptionId, resourceGroup: 'rg', name, location: 'westeurope' },
    { properties: { enableSoftDelete: true, enablePurgeProtection: true, ...properties } },
  );
const unprotected = { enablePurgeProtection: undefined };

/** A folder with a rule for a framework of its own, and exemptions for a vault. */
function folderOf(rule: JsonObject = {}): string {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-frameworks '));
  const file = {
    id: 'ORG001',
    name: 'tagged',
    title: 'Vaults have an owner',
    severity: 'low',
    resourceType: 'Microsoft.KeyVault/vaults',
    description: 'Somebody answers for each.',
    require: { field: 'tags.owner', exists: true },
    ...rule,
  };
  writeFileSync(join(cwd, 'rule.yaml'), stringify(file));
  const exemption = {
    rule: 'AKV002',
    scope: { name: 'kv-old' },
    category: 'waiver',
    reason: 'It is being retired.',
  };
  writeFileSync(
    join(cwd, 'exemptions.yaml'),
    stringify({ exemptions: [{ ...exemption, expiresOn: '2999-01-01' }] }),
  );
  return cwd;
}

interface Scanned {
  readonly report: ScanReport;
  readonly code: number;
  /** A line for each control: its id, its verdict, its coverage, and its rules with their verdicts. */
  readonly lines: readonly string[];
}

async function scan(bodies: readonly JsonObject[], ...flags: readonly string[]): Promise<Scanned> {
  const { stdout, code } = await run(['scan', '--inventory', '-', ...flags, '--output', 'json'], {
    stdin: JSON.stringify(bodies),
    cwd: folderOf({
      controls: { 'ORG-Baseline': [{ id: 'KV-7', title: 'Somebody answers for it' }, 'KV-10'] },
    }),
  });
  const report: ScanReport = JSON.parse(stdout);
  const lines = (report.frameworks ?? []).flatMap(({ name, controls }) =>
    controls.map(
      ({ id, verdict, coverage, rules }) =>
        `${name} ${id} ${verdict} ${coverage}: ${rules.map((rule) => `${rule.ruleId} ${rule.verdict} ${rule.mappedBy}`).join(', ')}`,
    ),
  );
  return { report, code, lines };
}

describe('a scan by the controls of a framework', () => {
  test('selects the rules that serve them, and no other', async () => {
    const { report, lines, code } = await scan(
      [vault('kv-a', unprotected), vault('kv-b')],
      '--framework',
      'cis-azure-6.0',
    );
    expect(report.rules.map(({ id }) => id)).toEqual(['AKV002', 'AKV004', 'AKV007']);
    expect(lines).toEqual([
      'CIS-Azure-6.0 8.3.5 nonCompliant whole: AKV002 nonCompliant framework',
      'CIS-Azure-6.0 8.3.6 compliant whole: AKV004 compliant framework',
      'CIS-Azure-6.0 8.3.8 nonCompliant whole: AKV007 nonCompliant framework',
    ]);
    expect(report.frameworks?.[0]?.notCovered[0]).toEqual({ id: '6.1.1.4', title: 'Vaults are logged' });
    expect(report.frameworks?.[0]?.controls[0]?.rules[0]?.verdicts).toEqual({
      compliant: 1,
      nonCompliant: 1,
      exempt: 0,
      unknown: 0,
      notApplicable: 0,
    });
    expect(code).toBe(1);
  });

  test('has no verdicts by control where none is asked for', async () => {
    const { report } = await scan([vault('kv-a')]);
    expect(report).not.toHaveProperty('frameworks');
  });

  test('a control that a rule serves which is not selected is not judged', async () => {
    const { lines, report } = await scan(
      [vault('kv-a')],
      '--framework',
      'CIS-Azure-3.0',
      '--exclude-rule',
      'AKV001,AKV007',
    );
    expect(lines).toEqual([
      'CIS-Azure-3.0 3.3.5 notJudged whole: AKV001 notJudged framework, AKV002 compliant framework',
      'CIS-Azure-3.0 3.3.6 compliant whole: AKV004 compliant framework',
      'CIS-Azure-3.0 3.3.7 notJudged whole: AKV007 notJudged framework',
    ]);
    expect(report.frameworks?.[0]?.controls[0]?.rules[0]?.reason).toBe('It is not selected.');
  });

  test('a failure outweighs what is not judged', async () => {
    const { lines } = await scan(
      [vault('kv-a', unprotected)],
      '--framework',
      'CIS-Azure-3.0',
      '--exclude-rule',
      'AKV001',
    );
    expect(lines[0]).toContain('3.3.5 nonCompliant whole');
  });

  test('a control whose rules need a part that is not read is not judged, and the report says what it takes', async () => {
    const { lines, report } = await scan([vault('kv-a')], '--framework', 'NIST-800-53-r5.1.1');
    const backups = lines.find((line) => line.includes(' CP-9 '));
    expect(backups).toBe(
      'NIST-800-53-r5.1.1 CP-9 notJudged part: AKV002 compliant azurePolicy, AKV301 notJudged author',
    );
    const rules = report.frameworks?.[0]?.controls.find(({ id }) => id === 'CP-9')?.rules;
    expect(rules?.[1]?.reason).toContain('It is read with --include objects');
  });

  test('what an exemption covers is exempt, and never compliant', async () => {
    const bodies = [vault('kv-old', unprotected), vault('kv-b')];
    const flags = ['--framework', 'CIS-Azure-6.0', '--rule', 'AKV002', '--exemptions', 'exemptions.yaml'];
    const { lines, code, report } = await scan(bodies, ...flags);
    expect(lines[0]).toBe('CIS-Azure-6.0 8.3.5 exempt whole: AKV002 exempt framework');
    expect(report.frameworks?.[0]?.controls[0]?.rules[0]?.verdicts).toMatchObject({
      compliant: 1,
      exempt: 1,
    });
    expect([code, report.summary.nonCompliant, report.summary.exempt]).toEqual([0, 0, 1]);
    const failing = await scan([...bodies, vault('kv-c', unprotected)], ...flags);
    expect(failing.lines[0]).toContain('8.3.5 nonCompliant');
  });

  test('a scan that is not complete proves no control', async () => {
    const page = { value: [vault('kv-a')], nextLink: 'https://management.azure.com/next' };
    const cwd = folderOf();
    writeFileSync(join(cwd, 'page.json'), JSON.stringify(page));
    const argv = ['scan', '--inventory', 'page.json', '--framework', 'CIS-Azure-6.0', '--output', 'json'];
    for (const allowed of [[], ['--allow-incomplete']]) {
      const { stdout } = await run([...argv, ...allowed], { cwd });
      const { frameworks, complete }: ScanReport = JSON.parse(stdout);
      expect(complete).toBe(false);
      expect(frameworks?.[0]?.controls.map(({ verdict }) => verdict)).toEqual([
        'unknown',
        'unknown',
        'nonCompliant',
      ]);
      expect(frameworks?.[0]?.controls[0]?.rules[0]?.reason).toBe('The scan is incomplete.');
    }
  });

  test('a value that could not be read makes a control unknown', async () => {
    const { lines } = await scan(
      [vault('kv-a', { enablePurgeProtection: 'perhaps' }), vault('kv-b')],
      '--framework',
      'CIS-Azure-6.0',
      '--rule',
      'AKV002',
    );
    expect(lines[0]).toBe('CIS-Azure-6.0 8.3.5 unknown whole: AKV002 unknown framework');
  });

  test('nothing to judge is not applicable, and not compliant', async () => {
    const { lines } = await scan([], '--framework', 'CIS-Azure-6.0');
    expect(lines.map((line) => line.split(' ')[2])).toEqual(Array(3).fill('notApplicable'));
  });

  test('own rules have frameworks of their own, and serve others', async () => {
    const { lines, report } = await scan(
      [vault('kv-a')],
      '--policies',
      'rule.yaml',
      '--framework',
      'org-baseline',
    );
    expect(lines).toEqual([
      'ORG-Baseline KV-7 nonCompliant part: ORG001 nonCompliant author',
      'ORG-Baseline KV-10 nonCompliant part: ORG001 nonCompliant author',
    ]);
    expect(report.frameworks?.[0]).toMatchObject({
      controls: [{ title: 'Somebody answers for it' }, { id: 'KV-10' }],
      notCovered: [],
    });
  });

  test('several frameworks are reported one after the other, each once', async () => {
    const { report } = await scan([vault('kv-a')], '--framework', 'MCSB,soc-2,mcsb');
    expect(report.frameworks?.map(({ name, version }) => [name, version])).toEqual([
      ['MCSB', '1 (and 2 in preview)'],
      ['SOC-2', '2017'],
    ]);
    expect(report.rules.map(({ id }) => id)).toEqual(['AKV001', 'AKV002', 'AKV004', 'AKV006', 'AKV007']);
  });

  test('the configuration names frameworks, and a flag replaces them', async () => {
    const cwd = folderOf();
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'frameworks: [SOC-2]\n');
    const stdin = JSON.stringify([vault('kv-a')]);
    const named = async (...flags: readonly string[]) => {
      const { stdout } = await run(['scan', '--inventory', '-', ...flags, '--output', 'json'], {
        stdin,
        cwd,
      });
      const { frameworks }: ScanReport = JSON.parse(stdout);
      return frameworks?.map(({ name }) => name);
    };
    expect(await named()).toEqual(['SOC-2']);
    expect(await named('--framework', 'MCSB')).toEqual(['MCSB']);
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'failOn: high\nframeworks: [SOC2]\n');
    const { stderr, code } = await run(['scan', '--inventory', '-'], { stdin, cwd });
    expect(stderr).toContain(
      'purgeproof.yaml:2:14  No rule serves controls of a framework SOC2. Did you mean SOC-2?',
    );
    expect(code).toBe(2);
  });
});

test('rules list shows the rules that serve a framework', async () => {
  const { stdout } = await run(['rules', 'list', '--framework', 'soc-2', '--output', 'json']);
  const listed: readonly { readonly id: string }[] = JSON.parse(stdout);
  expect(listed.map(({ id }) => id)).toEqual(['AKV001', 'AKV002']);
});

test('a scan of Azure has the same verdicts whether rows are counted or read', async () => {
  const tenant = generateTenant({ subscriptions: 3, vaults: 60, failing: 0.3, seed: 'frameworks' });
  const scanned = async (...flags: readonly string[]) => {
    const { credential, httpClient } = emulator(tenant);
    const argv = ['scan', '--framework', 'CIS-Azure-6.0,MCSB', '--output', 'json', ...flags];
    const { stdout } = await run(argv, { azure: { credential, httpClient } });
    const report: ScanReport = JSON.parse(stdout);
    return report;
  };
  const [counted, whole] = [await scanned(), await scanned('--full')];
  expect(counted.frameworks).toEqual(whole.frameworks);
  const [control] = counted.frameworks?.[0]?.controls ?? [];
  const { compliant, nonCompliant } = control?.rules[0]?.verdicts ?? { compliant: 0, nonCompliant: 0 };
  const failing = counted.findings.filter(({ ruleId }) => ruleId === 'AKV002');
  expect([compliant > 0, nonCompliant]).toEqual([true, failing.length]);
});
