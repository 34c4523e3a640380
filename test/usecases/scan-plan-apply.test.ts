import { expect, test } from 'vitest';
import { emulator } from '../../emulator/index.ts';
import { demoTenant } from '../../emulator/tenants/demo.ts';
import { connect } from '../../src/azure/connect.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { liveSource } from '../../src/sources/live.ts';
import { scan } from '../../src/usecases/scan.ts';
import { shippedRules } from '../shipped-rules.ts';
import { estate } from './estate.ts';

const rules = shippedRules();

test('a tenant is scanned, planned, applied and scanned again: what is left is what the plan called manual', async () => {
  const demo = demoTenant();
  // Azure refuses writes in a disabled subscription.
  for (const subscription of demo.subscriptions) subscription.state = 'Enabled';
  const tenant = estate(demo, { quota: 'unlimited', rules });
  const scanNow = async (): Promise<ScanReport> => {
    const azure = emulator(demo, { quota: 'unlimited' });
    const connection = connect({
      cloud: 'AzureCloud',
      version: '0.0.0',
      credential: azure.credential,
      httpClient: azure.httpClient,
    });
    return scan({
      tool: { name: 'purgeproof', version: '0.0.0' },
      rules,
      sources: [liveSource({ connection, subscriptions: [], managementGroups: [] })],
      exemptions: [],
      now: () => new Date('2026-11-24T12:00:00Z'),
      includeCompliant: false,
      signal: new AbortController().signal,
    });
  };

  const before = await scanNow();
  const { plan, unreadable } = await tenant.plan({ findings: before.findings, scope: before.scope });
  expect(unreadable).toEqual([]);
  const report = await tenant.apply(plan);
  expect(report.summary).toMatchObject({ verified: plan.steps.length });

  expect(tenant.patches()).toHaveLength(plan.steps.length);
  expect(new Map(tenant.patches())).toEqual(
    new Map(plan.steps.map(({ vault, changes }) => [vault.name, changes])),
  );

  const after = await scanNow();
  const manual = new Set(plan.manual.map(({ vault, rule }) => `${vault.id.toLowerCase()} ${rule.id}`));
  const left = after.findings.map(({ resource, ruleId }) => `${resource.id.toLowerCase()} ${ruleId}`);
  expect(left.filter((finding) => !manual.has(finding))).toEqual([]);
  expect(after.summary.nonCompliant).toBeLessThan(before.summary.nonCompliant);

  const again = await tenant.plan({ findings: after.findings, scope: after.scope });
  expect(again.plan.steps).toEqual([]);
  const methods = new Set(tenant.azure.requests.map(({ method }) => method));
  expect([...methods].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['GET', 'PATCH']);
});
