import type { JsonObject } from './json.ts';

/**
 * The levels of what is left of a key, secret or certificate once it is deleted (`DeletionRecoveryLevel`).
 *
 * | level                                       | soft delete | retention    | purge protection | subscription may be cancelled |
 * | ------------------------------------------- | ----------- | ------------ | ---------------- | ----------------------------- |
 * | `Purgeable`                                 | off         | none         | off              | yes                           |
 * | `Recoverable+Purgeable`                     | on          | 90 days      | off              | yes                           |
 * | `Recoverable`                               | on          | 90 days      | on               | yes                           |
 * | `Recoverable+ProtectedSubscription`         | on          | 90 days      | on               | no                            |
 * | `CustomizedRecoverable+Purgeable`           | on          | 7 to 89 days | off              | yes                           |
 * | `CustomizedRecoverable`                     | on          | 7 to 89 days | on               | yes                           |
 * | `CustomizedRecoverable+ProtectedSubscription` | on        | 7 to 89 days | on               | no                            |
 *
 * Source: https://learn.microsoft.com/rest/api/keyvault/secrets/recover-deleted-secret/recover-deleted-secret#deletionrecoverylevel
 */
export const recoveryLevels = [
  'Purgeable',
  'Recoverable+Purgeable',
  'Recoverable',
  'Recoverable+ProtectedSubscription',
  'CustomizedRecoverable+Purgeable',
  'CustomizedRecoverable',
  'CustomizedRecoverable+ProtectedSubscription',
] as const;

/** One of these. */
export type RecoveryLevel = (typeof recoveryLevels)[number];

/** True where someone with the right to could purge what has this level now. What has none that is known may be purged, too. */
export function isPurgeable({ recoveryLevel }: { readonly recoveryLevel: string }): boolean {
  return recoveryLevel === '' || /purgeable/i.test(recoveryLevel);
}

/**
 * The level that the `properties` of a vault promise for what is in it; that the subscription cannot be cancelled, they do
 * not tell. Soft delete is on unless they say that it is off, and retention that is unset is 90 days.
 */
export function promisedLevel(properties: JsonObject): RecoveryLevel {
  const { enableSoftDelete, enablePurgeProtection, softDeleteRetentionInDays: days } = properties;
  if (enableSoftDelete === false) return 'Purgeable';
  const level = typeof days === 'number' && days < 90 ? 'CustomizedRecoverable' : 'Recoverable';
  return enablePurgeProtection === true ? level : `${level}+Purgeable`;
}
