import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { hsms, vaults } from './policies.ts';

const flag = fc.constantFrom<Json>(true, false, null, 'true', 'False');
const right = fc.constantFrom('get', 'list', 'purge', 'Purge', 'all', 'delete');
const status = fc.constantFrom('Approved', 'approved', 'Pending', 'Rejected');
const group = fc.array(right, { maxLength: 3 });

const permissions = fc.record(
  { keys: group, secrets: group, certificates: group, storage: group },
  { requiredKeys: [] },
);

const connection = status.map((value): JsonObject => ({
  properties: { privateLinkServiceConnectionState: { status: value } },
}));

/** Bodies of vaults and managed HSMs as Azure writes them, each member set, null or absent. */
export const bodies: fc.Arbitrary<JsonObject & { readonly type: string }> = fc.record({
  type: fc.constantFrom(vaults, vaults, hsms),
  name: fc.constantFrom('kv-1', 'kv-prod-2', 'other'),
  tags: fc.dictionary(fc.constantFrom('env', 'owner'), fc.constantFrom('prod', 'dev', ''), { maxKeys: 2 }),
  properties: fc.record(
    {
      enableSoftDelete: flag,
      enablePurgeProtection: flag,
      enableRbacAuthorization: flag,
      softDeleteRetentionInDays: fc.constantFrom<Json>(7, 30, 89, 90, '90', null),
      publicNetworkAccess: fc.constantFrom<Json>('Enabled', 'disabled', 'SecuredByPerimeter', null),
      networkAcls: fc.record(
        {
          defaultAction: fc.constantFrom<Json>('Allow', 'deny', 'Deny'),
          ipRules: fc.array(fc.constantFrom({ value: '10.1.2.3' }, { value: '203.0.113.7/32' }), {
            maxLength: 3,
          }),
        },
        { requiredKeys: [] },
      ),
      accessPolicies: fc.array(fc.record({ objectId: fc.constantFrom('a', 'b'), permissions }), {
        maxLength: 3,
      }),
      privateEndpointConnections: fc.array(connection, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
});
