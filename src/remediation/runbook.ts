import type { Resource } from '../model/resource.ts';
import type { CompiledRule } from '../rules/evaluate.ts';
import { knownType } from '../resource-types/known-type.ts';
import { isAboutRetention, isRetentionSet, retentionDays } from './candidate.ts';

/** The manual steps for a failed rule that no request can fix, in order. */
export function runbookFor(compiled: CompiledRule, resource: Resource): readonly string[] {
  if (!isAboutRetention(compiled, resource)) return byRule(compiled);
  if (!isRetentionSet(resource)) return [...tryToSet, ...byRule(compiled)];
  const operations = knownType(resource.type)?.operations;
  if (operations === undefined) return byRule(compiled);
  return operations === 'vaults' ? recreateVault(resource) : recreateHsm(resource);
}

/** What the rule itself says. */
export function byRule({ rule }: CompiledRule): readonly string[] {
  const manual = rule.remediation?.manual;
  return [manual ?? `Change the resource so that this holds: ${rule.title}.`];
}

const tryToSet: readonly string[] = [
  'Leave it: an unset period means 90 days, the maximum.',
  'To make it explicit, try a PATCH request that contains only the period. Microsoft documents that it can only be set at ' +
    'creation, so the service may refuse; trying does no harm. Do not use "az keyvault update": it rewrites ' +
    'the whole vault.',
];

/** Sources: learn.microsoft.com/azure/key-vault/general/{backup,soft-delete-overview,move-subscription}. */
function recreateVault(resource: Resource): readonly string[] {
  const days = retentionDays(resource);
  return [
    'List who uses the vault: its diagnostic logs, app settings with Key Vault references, disk encryption sets, ' +
      'customer-managed keys of storage, SQL and other services.',
    'Create a new vault under another name, in the same subscription and geography (backups cannot be restored ' +
      'anywhere else), with the retention period that you need and with purge protection, both of which are permanent.',
    'Give it what the old one has: network rules, private endpoints and their DNS, diagnostic settings, locks, tags, ' +
      'role assignments or access policies.',
    'Stop changing the old vault, then copy every key, secret and certificate by backup and restore: that keeps all ' +
      'versions and, of keys, the material that cannot be exported.',
    'Move the users over one by one to the new addresses; where data is encrypted under a key, switch the service to ' +
      'the new key and wait until it has re-wrapped its own.',
    'Watch the logs of the old vault until it has not been used for at least as long as the interval of your least frequent job.',
    `Only then delete the old vault. Its name stays reserved for ${days} days, during which it can be recovered.`,
    'Scan again.',
  ];
}

/** Sources: learn.microsoft.com/azure/key-vault/managed-hsm/{backup-restore,disaster-recovery-guide,soft-delete-overview}. */
function recreateHsm(resource: Resource): readonly string[] {
  const days = retentionDays(resource);
  return [
    'Make sure that you hold the security domain of the old HSM and a quorum of its keys: nothing can be restored ' +
      'without them.',
    'Create a new managed HSM under another name with the retention period that you need, and with purge protection.',
    'Activate it by uploading the security domain of the old HSM: only then does it read the old backups.',
    'Stop changing the old HSM, take a full backup of it, and restore that into the new one.',
    'Give the new HSM its local role assignments, network rules, private endpoints and diagnostic settings.',
    'Move the users over one by one, and watch the logs of the old HSM until it is no longer used.',
    `Only then delete the old HSM. It is billed at its full hourly rate until it is purged: for ${days} days, unless ` +
      'it has no purge protection and you purge it.',
    'Scan again.',
  ];
}
