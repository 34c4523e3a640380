import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import { packageRoot, run } from './run.ts';

const folder = join(packageRoot, 'test/fixtures/plans');

/** AKV001 soft delete, AKV002 purge protection, AKV003 90 days, AKV006 firewall; of an HSM AKV101 and AKV102. */
type Verdicts = Readonly<Record<string, string>>;

const [p, f, u] = ['pass', 'fail', 'unknown'];
const asThere = `${u} ${p} ${p} ${f}`;

/** By hand, from the configuration in the folder of the same name and what the emulated Azure holds (scripts/terraform-plans.ts). */
const created: Verdicts = {
  // Nothing is said of the firewall: azurerm learns it from Azure, and the plan looks like that of `blocks`.
  'azurerm_key_vault.minimal': `${p} ${f} ${p} ${u}`,
  'azurerm_key_vault.blocks': `${p} ${p} ${p} ${u}`,
  'azurerm_key_vault.whole': `${p} ${p} ${p} ${p}`,
  'azurerm_key_vault.short': `${p} ${f} ${f} ${f}`,
  'azurerm_key_vault.later': `${p} ${u} ${p} ${u}`,
  'azurerm_key_vault.hidden': `${p} ${p} ${u} ${u}`,
  'azurerm_key_vault.counted[0]': `${p} ${p} ${p} ${u}`,
  'azurerm_key_vault.counted[1]': `${p} ${f} ${p} ${u}`,
  'azurerm_key_vault.policies': `${p} ${p} ${p} ${u}`,
  'module.each["a.b/c"].azurerm_key_vault.main[0]': `${p} ${p} ${p} ${p}`,
  'module.each["d"].azurerm_key_vault.main[0]': `${p} ${p} ${f} ${p}`,
  'module.set["x"].azurerm_key_vault.main[0]': `${p} ${p} ${p} ${p}`,
  'module.set["y"].azurerm_key_vault.main[0]': `${p} ${p} ${p} ${p}`,
  'azurerm_key_vault_managed_hardware_security_module.hsm': `${p} ${p}`,
  'kv-taken': asThere,
};

const unchanged: Verdicts = {
  'kv-kept': asThere,
  'kv-soft': `${u} ${f} ${p} ${f}`,
  'kv-renamed': asThere,
};

const changed: Verdicts = {
  ...unchanged,
  'kv-gains': asThere,
  'kv-loses': `${u} ${f} ${p} ${f}`,
  'azurerm_key_vault.moves': `${p} ${f} ${p} ${u}`,
  'azurerm_key_vault.swapped': `${p} ${p} ${p} ${u}`,
};

const { 'kv-gains': gained, ...others } = changed;

/** By the template inside of it, whose parameter has another default than what it is given. */
const deployed = { 'azurerm_resource_group_template_deployment.inner/kv-inner': `${p} ${f} ${p} ${f}` };
const written = {
  'azurerm_key_vault.minimal': `${p} ${f} ${p} ${u}`,
  'azurerm_key_vault.on': `${p} ${p} ${f} ${p}`,
  'azurerm_key_vault.off': `${p} ${f} ${p} ${f}`,
};

interface Expected {
  readonly code: number;
  readonly verdicts: Verdicts;
  /** The code for the plan of OpenTofu, where that is another one. */
  readonly tofu?: number;
}

const plans: Readonly<Record<string, Expected>> = {
  // OpenTofu does not say that the plan is complete, nor that `none` is repeated, for nothing.
  create: { code: 1, verdicts: created, tofu: 3 },
  azapi: {
    code: 1,
    verdicts: {
      'kv-object': `${p} ${p} ${f} ${p}`,
      'kv-text': `${p} ${f} ${p} ${f}`,
      'kv-merged': `${p} ${p} ${p} ${p}`,
      'kv-later': `${p} ${u} ${p} ${f}`,
      'kv-later-text': `${u} ${u} ${u} ${u}`,
      'kv-hidden': `${p} ${u} ${p} ${f}`,
    },
  },
  change: { code: 1, verdicts: changed },
  // What is replaced under its own name may be recovered as it was: without purge protection.
  replace: { code: 1, verdicts: { ...others, 'azurerm_key_vault.gains': `${p} ${u} ${p} ${u}` } },
  target: { code: 3, verdicts: { 'kv-gains': gained ?? '', 'kv-renamed': asThere } },
  'refresh-only': { code: 3, verdicts: {} },
  destroy: { code: 0, verdicts: {} },
  // Soft delete is known after apply where it is not written, and may be off before azurerm 2.42.
  'azurerm-2': {
    code: 1,
    verdicts: {
      ...deployed,
      ...written,
      'azurerm_key_vault.minimal': `${u} ${f} ${p} ${u}`,
      'azurerm_key_vault.off': `${f} ${f} ${p} ${f}`,
    },
  },
  'azurerm-3': { code: 1, verdicts: { ...deployed, ...written } },
  // A template spec is deployed by link.
  'azurerm-4': {
    code: 3,
    verdicts: {
      ...deployed,
      ...written,
      'azurerm_key_vault.new': `${p} ${p} ${p} ${u}`,
      'kv-loses-roles': asThere,
      'kv-later-roles': asThere,
      'kv-keeps-roles': asThere,
    },
  },
  // What is hidden may set anything; a template spec is deployed by link.
  'azapi-2': {
    code: 3,
    verdicts: {
      'kv-whole': `${p} ${p} ${p} ${p}`,
      'kv-hidden': `${u} ${u} ${u} ${u}`,
      'kv-inner': `${p} ${f} ${p} ${p}`,
      'kv-later': `${p} ${u} ${p} ${f}`,
    },
  },
  'verified-module': {
    code: 1,
    verdicts: {
      'module.minimal.azurerm_key_vault.this': `${p} ${p} ${p} ${p}`,
      'module.vault["defaults"].azurerm_key_vault.this': `${p} ${p} ${p} ${p}`,
      'module.vault["short"].azurerm_key_vault.this': `${p} ${p} ${f} ${p}`,
      'module.vault["open"].azurerm_key_vault.this': `${p} ${f} ${p} ${u}`,
      'module.vault["allowed"].azurerm_key_vault.this': `${p} ${p} ${p} ${f}`,
    },
  },
  failed: { code: 3, verdicts: { 'azurerm_key_vault.planned': `${p} ${p} ${p} ${u}` } },
};

const words: Readonly<Record<string, string | undefined>> = { compliant: p, nonCompliant: f, unknown: u };

function verdictsOf({ findings }: Pick<ScanReport, 'findings'>): Verdicts {
  const rules = ['AKV001', 'AKV002', 'AKV003', 'AKV006', 'AKV101', 'AKV102'];
  const found: Record<string, string> = {};
  for (const rule of rules)
    for (const { ruleId, resource, compliance } of findings) {
      if (ruleId !== rule) continue;
      // What is there already, or has a parent that is written, has its id; of any other the address is told.
      const [, address] = resource.id.split('#');
      const key = address ?? resource.name;
      found[key] = [found[key] ?? [], words[compliance] ?? compliance].flat().join(' ');
    }
  return found;
}

describe.each(['terraform', 'tofu'])('plans that a real %s made', (kind) => {
  test.for(Object.entries(plans))('%s', async ([plan, { verdicts, ...codes }]) => {
    const code = kind === 'tofu' ? (codes.tofu ?? codes.code) : codes.code;
    const argv = ['scan', '--terraform', `${plan}.json`, '--no-config', '--include-compliant'];
    const scanned = await run([...argv, '--output', 'json'], { cwd: join(folder, kind) });
    const report: ScanReport = JSON.parse(scanned.stdout);
    expect(verdictsOf(report)).toEqual(verdicts);
    expect([scanned.code, report.complete]).toEqual([code, code !== 3]);
    expect(scanned.stdout).not.toContain('not-to-be-shown');
  });

  test('of two names for one argument the one that is written counts', async () => {
    const argv = ['scan', '--terraform', 'azurerm-4.json', '--no-config', '--include-compliant'];
    const flags = ['--rule', 'AKV004', '--output', 'json'];
    const scanned = await run([...argv, ...flags], { cwd: join(folder, kind) });
    const { findings }: ScanReport = JSON.parse(scanned.stdout);
    expect(Object.fromEntries(findings.map((one) => [one.resource.name, words[one.compliance]]))).toEqual({
      // Neither is written: it is known after apply.
      'kv-minimal': u,
      'kv-on': p,
      'kv-off': f,
      'kv-new': p,
      // The provider keeps true under the name that is not written, and sends false.
      'kv-loses-roles': f,
      'kv-later-roles': u,
      'kv-keeps-roles': p,
      'kv-inner': f,
    });
  });

  test('each has an expectation', () => {
    const names = readdirSync(join(folder, kind)).map((name) => name.replace(/\.json$/, ''));
    expect(names.toSorted()).toEqual(Object.keys(plans).toSorted());
  });
});

test('the tokens of the plans are in them, so that a report could show them', () => {
  for (const kind of ['terraform', 'tofu'])
    expect(readFileSync(join(folder, kind, 'create.json'), 'utf8')).toContain('not-to-be-shown');
});
