import type { Config } from '../../model/config.ts';
import type { ValueOrigin } from '../../model/effective-settings.ts';
import type { Origin } from '../../model/settings.ts';
import { targetKeys } from './merge-configs.ts';
import type { ScanFlags } from './scan-settings.ts';

/** The origin of a setting as it is shown. */
export function toOrigin(origin: Origin): ValueOrigin {
  return typeof origin === 'string' ? { kind: 'flag', flag: origin } : { kind: 'file', ...origin };
}

/** The flags behind keys that are set as a whole. */
const flagOf: Readonly<Record<string, readonly [flag: string, isGiven: (flags: ScanFlags) => boolean]>> = {
  subscriptions: ['--subscription', isTargetGiven],
  managementGroups: ['--management-group', isTargetGiven],
  inventory: ['--inventory', isTargetGiven],
  inventoryComplete: ['--inventory-complete', ({ inventoryComplete }) => inventoryComplete !== undefined],
  include: ['--include', ({ include = [] }) => include.length > 0],
  resourceGroups: ['--resource-group', ({ filter }) => (filter?.resourceGroups ?? []).length > 0],
  vaults: ['--vault', ({ filter }) => (filter?.vaults ?? []).length > 0],
  tags: ['--tag', ({ filter }) => (filter?.tags ?? []).length > 0],
  defaultPolicies: ['--no-default-policies', ({ defaultPolicies }) => !defaultPolicies],
  exemptions: ['--exemptions', ({ exemptions }) => exemptions !== undefined],
  azureExemptions: ['--azure-exemptions', ({ azureExemptions }) => azureExemptions !== undefined],
  baseline: ['--baseline', ({ baseline }) => baseline !== undefined],
  archive: ['--archive', ({ archive }) => archive !== undefined],
  failOn: ['--fail-on', ({ failOn }) => failOn !== undefined],
  failOnNew: ['--fail-on-new', ({ failOnNew }) => failOnNew !== undefined],
  allowIncomplete: ['--allow-incomplete', ({ allowIncomplete }) => allowIncomplete !== undefined],
  includeCompliant: ['--include-compliant', ({ includeCompliant }) => includeCompliant !== undefined],
  output: ['--output', ({ outputs }) => outputs.length > 0],
  cloud: ['--cloud', ({ cloud }) => cloud !== undefined],
  tenant: ['--tenant', ({ tenantId }) => tenantId !== undefined],
  requestTimeout: ['--request-timeout', ({ requestTimeoutMs }) => requestTimeoutMs !== undefined],
  vaultTimeout: ['--vault-timeout', ({ vaultTimeoutMs }) => vaultTimeoutMs !== undefined],
};

function isTargetGiven({ subscriptions, managementGroups, inventory }: ScanFlags): boolean {
  return subscriptions.length > 0 || managementGroups.length > 0 || inventory !== undefined;
}

/** Finds where the value of a key comes from that is set as a whole. */
export function originsIn(config: Config | undefined, flags: ScanFlags): (key: string) => ValueOrigin {
  return (key) => {
    const [flag, isGiven] = flagOf[key] ?? [];
    if (flag !== undefined && isGiven?.(flags) === true)
      return { kind: 'flag', flag: givenTarget(key, flags) ?? flag };
    const place = config?.places[key];
    return place === undefined ? { kind: 'default' } : { kind: 'file', ...place };
  };
}

/** The flags of a target take the place of all keys for it: the one that was given is named. */
function givenTarget(
  key: string,
  { subscriptions, inventory, managementGroups }: ScanFlags,
): string | undefined {
  if (targetKeys.every((one) => one !== key)) return undefined;
  if (inventory !== undefined) return '--inventory';
  const given = [
    ...(subscriptions.length > 0 ? ['--subscription'] : []),
    ...(managementGroups.length > 0 ? ['--management-group'] : []),
  ];
  return given.join(', ');
}
