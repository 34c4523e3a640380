import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { emulator, type Emulator, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { managedHsmBody, tenantId, vaultBody } from '../../emulator/tenants/bodies.ts';
import { connect } from '../../src/azure/connect.ts';
import { currentIdentity, armPreconditions } from '../../src/azure/permissions.ts';
import type { ApplyReport } from '../../src/model/apply.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { defaultRequestTimeoutMs } from '../../src/model/retry.ts';
import { risks } from '../../src/model/risk.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import { judge } from '../../src/rules/evaluate.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { planLock } from '../../src/files/apply/file-lock.ts';
import { armWriteSender } from '../../src/azure/write.ts';
import { graphSubscriptions, liveVaults } from '../../src/sources/open-vaults.ts';
import { isRowProblem, toResource } from '../../src/sources/rows/resource.ts';
import { apply, type ApplyRequest } from '../../src/usecases/apply.ts';
import { describeVerdicts } from '../../src/usecases/scan/finding.ts';
import { plan, type PlanRequest, type PlanResult, planValidForMs } from '../../src/usecases/plan.ts';
import { shippedRules } from '../shipped-rules.ts';

const subscriptionId = '11111111-1111-4111-8111-111111111111';
const tool = { name: 'purgeproof', version: '0.0.0' };

/** The recoverability rules: what most of these tests are about. */
const recoverability = shippedRules(['AKV001', 'AKV002', 'AKV003', 'AKV101', 'AKV102']);

/** A tenant of one subscription with these vaults and HSMs, by name. */
export function aTenant(
  vaults: Readonly<Record<string, JsonObject>>,
  hsms: Readonly<Record<string, JsonObject>> = {},
): Tenant {
  const place = (name: string) => ({
    subscriptionId,
    resourceGroup: 'rg',
    name,
    location: 'westeurope',
  });
  return {
    tenantId,
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'one' }],
    resources: [
      ...Object.entries(vaults).map(([name, properties]) => vaultBody(place(name), { properties })),
      ...Object.entries(hsms).map(([name, properties]) => managedHsmBody(place(name), { properties })),
    ],
  };
}

/** The id of a vault of `aTenant`. */
export function vaultId(name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`;
}

/** Time that stands still, and waiting that takes none. */
export const fastClock: Clock = { now: () => new Date('2026-11-24T12:00:00Z'), sleep: async () => {} };

/** An emulated Azure, and plan and apply over the real SDK clients. */
export interface Estate {
  readonly azure: Emulator;
  readonly resources: () => readonly Resource[];
  readonly properties: (name: string) => JsonObject;
  /** Changes a vault behind everybody's back. */
  readonly change: (name: string, properties: JsonObject) => void;
  readonly remove: (name: string) => void;
  readonly findings: () => readonly Finding[];
  readonly plan: (request?: Partial<PlanRequest>) => Promise<PlanResult>;
  readonly apply: (plan: Plan, request?: Partial<ApplyRequest>) => Promise<ApplyReport>;
  /** Bodies of the PATCH requests so far, by the name of the vault. */
  readonly patches: () => readonly (readonly [string, unknown])[];
}

/** Sets an estate up; `rules` are what it is scanned and planned by. */
export function estate(
  tenant: Tenant,
  options: EmulatorOptions & { readonly rules?: readonly CompiledRule[] } = {},
): Estate {
  const rules = options.rules ?? recoverability;
  const azure = emulator(tenant, options);
  const connection = connect({
    cloud: 'AzureCloud',
    version: '0.0.0',
    credential: azure.credential,
    httpClient: azure.httpClient,
  });
  const vaults = liveVaults(connection);
  const bodies = (): JsonObject[] => (Array.isArray(tenant.resources) ? tenant.resources : []);
  const indexOf = (name: string): number => bodies().findIndex((body) => body['name'] === name);
  const resources = (): readonly Resource[] =>
    bodies().flatMap((body) => {
      const resource = toResource(body);
      return isRowProblem(resource) ? [] : [resource];
    });
  const findings = (): readonly Finding[] => resources().flatMap((resource) => findingsOf(resource, rules));
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-'));
  const { signal } = new AbortController();
  const common = { tool, clock: fastClock, signal, requestTimeoutMs: defaultRequestTimeoutMs };
  return {
    azure,
    resources,
    properties: (name) => Object(bodies()[indexOf(name)]?.['properties']),
    change: (name, properties) => {
      const body = bodies()[indexOf(name)] ?? {};
      bodies()[indexOf(name)] = { ...body, properties: { ...Object(body['properties']), ...properties } };
    },
    remove: (name) => void bodies().splice(indexOf(name), 1),
    findings,
    plan: async (request = {}) =>
      plan({
        ...common,
        rules,
        findings: findings(),
        scope: { subscriptions: [], managementGroups: [] },
        coverage: { subscriptions: [] },
        exemptions: [],
        risks,
        vaults,
        preconditions: armPreconditions(connection),
        subscriptions: graphSubscriptions(connection),
        identity: await currentIdentity(connection),
        validForMs: planValidForMs,
        ...request,
      }),
    apply: async (planned, request = {}) =>
      apply({
        ...common,
        plan: planned,
        selection: { only: [], rules: [] },
        limits: { allow: risks, maxChanges: 1000 },
        dryRun: false,
        vaults,
        sender: armWriteSender(connection, 1),
        lock: planLock({ file: join(folder, 'plan.json'), hash: planned.hash, temporary: folder }),
        journal: journalFile(join(folder, `${planned.hash}.ndjson`)),
        identity: await currentIdentity(connection),
        ...request,
      }),
    patches: () =>
      azure.requests
        .filter(({ method }) => method === 'PATCH')
        .map(({ path, body }) => [path.slice(path.lastIndexOf('/') + 1), body] as const),
  };
}

function findingsOf(resource: Resource, rules: readonly CompiledRule[]): readonly Finding[] {
  return rules
    .filter((compiled) => compiled.appliesTo(resource.type))
    .flatMap((compiled) => {
      const verdict = judge(compiled, resource);
      if (verdict === 'notApplicable' || verdict === 'compliant') return [];
      return [describeVerdicts(resource)(compiled, verdict)];
    });
}
