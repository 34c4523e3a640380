import type { TenantDataPlane, TenantDeleted, TenantObject } from '../tenant.ts';
import { guidOf, managedHsmBody, vaultBody } from './bodies.ts';
import { propertiesOf, type StateName } from './states.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The recycle bin of the demo, at a moment: one vault is 3 days from its purge, whenever that is. */
export function demoBin(now: Date): TenantDeleted[] {
  const dates = (days: number, retention: number) => datesAt(now, { days, retention });
  return [
    { resource: vault('prod-payments', 'kv-pay-ledger', ['policies']), ...dates(3, 90) },
    { resource: vault('prod-data', 'kv-lake-archive', ['protected']), ...dates(9, 90) },
    { resource: vault('dev-web', 'kv-web-demo', ['retention7']), ...dates(5, 7) },
    { resource: hsm('prod-payments', 'hsm-payments-old'), ...dates(79, 90) },
  ];
}

/**
 * What is in the vaults of the demo: somebody has deleted a password and a certificate that are in use. The key in `kv-class-d`
 * can be purged, whatever the purge protection of the vault promises.
 */
export function demoObjects(now: Date): Record<string, TenantDataPlane> {
  const deleted = (days: number): Pick<TenantObject, 'deletedDate' | 'scheduledPurgeDate'> => {
    const { deletionDate: deletedDate, scheduledPurgeDate } = datesAt(now, { days, retention: 7 });
    return { deletedDate, scheduledPurgeDate };
  };
  return {
    'kv-web-dev': {
      objects: [
        { type: 'secret', name: 'db-password', contentType: 'password', ...deleted(2) },
        { type: 'certificate', name: 'www', ...deleted(6) },
        { type: 'key', name: 'session-signing' },
      ],
    },
    'kv-class-a': {
      objects: [
        { type: 'secret', name: 'session' },
        { type: 'secret', name: 'smtp-password', ...deleted(2) },
      ],
    },
    'kv-class-b': { objects: [{ type: 'secret', name: 'token' }] },
    'kv-class-d': {
      objects: [{ type: 'key', name: 'disks', recoveryLevel: 'CustomizedRecoverable+Purgeable' }],
    },
  };
}

function datesAt(now: Date, { days, retention }: { readonly days: number; readonly retention: number }) {
  // Half a day more, so that whole days stay the same while the demo runs.
  const purged = now.getTime() + (days + 0.5) * dayMs;
  return { deletionDate: moment(purged - retention * dayMs), scheduledPurgeDate: moment(purged) };
}

function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function vault(subscription: string, name: string, states: readonly StateName[]) {
  return vaultBody(placeOf(subscription, name), { properties: propertiesOf(states, name) });
}

function hsm(subscription: string, name: string) {
  return managedHsmBody(placeOf(subscription, name), { properties: { enablePurgeProtection: true } });
}

function placeOf(subscription: string, name: string) {
  const subscriptionId = guidOf(subscription);
  return { subscriptionId, resourceGroup: `rg-${subscription}`, name, location: 'westeurope' };
}
