import { isJsonObject, type Json, type JsonObject, objectAt } from '../../src/model/json.ts';
import { about, definitionOf, hsms, vaults } from './policies.ts';

/** Stands for a property that is left out. */
const unset = Symbol('unset');

/** A value of a property, or its absence. */
type Written = Json | typeof unset;

/**
 * A built-in definition of Azure Policy: what it should find, written by hand from its `if`, and a definition of our own that says
 * the same in other words. Their text was read in Azure/azure-policy at f4a50bac (2026-04-29).
 */
export interface BuiltIn {
  /** The file below `built-in-policies/policyDefinitions`. */
  readonly file: string;
  readonly type: string;
  readonly own: JsonObject;
  /** True where a resource that is being recovered is left out. */
  readonly leavesRecovery: boolean;
  /** Every value that each property has in the truth table, by its path below `properties`. */
  readonly table: Readonly<Record<string, readonly Written[]>>;
  /** Parameters that it is tried with; its defaults when left out. */
  readonly parameters?: readonly Readonly<Record<string, Json>>[];
  readonly finds: (properties: JsonObject, parameters: Readonly<Record<string, Json>>) => boolean;
}

const says = (value: Json | undefined, word: string): boolean =>
  (typeof value === 'string' || typeof value === 'boolean') && String(value).toLowerCase() === word;
const isMissing = (value: Json | undefined): boolean => value === undefined || value === null;
const isOffOrMissing = (value: Json | undefined): boolean => isMissing(value) || says(value, 'false');
const textIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const aclsOf = (properties: JsonObject): JsonObject => objectAt(properties, 'networkAcls');
const denies = (properties: JsonObject): boolean => says(aclsOf(properties)['defaultAction'], 'deny');
const approved = (properties: JsonObject): number =>
  listOf(properties['privateEndpointConnections']).filter(
    (one) =>
      isJsonObject(one) &&
      says(objectAt(objectAt(one, 'properties'), 'privateLinkServiceConnectionState')['status'], 'approved'),
  ).length;
const isPublic = ({ publicNetworkAccess }: JsonObject): boolean => !says(publicNetworkAccess, 'disabled');

const switches: readonly Written[] = [unset, null, false, true, 'false', 'true', 'False', 'True'];
const accesses: readonly Written[] = [
  unset,
  null,
  'Enabled',
  'Disabled',
  'disabled',
  'SecuredByPerimeter',
  '',
];
const firewalls: readonly Written[] = [
  unset,
  null,
  {},
  { defaultAction: null },
  { defaultAction: 'Allow' },
  { defaultAction: 'Deny' },
  { defaultAction: 'deny' },
];
const link = (status: string): Json => ({ properties: { privateLinkServiceConnectionState: { status } } });
const connections: readonly Written[] = [
  unset,
  null,
  [],
  [{}],
  [{ properties: {} }],
  [link('Pending')],
  [link('Approved')],
  [link('approved')],
  [link('Rejected'), link('Approved')],
  [link('Disconnected'), link('Pending')],
];
const networks: readonly Written[] = [
  unset,
  null,
  [],
  [{ id: 'a' }],
  [{}],
  [{ id: 'a' }, {}],
  [{ id: null }],
];

const is = (type: string, name: string, condition: JsonObject): Json => ({
  field: `${type}/${name}`,
  ...condition,
});
const notRecovered = (type: string): Json => is(type, 'createMode', { notEquals: 'Recover' });
const off = (type: string, name: string): Json => ({ not: is(type, name, { equals: true }) });
const isApproved = (type: string): JsonObject => ({
  count: {
    field: `${type}/privateEndpointConnections[*]`,
    where: is(type, 'privateEndpointConnections[*].privateLinkServiceConnectionState.status', {
      equals: 'approved',
    }),
  },
});
const since = (operator: string, date: string): Json => ({
  value: '[requestContext().apiVersion]',
  [operator]: date,
});

const address = "current('Microsoft.KeyVault/vaults/networkAcls.ipRules[*].value')";
const inside = (list: string): JsonObject => ({
  count: {
    field: `${vaults}/networkAcls.ipRules[*]`,
    where: {
      count: {
        value: `[parameters('${list}')]`,
        name: 'range',
        where: { value: `[ipRangeContains(current('range'), ${address})]`, equals: 'true' },
      },
      greaterOrEquals: 1,
    },
  },
});
const isGiven = (list: string): Json => ({ value: `[empty(parameters('${list}'))]`, equals: false });

/** Ranges that hold an address, worked out by hand. */
const rangesOf: Readonly<Record<string, readonly string[]>> = {
  '10.1.2.3': ['10.0.0.0/8'],
  '203.0.113.7/32': ['203.0.113.0/24'],
};
const ipRules: readonly Written[] = [
  unset,
  [],
  [{ value: '10.1.2.3' }],
  [{ value: '203.0.113.7/32' }],
  [{ value: '10.1.2.3' }, { value: '203.0.113.7/32' }],
];

function isFoundByFirewall(properties: JsonObject, parameters: Readonly<Record<string, Json>>): boolean {
  if (!isPublic(properties)) return false;
  if (!denies(properties)) return true;
  if (parameters['restrictIPAddresses'] !== 'Yes') return false;
  const [allowed, forbidden] = ['allowedIPAddresses', 'forbiddenIPAddresses'].map((name) =>
    listOf(parameters[name]),
  );
  const isIn =
    (ranges: readonly Json[] | undefined) =>
    (rule: Json): boolean =>
      isJsonObject(rule) && (rangesOf[textIn(rule['value'])] ?? []).some((range) => ranges?.includes(range));
  const rules = listOf(aclsOf(properties)['ipRules']);
  return (
    (allowed !== undefined && allowed.length > 0 && !rules.every(isIn(allowed))) ||
    (forbidden !== undefined && rules.some(isIn(forbidden)))
  );
}

/** A firewall that denies by default, with rules of a kind. */
function denying(name: string, rules: Written): Json {
  return rules === unset ? { defaultAction: 'Deny' } : { defaultAction: 'Deny', [name]: rules };
}

const ranges = { type: 'Array', defaultValue: [] };

/** The built-in definitions of a resource mode about vaults and managed HSMs whose effect is audit or deny. */
export const builtIns: Readonly<Record<string, BuiltIn>> = {
  '1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d': {
    file: 'Key Vault/SoftDeleteMustBeEnabled_Audit.json',
    type: vaults,
    own: definitionOf(about(vaults, notRecovered(vaults), off(vaults, 'enableSoftDelete'))),
    leavesRecovery: true,
    table: { enableSoftDelete: switches, enablePurgeProtection: switches },
    finds: ({ enableSoftDelete }) => isOffOrMissing(enableSoftDelete),
  },
  '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53': {
    file: 'Key Vault/Recoverable_Audit.json',
    type: vaults,
    own: definitionOf(
      about(vaults, notRecovered(vaults), {
        anyOf: [
          { allOf: [since('less', '2019-09-01'), off(vaults, 'enableSoftDelete')] },
          {
            allOf: [
              since('greaterOrEquals', '2019-09-01'),
              is(vaults, 'enableSoftDelete', { equals: false }),
            ],
          },
          off(vaults, 'enablePurgeProtection'),
        ],
      }),
    ),
    leavesRecovery: true,
    table: { enableSoftDelete: switches, enablePurgeProtection: switches },
    finds: ({ enableSoftDelete, enablePurgeProtection }) =>
      says(enableSoftDelete, 'false') || isOffOrMissing(enablePurgeProtection),
  },
  'c39ba22d-4428-4149-b981-70acb31fc383': {
    file: 'Key Vault/ManagedHsm_Recoverable_Audit.json',
    type: hsms,
    own: definitionOf(
      about(hsms, { anyOf: [off(hsms, 'enableSoftDelete'), off(hsms, 'enablePurgeProtection')] }),
    ),
    leavesRecovery: false,
    table: { enableSoftDelete: switches, enablePurgeProtection: switches },
    finds: ({ enableSoftDelete, enablePurgeProtection }) =>
      !says(enableSoftDelete, 'true') || !says(enablePurgeProtection, 'true'),
  },
  '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5': {
    file: 'Key Vault/Should_Use_RBAC.json',
    type: vaults,
    own: definitionOf(about(vaults, notRecovered(vaults), off(vaults, 'enableRbacAuthorization'))),
    leavesRecovery: true,
    table: { enableRbacAuthorization: switches },
    finds: ({ enableRbacAuthorization }) => isOffOrMissing(enableRbacAuthorization),
  },
  '405c5871-3e91-4644-8a63-58e19d68ff5b': {
    file: 'Key Vault/PublicNetworkAccess_Audit.json',
    type: vaults,
    own: definitionOf(
      about(vaults, notRecovered(vaults), { not: is(vaults, 'publicNetworkAccess', { equals: 'Disabled' }) }),
    ),
    leavesRecovery: true,
    table: { publicNetworkAccess: accesses, networkAcls: firewalls },
    finds: isPublic,
  },
  '55615ac9-af46-4a59-874e-391cc3dfb490': {
    file: 'Key Vault/FirewallEnabled_Audit.json',
    type: vaults,
    own: definitionOf(
      about(
        vaults,
        notRecovered(vaults),
        { not: is(vaults, 'publicNetworkAccess', { equals: 'Disabled' }) },
        {
          anyOf: [
            { not: is(vaults, 'networkAcls.defaultAction', { equals: 'Deny' }) },
            {
              allOf: [
                { value: "[parameters('restrictIPAddresses')]", equals: 'yes' },
                {
                  anyOf: [
                    {
                      allOf: [
                        isGiven('allowedIPAddresses'),
                        {
                          ...inside('allowedIPAddresses'),
                          less: `[length(field('${vaults}/networkAcls.ipRules[*]'))]`,
                        },
                      ],
                    },
                    {
                      allOf: [
                        isGiven('forbiddenIPAddresses'),
                        { ...inside('forbiddenIPAddresses'), greater: 0 },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ),
      {
        parameters: {
          restrictIPAddresses: { type: 'String', allowedValues: ['Yes', 'No'], defaultValue: 'No' },
          allowedIPAddresses: ranges,
          forbiddenIPAddresses: ranges,
        },
      },
    ),
    leavesRecovery: true,
    table: {
      publicNetworkAccess: accesses,
      networkAcls: [...firewalls, ...ipRules.map((rules) => denying('ipRules', rules))],
    },
    parameters: [
      {},
      { restrictIPAddresses: 'Yes' },
      { allowedIPAddresses: ['10.0.0.0/8'] },
      { restrictIPAddresses: 'Yes', allowedIPAddresses: ['10.0.0.0/8'] },
      { restrictIPAddresses: 'Yes', allowedIPAddresses: ['10.0.0.0/8', '203.0.113.0/24'] },
      { restrictIPAddresses: 'Yes', forbiddenIPAddresses: ['10.0.0.0/8'] },
      {
        restrictIPAddresses: 'Yes',
        allowedIPAddresses: ['10.0.0.0/8'],
        forbiddenIPAddresses: ['203.0.113.0/24'],
      },
    ],
    finds: isFoundByFirewall,
  },
  'a6abeaec-4d90-4a02-805f-6b26c4d3fbe9': {
    file: 'Key Vault/Should_Use_PrivateEndpoint_Audit.json',
    type: vaults,
    own: definitionOf(about(vaults, { ...isApproved(vaults), equals: 0 })),
    leavesRecovery: false,
    table: { privateEndpointConnections: connections },
    finds: (properties) => approved(properties) === 0,
  },
  '5f0bc445-3935-4915-9981-011aa2b46147': {
    file: 'Key Vault/PrivateEndpointEnabled_Audit.json',
    type: vaults,
    own: definitionOf(
      about(vaults, { count: { field: `${vaults}/privateEndpointConnections[*]` }, less: 1 }),
    ),
    leavesRecovery: false,
    table: { privateEndpointConnections: connections },
    finds: ({ privateEndpointConnections }) => listOf(privateEndpointConnections).length === 0,
  },
  '19ea9d63-adee-4431-a95e-1913c6c1c75f': {
    file: 'Key Vault/ManagedHsm_FirewallEnabled_Audit.json',
    type: hsms,
    own: definitionOf(
      about(hsms, notRecovered(hsms), { not: is(hsms, 'networkAcls.defaultAction', { equals: 'Deny' }) }),
    ),
    leavesRecovery: true,
    table: { networkAcls: firewalls },
    finds: (properties) => !denies(properties),
  },
  '59fee2f4-d439-4f1b-9b9a-982e1474bfd8': {
    file: 'Key Vault/ManagedHsm_PrivateEndpointEnabled_Audit.json',
    type: hsms,
    own: definitionOf(about(hsms, { ...isApproved(hsms), less: 1 })),
    leavesRecovery: false,
    table: { privateEndpointConnections: connections },
    finds: (properties) => approved(properties) === 0,
  },
  'ea4d6841-2173-4317-9747-ff522a45120f': {
    file: 'Network/VirtualNetworkServiceEndpoint_KeyVault_Audit.json',
    type: vaults,
    own: definitionOf(
      about(vaults, {
        not: {
          allOf: [
            is(vaults, 'networkAcls.defaultAction', { equals: 'Deny' }),
            { not: is(vaults, 'networkAcls.virtualNetworkRules[*].id', { exists: false }) },
          ],
        },
      }),
    ),
    leavesRecovery: false,
    table: {
      networkAcls: [
        ...firewalls,
        ...networks.map((rules) => denying('virtualNetworkRules', rules)),
        { defaultAction: 'Allow', virtualNetworkRules: [{ id: 'a' }] },
      ],
    },
    // A condition on [*] holds where it holds for every element.
    finds: (properties) =>
      !denies(properties) ||
      listOf(aclsOf(properties)['virtualNetworkRules']).every(
        (rule) => isJsonObject(rule) && isMissing(rule['id']),
      ),
  },
};

const modes: readonly Written[] = [unset, null, 'default', 'recover', 'Recover'];

/** The properties of every row of a truth table: each combination of its values, for each way to create. */
export function rowsOf({ table }: BuiltIn): readonly JsonObject[] {
  const columns = Object.entries({ ...table, createMode: modes });
  return columns.reduce<readonly JsonObject[]>(
    (rows, [name, values]) =>
      rows.flatMap((row) => values.map((value) => (value === unset ? row : { ...row, [name]: value }))),
    [{}],
  );
}

/** The verdict that a definition should give on a row. */
export function wantedOf(
  { leavesRecovery, finds }: BuiltIn,
  properties: JsonObject,
  parameters: Readonly<Record<string, Json>>,
): string {
  if (leavesRecovery && says(properties['createMode'], 'recover')) return 'notApplicable';
  return finds(properties, parameters) ? 'nonCompliant' : 'compliant';
}
