import type { JsonObject } from '../../src/model/json.ts';
import type { Tenant, TenantDataPlane, TenantDeleted } from '../tenant.ts';
import { guidOf, tenantId, vaultBody } from './bodies.ts';
import { propertiesOf, type StateName } from './states.ts';

/** How large a generated tenant is. */
export interface GenerateOptions {
  readonly subscriptions: number;
  readonly vaults: number;
  /** The share of vaults, 0 to 1, that fail: without purge protection and with seven days of retention. */
  readonly failing: number;
  /** Deleted vaults, four in each of the first subscriptions; none when left out. */
  readonly deleted?: number;
  /**
   * The objects in each vault, a tenth of them certificates and three tenths keys; vaults are open to every network then. None
   * when left out.
   */
  readonly objects?: number;
  /** The number of vaults whose data plane takes a request and never answers it, spread evenly. */
  readonly silent?: number;
  /** Another seed gives other ids; the same gives the same tenant. */
  readonly seed?: string;
}

const sound: readonly StateName[] = ['protected', 'networkOff', 'endpoint'];
const weak: readonly StateName[] = ['retention7', 'networkOff', 'endpoint'];

/** A tenant of any size for benchmarks. Its vaults are made anew whenever they are read, so they take no memory. */
export function generateTenant(options: GenerateOptions): Tenant {
  const seed = options.seed ?? 'bench';
  const subscriptions = Array.from({ length: options.subscriptions }, (_, index) => ({
    id: guidOf(`${seed} subscription ${index}`),
    name: `${seed}-${index}`,
    managementGroup: seed,
  }));
  return {
    tenantId,
    managementGroups: [
      { id: tenantId, displayName: 'Tenant Root Group' },
      { id: seed, displayName: `Generated ${seed}`, parent: tenantId },
    ],
    subscriptions,
    resources: function* (wanted) {
      for (const [index, { id }] of subscriptions.entries()) {
        if (wanted === undefined || wanted.has(id)) yield* vaultsOf(id, index, options);
      }
    },
    deleted: Array.from({ length: options.deleted ?? 0 }, (_, index) =>
      deletedIn(subscriptions[Math.floor(index / deletedEach)]?.id ?? '', index),
    ),
    dataPlanes: dataPlanesOf(options),
  };
}

const deletedEach = 4;

function deletedIn(subscriptionId: string, index: number): TenantDeleted {
  const name = `kv-deleted-${index}`;
  const place = { subscriptionId, resourceGroup: `rg-${index % 97}`, name, location: 'westeurope' };
  return {
    resource: vaultBody(place, { properties: propertiesOf(index % 2 === 0 ? weak : sound, name) }),
    deletionDate: '2026-11-20T10:53:07Z',
    scheduledPurgeDate: '2027-02-18T10:53:07Z',
  };
}

function nameOf(index: number, { seed = 'bench' }: GenerateOptions): string {
  return `kv-${seed.slice(0, 8)}-${String(index).padStart(7, '0')}`;
}

function dataPlanesOf(options: GenerateOptions): Record<string, TenantDataPlane> {
  const { vaults, objects = 0, silent = 0 } = options;
  if (objects + silent === 0) return {};
  const types = [
    'certificate',
    'key',
    'key',
    'key',
    'secret',
    'secret',
    'secret',
    'secret',
    'secret',
    'secret',
  ] as const;
  const planes = Array.from({ length: vaults }, (_, index): [string, TenantDataPlane] => {
    const isSilent = Math.floor(((index + 1) * silent) / vaults) > Math.floor((index * silent) / vaults);
    const inside = Array.from({ length: objects }, (_, at) => {
      const type = types[at % types.length] ?? 'secret';
      return { type, name: `${type}-${String(at).padStart(4, '0')}` };
    });
    return [nameOf(index, options), { objects: inside, ...(isSilent ? { network: 'silent' } : {}) }];
  });
  return Object.fromEntries(planes);
}

/** Vaults go round the subscriptions; the failing ones are spread evenly. */
function* vaultsOf(subscriptionId: string, first: number, options: GenerateOptions): Iterable<JsonObject> {
  const { failing, subscriptions, vaults, objects } = options;
  for (let index = first; index < vaults; index += subscriptions) {
    const fails = Math.floor((index + 1) * failing) > Math.floor(index * failing);
    const name = nameOf(index, options);
    const place = { subscriptionId, resourceGroup: `rg-${index % 97}`, name, location: 'westeurope' };
    const states = (fails ? weak : sound).filter((state) => objects === undefined || state !== 'networkOff');
    yield vaultBody(place, { properties: propertiesOf(states, name), tags: { env: 'prod' } });
  }
}
