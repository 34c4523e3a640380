import type { TenantDeleted } from '../tenant.ts';
import { guidOf, managedHsmBody, vaultBody } from './bodies.ts';
import { propertiesOf, type StateName } from './states.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The recycle bin of the demo, at a moment: one vault is 3 days from its purge, whenever that is. */
export function demoBin(now: Date): TenantDeleted[] {
  const dates = (days: number, retention: number) => {
    // Half a day more, so that whole days stay the same while the demo runs.
    const purged = now.getTime() + (days + 0.5) * dayMs;
    return { deletionDate: moment(purged - retention * dayMs), scheduledPurgeDate: moment(purged) };
  };
  return [
    { resource: vault('prod-payments', 'kv-pay-ledger', ['policies']), ...dates(3, 90) },
    { resource: vault('prod-data', 'kv-lake-archive', ['protected']), ...dates(9, 90) },
    { resource: vault('dev-web', 'kv-web-demo', ['retention7']), ...dates(5, 7) },
    { resource: hsm('prod-payments', 'hsm-payments-old'), ...dates(79, 90) },
  ];
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
