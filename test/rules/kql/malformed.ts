import * as fc from 'fast-check';
import {
  accessPolicy,
  endpointConnection,
  managedHsmBody,
  vaultBody,
} from '../../../emulator/tenants/bodies.ts';
import type { Condition, Rule } from '../../../src/model/rule.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../src/model/json.ts';
import { managedHsm } from '../../../src/resource-types/managed-hsm.ts';
import { vault } from '../../../src/resource-types/vault.ts';
import { operators } from '../../../src/rules/operators/index.ts';
import { aRule, subscriptionId } from '../../build.ts';

const network = {
  bypass: 'AzureServices',
  defaultAction: 'Deny',
  ipRules: [{ value: '203.0.113.7/32' }, { value: '198.51.100.0/24' }],
  virtualNetworkRules: [{ id: '/subscriptions/s/subnets/one' }, { id: '/subscriptions/s/subnets/two' }],
};

/** A vault that passes every shipped rule, with elements in all of its lists. */
export function wellFormedVault(name: string, properties: JsonObject = {}): JsonObject {
  return vaultBody(
    { subscriptionId, resourceGroup: 'rg', location: 'westeurope', name },
    {
      properties: {
        enablePurgeProtection: true,
        accessPolicies: [accessPolicy('one', ['get', 'list']), accessPolicy('two', ['all'])],
        networkAcls: {
          ...network,
          virtualNetworkRules: [{ id: '/subnets/one', ignoreMissingVnetServiceEndpoint: false }],
        },
        privateEndpointConnections: [
          endpointConnection(name, 'Rejected'),
          endpointConnection(name, 'Pending'),
          endpointConnection(name, 'Rejected'),
          endpointConnection(name, 'Approved'),
        ],
        ...properties,
      },
    },
  );
}

/** A managed HSM that passes every shipped rule, with elements in all of its lists. */
export function wellFormedHsm(name: string, properties: JsonObject = {}): JsonObject {
  return managedHsmBody(
    { subscriptionId, resourceGroup: 'rg', location: 'westeurope', name },
    {
      properties: {
        enablePurgeProtection: true,
        networkAcls: { ...network, serviceTags: [{ tag: 'AzureCloud' }] },
        regions: [
          { name: 'westeurope', provisioningState: 'Succeeded', isPrimary: true },
          { name: 'northeurope', provisioningState: 'Succeeded', isPrimary: false },
        ],
        privateEndpointConnections: [endpointConnection(name, 'Approved')],
        ...properties,
      },
    },
  );
}

/** Values that are of the wrong kind almost everywhere, and texts that look like something else. */
const oddValues: readonly Json[] = parseList(`[
  null, true, 7, -1.5, "", "text", "null", "[]", "{}", "\\",\\"", "a\\",null,\\"b", "\\\\", "a\\"],\\"b\\":[\\"c",
  [], {}, [null], [7], ["text"], [[]], [{}],
  {"id": 7}, {"status": "Approved"}, {"properties": []}, {"value": "203.0.113.7"}, {"keys": "purge"}
]`);

function parseList(text: string): readonly Json[] {
  const list = parseJson(text);
  return Array.isArray(list) ? list : [];
}

/** Makers of bodies, and the names of their properties that are objects or lists. */
const structured = [
  [wellFormedVault, ['accessPolicies', 'networkAcls', 'privateEndpointConnections']],
  [wellFormedHsm, ['networkAcls', 'privateEndpointConnections', 'regions', 'initialAdminObjectIds']],
] as const;

/** Bodies of which one property or two have something odd in them, at any depth, or in a second spelling of their name. */
export const malformedBodies: fc.Arbitrary<readonly JsonObject[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...structured),
      fc.array(fc.array(fc.nat(1000), { minLength: 30, maxLength: 30 }), { minLength: 1, maxLength: 2 }),
    ),
    { minLength: 10, maxLength: 10 },
  )
  .map((wanted) =>
    wanted.map(([[wellFormed, names], faults], index) => {
      const name = `kv-${index}`;
      const whole = wellFormed(name)['properties'];
      return wellFormed(name, Object.fromEntries(faults.map((choices) => faultOf(whole, names, choices))));
    }),
  );

function faultOf(
  properties: Json | undefined,
  names: readonly string[],
  choices: readonly number[],
): readonly [name: string, Json] {
  const left = choices.values();
  const choose = (count: number): number => (left.next().value ?? 0) % count;
  const name = names[choose(names.length)] ?? '';
  const spelt = choose(4) === 0 ? name.toUpperCase() : name;
  return [spelt, spoil((isJsonObject(properties) ? properties[name] : undefined) ?? null, choose)];
}

type Choose = (count: number) => number;

/** Puts something odd into a value: in its place, beside its parts, or into one of them. */
function spoil(value: Json, choose: Choose): Json {
  const odd = oddValues[choose(oddValues.length)] ?? null;
  const deeper = choose(4) > 0;
  if (Array.isArray(value)) {
    const at = choose(value.length + 1);
    const element: Json | undefined = value[at];
    return deeper && element !== undefined
      ? value.with(at, spoil(element, choose))
      : [...value.slice(0, at), odd, ...value.slice(at)];
  }
  if (!isJsonObject(value)) return odd;
  const names = Object.keys(value);
  const name = names[choose(names.length)];
  if (name === undefined) return odd;
  if (deeper) return { ...value, [name]: spoil(value[name] ?? null, choose) };
  const respelt = choose(2) === 0 ? name.toUpperCase() : name;
  const { [name]: own, ...rest } = value;
  return choose(2) === 0 ? { ...rest, [respelt]: own ?? null } : { ...value, [respelt]: odd };
}

const lists: readonly string[] = [
  'properties.accessPolicies[*].objectId',
  'properties.accessPolicies[*].permissions.keys[*]',
  'properties.networkAcls.ipRules[*].value',
  'properties.networkAcls.virtualNetworkRules[*].id',
  'properties.networkAcls.virtualNetworkRules[*].ignoreMissingVnetServiceEndpoint',
  'properties.networkAcls.serviceTags[*].tag',
  'properties.privateEndpointConnections[*].properties.privateLinkServiceConnectionState.status',
  'properties.privateEndpointConnections[*].properties.provisioningState',
  'properties.privateEndpointConnections[*].id',
  'properties.regions[*].isPrimary',
  'properties.regions[*].name',
  'properties.initialAdminObjectIds[*]',
];
const around = ['properties.networkAcls', 'properties.networkAcls.bypass', 'properties.accessPolicies'];

const leaf: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.constantFrom(...lists, ...around),
    fc.constantFrom(
      ...Object.entries(operators).flatMap(([name, { samples }]) =>
        [...samples.map(({ expected }) => expected), 'Approved'].map((expected) => [name, expected] as const),
      ),
    ),
    fc.nat(3),
    fc.constantFrom('equals', 'greaterOrEquals', 'less'),
    fc.nat(3),
  )
  .map(([path, [operator, expected], how, compare, number]): Condition => {
    const compared: Condition = {
      kind: 'comparison',
      operand: { kind: 'field', path },
      operator,
      expected:
        Array.isArray(expected) || (operator !== 'in' && operator !== 'notIn') ? expected : [expected],
    };
    const list = path.slice(0, path.indexOf('[*]') + '[*]'.length);
    if (how === 0 || list === '[*' || !path.includes('[*]')) return compared;
    const where =
      how === 1 ? {} : { where: how === 2 ? compared : ({ kind: 'not', condition: compared } as const) };
    return {
      kind: 'comparison',
      operand: { kind: 'count', field: list, ...where },
      operator: compare,
      expected: number,
    };
  });

/** Rules that read lists: each operator on the elements, and counts of them. */
export const listRules: fc.Arbitrary<Rule> = fc
  .tuple(
    leaf,
    fc.option(leaf, { nil: undefined, freq: 3 }),
    fc.subarray([vault.type, managedHsm.type], { minLength: 1 }),
  )
  .map(([require, when, resourceTypes]) =>
    aRule(require, { resourceTypes, ...(when === undefined ? {} : { when }) }),
  );
