import type { JsonObject } from '../../src/model/json.ts';
import { accessPolicy, endpointConnection } from './bodies.ts';

/** Makes part of a vault's properties; given its name because ids and endpoints carry it. */
type State = (name: string) => JsonObject;

/** The states that a vault can be in, each the properties that it stands for. Undefined takes a property away. */
const states = {
  protected: () => ({ enablePurgeProtection: true }),
  softDeleteUnset: () => ({ enableSoftDelete: undefined, softDeleteRetentionInDays: undefined }),
  softDeleteOff: () => ({ enableSoftDelete: false, softDeleteRetentionInDays: undefined }),
  retentionUnset: () => ({ softDeleteRetentionInDays: undefined }),
  retention7: () => ({ softDeleteRetentionInDays: 7 }),
  retention30: () => ({ softDeleteRetentionInDays: 30 }),
  rbacNull: () => ({ enableRbacAuthorization: null, accessPolicies: [accessPolicy('app', ['get', 'list'])] }),
  policies: () => ({
    enableRbacAuthorization: false,
    accessPolicies: [
      accessPolicy('operators', ['get', 'list', 'set', 'delete', 'recover']),
      accessPolicy('app', ['get', 'list']),
    ],
  }),
  policiesWithPurge: () => ({
    enableRbacAuthorization: false,
    accessPolicies: [accessPolicy('operators', ['all', 'purge']), accessPolicy('app', ['get', 'list'])],
  }),
  policiesWithAll: () => ({
    enableRbacAuthorization: false,
    accessPolicies: [accessPolicy('operators', ['all'])],
  }),
  networkDeny: () => ({
    networkAcls: {
      bypass: 'AzureServices',
      defaultAction: 'Deny',
      ipRules: [{ value: '203.0.113.0/24' }],
      virtualNetworkRules: [],
    },
  }),
  networkAllow: () => ({
    networkAcls: { bypass: 'None', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
  }),
  networkOff: () => ({ publicNetworkAccess: 'Disabled' }),
  perimeter: () => ({ publicNetworkAccess: 'SecuredByPerimeter' }),
  endpoint: (name) => ({ privateEndpointConnections: [endpointConnection(name, 'Approved')] }),
  endpointPending: (name) => ({ privateEndpointConnections: [endpointConnection(name, 'Pending')] }),
  premium: () => ({ sku: { family: 'A', name: 'Premium' } }),
} satisfies Record<string, State>;

/** The name of a state. */
export type StateName = keyof typeof states;

/** The properties of a vault in several states; later ones win. */
export function propertiesOf(names: readonly StateName[], vault: string): JsonObject {
  return Object.assign({}, ...names.map((name) => states[name](vault)));
}
