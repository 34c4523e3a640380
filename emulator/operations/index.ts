import type { Operation } from '../operation.ts';
import { authorizationOperations } from './authorization.ts';
import { getKeyVaultResource, listKeyVaultResources } from './key-vault.ts';
import { getManagedHsmOperation, writeManagedHsm, writeVault } from './key-vault-writes.ts';
import { getManagementGroup, listDescendants } from './management-groups.ts';
import { listBelowResources } from './below-resources.ts';
import { listLocks } from './locks.ts';
import { listPermissions } from './permissions.ts';
import { recycleBinOperations } from './recycle-bin.ts';
import { queryResourceGraph } from './resource-graph.ts';
import { getResourceGroup } from './resource-groups.ts';
import { listResources } from './resources.ts';
import { listSurroundings } from './surroundings.ts';
import { listVaultKeys } from './vault-keys.ts';
import { getSubscription, listSubscriptions } from './subscriptions.ts';

/** Everything that the emulated Azure Resource Manager answers to. */
export const operations: readonly Operation[] = [
  listSubscriptions,
  getSubscription,
  getManagementGroup,
  listDescendants,
  getKeyVaultResource('vaults'),
  getKeyVaultResource('managedHSMs'),
  listKeyVaultResources('vaults'),
  listKeyVaultResources('managedHSMs'),
  listVaultKeys,
  writeVault('PATCH'),
  writeVault('PUT'),
  writeManagedHsm('PATCH'),
  writeManagedHsm('PUT'),
  getManagedHsmOperation,
  ...recycleBinOperations,
  listLocks,
  ...listBelowResources,
  ...listSurroundings,
  ...authorizationOperations,
  getResourceGroup,
  ...listPermissions,
  listResources,
  queryResourceGraph,
];
