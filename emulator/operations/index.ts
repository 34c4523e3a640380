import type { Operation } from '../operation.ts';
import { getKeyVaultResource, listKeyVaultResources } from './key-vault.ts';
import { getManagementGroup, listDescendants } from './management-groups.ts';
import { queryResourceGraph } from './resource-graph.ts';
import { listResources } from './resources.ts';
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
  listResources,
  queryResourceGraph,
];
