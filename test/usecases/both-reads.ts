import type { Tenant } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import type { CompiledFilter } from '../../src/rules/filter.ts';
import { estate, type Estate } from '../azure/estate.ts';
import { subscriptionId } from '../build.ts';
import { scanEstate } from './scan-estate.ts';

interface Read {
  readonly report: ScanReport;
  readonly estate: Estate;
}

/** Scans a tenant, pushed down unless `full`. */
export async function read(
  tenant: Tenant,
  rules: readonly CompiledRule[],
  how: {
    readonly full?: boolean;
    readonly filter?: CompiledFilter;
    readonly subscriptions?: readonly string[];
    readonly prepare?: (azure: Estate) => void;
  } = {},
): Promise<Read> {
  const azure = estate(tenant, { quota: 'unlimited' });
  how.prepare?.(azure);
  const report = await scanEstate(azure, rules, how);
  return { report, estate: azure };
}

/** What must not differ between a full read and one that is pushed down. */
export async function readBoth(tenant: Tenant, rules: readonly CompiledRule[]): Promise<readonly unknown[]> {
  const [full, filtered] = await Promise.all([read(tenant, rules, { full: true }), read(tenant, rules)]);
  return [full, filtered].map(({ report: { findings, summary, complete, coverage } }) => ({
    findings: JSON.stringify(findings),
    summary,
    complete,
    subscriptions: coverage.subscriptions,
  }));
}

/** One subscription with these resources. */
export function tenantWith(resources: readonly JsonObject[]): Tenant {
  return {
    tenantId: '99999999-9999-4999-8999-999999999999',
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'only' }],
    resources: [...resources],
  };
}
