import { deletedManagedHsm, managedHsm } from './managed-hsm.ts';
import { vaultObjectTypes } from './objects.ts';
import type { ResourceType } from './resource-type.ts';
import { deletedVault, vault } from './vault.ts';

/** The registry: every resource type that purgeproof knows, in the order of reports and queries. */
export const resourceTypes: readonly ResourceType[] = [
  vault,
  managedHsm,
  deletedVault,
  deletedManagedHsm,
  ...vaultObjectTypes,
];
