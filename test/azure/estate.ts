import {
  emulator,
  guidOf,
  vaultBody,
  type Emulator,
  type EmulatorOptions,
  type Tenant,
} from '../../emulator/index.ts';
import { connect } from '../../src/azure/connect.ts';
import type { AzureConnection, ConnectOptions } from '../../src/azure/connection.ts';
import type { Session } from '../../src/azure/session.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';

/** An emulated Azure on a fake clock, and a connection to it. */
export interface Estate {
  readonly azure: Emulator;
  readonly clock: FakeClock;
  readonly connection: AzureConnection;
  /** The KQL of every Resource Graph request so far, and how it was answered. */
  readonly graphRequests: () => readonly {
    readonly query: string;
    readonly status: number;
    readonly body: unknown;
  }[];
}

export function estate(
  tenant: Tenant,
  options: EmulatorOptions = {},
  overrides: Partial<ConnectOptions> = {},
): Estate {
  const clock = fakeClock(Date.parse('2026-11-24T12:00:00Z'));
  const azure = emulator(tenant, { now: () => clock.now(), ...options });
  const connection = connect({
    cloud: 'AzureCloud',
    version: '0.0.0-test',
    credential: azure.credential,
    httpClient: clock.watch(azure.httpClient),
    clock,
    ...overrides,
  });
  return {
    azure,
    clock,
    connection,
    graphRequests: () =>
      azure.requests
        .filter(({ path }) => path.endsWith('/resources') && path.includes('ResourceGraph'))
        .map(({ body, status }) => ({ query: queryOf(body), status, body })),
  };
}

/** A tenant with so many vaults in each subscription; subscriptions stand below one management group, `mg-root`. */
export function tenantOf(vaults: Readonly<Record<string, number>>): Tenant {
  const names = Object.keys(vaults);
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [{ id: 'mg-root', displayName: 'Root' }],
    subscriptions: names.map((name) => ({ id: guidOf(name), name, managementGroup: 'mg-root' })),
    resources: names.flatMap((name) =>
      Array.from({ length: vaults[name] ?? 0 }, (_, index) => vault(name, index)),
    ),
  };
}

export function vault(subscription: string, index: number): ReturnType<typeof vaultBody> {
  const number = String(index).padStart(5, '0');
  return vaultBody({
    subscriptionId: guidOf(subscription),
    resourceGroup: `rg-${index % 3}`,
    name: `kv-${subscription}-${number}`,
    location: 'westeurope',
  });
}

function queryOf(body: unknown): string {
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
  return typeof query === 'string' ? query : '';
}

/** A session that nobody interrupts, for requests outside of a read. */
export function quietSession(signal: AbortSignal = new AbortController().signal): Session {
  return { signal, cost: { queries: 0, pages: 0, retries: 0, waitMs: 0 }, onWait: () => undefined };
}
