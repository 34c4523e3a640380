import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator, guidOf, managedHsmBody, type Tenant, vaultBody } from '../../emulator/index.ts';
import {
  definitionIdOf,
  initiativeBody,
  policyAssignmentBody,
  policyExemptionBody,
} from '../../emulator/tenants/policies.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { readReport, run, type Outcome } from '../cli/run.ts';

const [payments, shop] = [guidOf('payments'), guidOf('shop')];
const purgeProtection = definitionIdOf('0b60c0b2-2dc2-4e1c-b5c9-abbed971de53');
const firewall = definitionIdOf('55615ac9-af46-4a59-874e-391cc3dfb490');
const hsmPurgeProtection = definitionIdOf('c39ba22d-4428-4149-b981-70acb31fc383');
const root = '/providers/Microsoft.Management/managementGroups/root';
const group = `/subscriptions/${payments}/resourceGroups/rg-payments`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-payments`;
const now = '2026-11-30T12:00:00Z';

const benchmark = initiativeBody('Cloud benchmark', {
  keyVaultPurge: purgeProtection,
  keyVaultFirewall: firewall,
  hsmPurge: hsmPurgeProtection,
});
const byDefinition = policyAssignmentBody(root, purgeProtection);
const byInitiative = policyAssignmentBody(root, JSON.stringify(benchmark['id']).slice(1, -1));

let cwd: string;
let tenant: Tenant;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-azure-exemptions-'));
  const place = { resourceGroup: 'rg-payments', location: 'westeurope' };
  tenant = {
    tenantId: guidOf('tenant'),
    managementGroups: [
      { id: 'root', displayName: 'Root' },
      { id: 'corp', displayName: 'Corp', parent: 'root' },
    ],
    subscriptions: [
      { id: payments, name: 'Payments', managementGroup: 'corp' },
      { id: shop, name: 'Shop', managementGroup: 'root' },
    ],
    resources: [
      vaultBody({ ...place, subscriptionId: payments, name: 'kv-payments' }),
      vaultBody({ ...place, subscriptionId: shop, name: 'kv-shop' }),
      managedHsmBody({ ...place, subscriptionId: payments, name: 'hsm-payments' }),
    ],
  };
});
afterEach(() => rmSync(cwd, { recursive: true }));

function purgeproof(argv: readonly string[]): Promise<Outcome> {
  const { credential, httpClient } = emulator(tenant, { quota: 'unlimited' });
  return run(argv, { cwd, now, azure: { credential, httpClient } });
}

interface Scanned extends Outcome {
  /** The names of what is exempt, with the rule. */
  readonly exempt: readonly string[];
}

/** Scans with these exemptions, and the two assignments beside them. */
async function scan(exemptions: readonly JsonObject[], ...more: readonly string[]): Promise<Scanned> {
  tenant.policies = [benchmark, byDefinition, byInitiative, ...exemptions];
  const rules = ['--rule', 'AKV002', '--rule', 'AKV101'];
  const outcome = await purgeproof(['scan', '--azure-exemptions', ...rules, '--output', 'json', ...more]);
  const findings = outcome.code === 2 ? [] : readReport(outcome.stdout).findings;
  const exempt = findings.flatMap(({ compliance, resource, ruleId }) =>
    compliance === 'exempt' ? [`${resource.name} ${ruleId}`] : [],
  );
  return { ...outcome, exempt };
}

describe('an exemption of Azure Policy', () => {
  test.for<[string, JsonObject, readonly string[]]>([
    ['on the vault', policyExemptionBody(vault, byDefinition), ['kv-payments AKV002']],
    ['on its resource group', policyExemptionBody(group, byDefinition), ['kv-payments AKV002']],
    ['on another of a longer name', policyExemptionBody(group.slice(0, -1), byDefinition), []],
    [
      'on its subscription',
      policyExemptionBody(`/subscriptions/${payments.toUpperCase()}`, byDefinition),
      ['kv-payments AKV002'],
    ],
    [
      'on a group above it',
      policyExemptionBody('/providers/Microsoft.Management/managementGroups/corp', byDefinition),
      ['kv-payments AKV002'],
    ],
    ['on the root', policyExemptionBody(root, byDefinition), ['kv-payments AKV002', 'kv-shop AKV002']],
    [
      'from all of an initiative',
      policyExemptionBody(group, byInitiative),
      ['hsm-payments AKV101', 'kv-payments AKV002'],
    ],
    [
      'from a part of an initiative',
      policyExemptionBody(group, byInitiative, { policyDefinitionReferenceIds: ['KEYVAULTPURGE'] }),
      ['kv-payments AKV002'],
    ],
    [
      'from another part',
      policyExemptionBody(group, byInitiative, { policyDefinitionReferenceIds: ['keyVaultFirewall'] }),
      [],
    ],
    [
      'from a part that is not there',
      policyExemptionBody(group, byInitiative, { policyDefinitionReferenceIds: ['gone'] }),
      [],
    ],
    ['that has ended', policyExemptionBody(group, byDefinition, { expiresOn: now }), []],
    [
      'that ends in a second',
      policyExemptionBody(group, byDefinition, { expiresOn: '2026-11-30T12:00:01Z' }),
      ['kv-payments AKV002'],
    ],
    [
      'for the location',
      policyExemptionBody(root, byDefinition, {
        resourceSelectors: [{ name: 'eu', selectors: [{ kind: 'resourceLocation', in: ['West Europe'] }] }],
      }),
      ['kv-payments AKV002', 'kv-shop AKV002'],
    ],
    [
      'for another location',
      policyExemptionBody(root, byDefinition, {
        resourceSelectors: [{ name: 'us', selectors: [{ kind: 'resourceLocation', in: ['eastus'] }] }],
      }),
      [],
    ],
    [
      'but for the type',
      policyExemptionBody(root, byInitiative, {
        resourceSelectors: [
          { name: 'x', selectors: [{ kind: 'resourceType', notIn: ['Microsoft.KeyVault/vaults'] }] },
        ],
      }),
      ['hsm-payments AKV101'],
    ],
    [
      'for either of two',
      policyExemptionBody(root, byInitiative, {
        resourceSelectors: ['vaults', 'managedHSMs'].map((type) => ({
          name: type,
          selectors: [{ kind: 'resourceType', in: [`Microsoft.KeyVault/${type}`] }],
        })),
      }),
      ['hsm-payments AKV101', 'kv-payments AKV002', 'kv-shop AKV002'],
    ],
  ])('%s', async ([, exemption, expected]) => {
    const { exempt, code, stdout } = await scan([exemption]);
    expect(exempt.toSorted()).toEqual(expected);
    expect(code).toBe(expected.length === 3 ? 0 : 1);
    expect(readReport(stdout).complete).toBe(true);
  });

  test('carries its category, its reason, its last day and its id', async () => {
    const more = { exemptionCategory: 'Mitigated', expiresOn: '2027-03-02T00:00:00Z' };
    const { stdout } = await scan([policyExemptionBody(vault, byDefinition, more)], '--output', 'csv=r.csv');
    expect(readReport(stdout).findings.find(({ compliance }) => compliance === 'exempt')?.exemption).toEqual({
      category: 'mitigated',
      reason: 'Moved away in spring.',
      expiresOn: '2027-03-01',
      id: `${vault}/providers/Microsoft.Authorization/policyExemptions/accepted`,
    });
    expect(readFileSync(join(cwd, 'r.csv'), 'utf8')).toContain(
      `,${vault}/providers/Microsoft.Authorization/policyExemptions/accepted,`,
    );
  });

  test('counts only where it is asked for, and never for an unknown', async () => {
    tenant.policies = [byDefinition, policyExemptionBody(vault, byDefinition)];
    const plain = await purgeproof(['scan', '--rule', 'AKV002', '--output', 'json']);
    expect(readReport(plain.stdout).summary).toMatchObject({ exempt: 0, nonCompliant: 2 });
    const odd = { properties: { enablePurgeProtection: 'perhaps' } };
    const place = { subscriptionId: payments, resourceGroup: 'rg-payments', location: 'westeurope' };
    tenant.resources = [vaultBody({ ...place, name: 'kv-payments' }, odd)];
    const { stdout, exempt } = await scan([policyExemptionBody(vault, byDefinition)]);
    expect(exempt).toEqual([]);
    expect(readReport(stdout).summary).toMatchObject({ unknown: 1 });
  });

  test('from an assignment that does not reach the vault says nothing of it', async () => {
    const elsewhere = policyAssignmentBody(`/subscriptions/${shop}`, purgeProtection);
    const more = { assignmentScopeValidation: 'DoNotValidate' };
    const { exempt } = await scan([elsewhere, policyExemptionBody(vault, elsewhere, more)]);
    expect(exempt).toEqual([]);
  });

  test.for<[string, JsonObject, readonly string[]]>([
    ['leaves out the group of the vault', { notScopes: [group.toUpperCase()] }, ['kv-shop AKV002']],
    ['leaves out its subscription', { notScopes: [`/subscriptions/${payments}`] }, ['kv-shop AKV002']],
    [
      'leaves out a management group above it',
      { notScopes: ['/providers/Microsoft.Management/managementGroups/corp'] },
      ['kv-shop AKV002'],
    ],
    ['leaves out two, as one text', { notScopes: [`${group} /subscriptions/${shop}`] }, []],
    ['leaves out another group', { notScopes: [`${group}-2`] }, ['kv-payments AKV002', 'kv-shop AKV002']],
    [
      'selects another location',
      { resourceSelectors: [{ name: 'us', selectors: [{ kind: 'resourceLocation', in: ['eastus'] }] }] },
      [],
    ],
    [
      'selects the location',
      { resourceSelectors: [{ name: 'eu', selectors: [{ kind: 'resourceLocation', in: ['westeurope'] }] }] },
      ['kv-payments AKV002', 'kv-shop AKV002'],
    ],
    [
      'selects by a kind that is not known',
      { resourceSelectors: [{ name: 'x', selectors: [{ kind: 'constructor', notIn: ['a'] }] }] },
      [],
    ],
  ])('from an assignment that %s', async ([, more, expected]) => {
    const narrowed = policyAssignmentBody(root, purgeProtection.toLowerCase(), more);
    const { exempt, code, stdout } = await scan([narrowed, policyExemptionBody(root, narrowed)]);
    expect(exempt.toSorted()).toEqual(expected);
    expect({ code, complete: readReport(stdout).complete }).toEqual({ code: 1, complete: true });
  });

  test('comes after those of the exemptions file', async () => {
    const entry = `{ rule: AKV002, scope: { name: kv-* }, category: waiver, reason: Ours., expiresOn: 2027-03-01 }`;
    writeFileSync(join(cwd, 'ours.yaml'), `exemptions: [${entry}]\n`);
    const { stdout } = await scan([policyExemptionBody(vault, byDefinition)], '--exemptions', 'ours.yaml');
    const found = readReport(stdout).findings.find(({ resource }) => resource.name === 'kv-payments');
    expect(found?.exemption).toMatchObject({ reason: 'Ours.' });
  });

  test('of a rule of the user counts by the id of a custom definition', async () => {
    const custom = `${root}/providers/Microsoft.Authorization/policyDefinitions/tags`;
    writeFileSync(
      join(cwd, 'rule.yaml'),
      `id: ORG001
name: tagged
title: It has an owner
severity: low
resourceType: Microsoft.KeyVault/vaults
description: Somebody must answer.
require: { field: tags.owner, exists: true }
azurePolicies: ['${custom}']
`,
    );
    const assigned = policyAssignmentBody(root, custom);
    const flags = ['--policies', 'rule.yaml', '--rule', 'ORG001'];
    const { exempt } = await scan([assigned, policyExemptionBody(group, assigned)], ...flags);
    expect(exempt).toContain('kv-payments ORG001');
  });
});

describe('what is to be said of them', () => {
  const notices = ({ stdout }: Outcome): unknown => JSON.parse(stdout).exemptionNotices;
  const id = `${group}/providers/Microsoft.Authorization/policyExemptions/accepted`;

  test.for<[string, JsonObject, readonly JsonObject[], unknown]>([
    [
      'it ends soon',
      policyExemptionBody(group, byDefinition, { expiresOn: '2026-12-10T06:30:00Z' }),
      [byDefinition],
      [
        {
          kind: 'endsSoon',
          id,
          expiresOn: '2026-12-10',
          message: 'the exemption of Azure Policy ends at 2026-12-10 06:30 UTC',
        },
      ],
    ],
    [
      'its assignment is gone',
      policyExemptionBody(group, byDefinition),
      [],
      [
        {
          kind: 'notEvaluated',
          id,
          message: expect.stringMatching(
            /exempts nothing here: what \/.* assigns is not there or could not be read$/,
          ),
        },
      ],
    ],
    [
      'it selects by a kind that is not known',
      policyExemptionBody(group, byDefinition, {
        resourceSelectors: [{ name: 'x', selectors: [{ kind: 'userPrincipalId', in: ['a'] }] }],
      }),
      [byDefinition],
      [
        {
          kind: 'notEvaluated',
          id,
          message: expect.stringMatching(/it selects resources by userPrincipalId$/),
        },
      ],
    ],
    [
      'nothing, where it is about another policy',
      policyExemptionBody(group, policyAssignmentBody(root, firewall), { expiresOn: '2026-12-01T00:00:00Z' }),
      [policyAssignmentBody(root, firewall)],
      undefined,
    ],
  ])('%s', async ([, exemption, assignments, expected]) => {
    tenant.policies = [...assignments, exemption];
    const flags = ['--azure-exemptions', '--rule', 'AKV002', '--output', 'json'];
    const outcome = await purgeproof(['scan', ...flags]);
    expect(notices(outcome)).toEqual(expected);
    expect(readReport(outcome.stdout).complete).toBe(true);
    const line = `${id}  the exemption of Azure Policy`;
    expect(outcome.stderr.includes(line)).toBe(expected !== undefined);
  });
});

describe('what cannot be read exempts nothing, and is a gap', () => {
  test.for(['policyExemptions', 'policyAssignments', 'policySetDefinitions'])(
    'the right to %s is missing',
    async (type) => {
      const notActions = [`Microsoft.Authorization/${type}/read`];
      tenant.roleAssignments = [{ scope: '/', role: { actions: ['*/read'], notActions } }];
      const { code, stdout, exempt } = await scan([policyExemptionBody(vault, byInitiative)]);
      expect(exempt).toEqual([]);
      expect(code).toBe(3);
      const { unreadable, summary } = readReport(stdout);
      expect(summary).toMatchObject({ nonCompliant: 3, unknown: 0 });
      expect(unreadable.map(({ scope }) => scope)).toEqual(
        [payments, shop].map((one) => `/subscriptions/${one}`),
      );
      for (const { reason } of unreadable)
        expect(reason).toMatch(
          new RegExp(`does not hold Microsoft\\.Authorization/${type}/read on it, so an exemption`),
        );
    },
  );

  test('rights on a subscription alone show what stands there, and the group is named', async () => {
    tenant.roleAssignments = [
      { scope: `/subscriptions/${payments}`, role: { actions: ['*/read'], notActions: [] } },
    ];
    const { code, stdout, stderr, exempt } = await scan(
      [
        policyExemptionBody(vault, policyAssignmentBody(`/subscriptions/${payments}`, purgeProtection)),
        policyAssignmentBody(`/subscriptions/${payments}`, purgeProtection),
      ],
      '--subscription',
      payments,
    );
    expect(exempt).toEqual(['kv-payments AKV002']);
    expect({ code, complete: readReport(stdout).complete }).toEqual({ code: 1, complete: true });
    expect(stderr).toMatch(
      /managementGroups\/root {2}exemptions of Azure Policy that stand on a management group may not show/,
    );
  });

  test('Resource Graph refuses the query', async () => {
    const refusing = emulator(tenant, {
      quota: 'unlimited',
      unaccepted: { words: ['| join'] },
    });
    tenant.policies = [byDefinition, policyExemptionBody(vault, byDefinition)];
    const { credential, httpClient } = refusing;
    const flags = ['--azure-exemptions', '--rule', 'AKV002', '--output', 'json'];
    const { code, stdout } = await run(['scan', ...flags], { cwd, now, azure: { credential, httpClient } });
    expect(code).toBe(3);
    expect(readReport(stdout).unreadable).toMatchObject([
      { kind: 'tenant', reason: expect.stringContaining('so none exempts anything') },
    ]);
  });

  test.for<JsonObject>([
    { exemptionCategory: 'Other' },
    { expiresOn: '2026-12-01T00:00:00' },
    { expiresOn: 'tomorrow' },
    { expiresOn: 2027 },
    { policyAssignmentId: null },
    { resourceSelectors: [{ name: 'x', selectors: [] }] },
    { resourceSelectors: [{ name: 'x', selectors: [{ kind: 'resourceType' }] }] },
    { resourceSelectors: [{ name: 'x', selectors: [{ kind: 'resourceType', in: ['a'], notIn: ['b'] }] }] },
  ])('an exemption in an unknown form: %j', async (more) => {
    const { code, stdout, exempt } = await scan([policyExemptionBody(vault, byDefinition, more)]);
    expect({ code, exempt }).toEqual({ code: 3, exempt: [] });
    expect(readReport(stdout).unreadable).toMatchObject([
      { kind: 'resource', scope: `${vault}/providers/Microsoft.Authorization/policyExemptions/accepted` },
    ]);
  });

  test('an inventory is not Azure', async () => {
    writeFileSync(join(cwd, 'vaults.json'), '[]');
    const { code, stderr } = await purgeproof(['scan', '--inventory', 'vaults.json', '--azure-exemptions']);
    expect(code).toBe(2);
    expect(stderr).toContain('--azure-exemptions (azureExemptions) reads Azure');
  });
});

describe('a plan', () => {
  test.for([
    ['from a scan', ['plan', '--azure-exemptions']],
    ['from a report', ['plan', '--from', 'report.json']],
  ] as const)('%s leaves alone what is exempt in Azure', async ([, argv]) => {
    await scan([policyExemptionBody(vault, byInitiative)], '--output', 'json=report.json');
    const rules = ['--rule', 'AKV002', '--rule', 'AKV101'];
    const { stdout } = await purgeproof([...argv, ...rules, '--output', 'json']);
    const names = JSON.parse(stdout).steps.map((step: { vault: { name: string } }) => step.vault.name);
    expect(names.toSorted()).toEqual(['hsm-payments', 'kv-shop']);
  });
});
