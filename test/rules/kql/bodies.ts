import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { managedHsm } from '../../../src/resource-types/managed-hsm.ts';
import { vault } from '../../../src/resource-types/vault.ts';
import { subscriptionId } from '../../build.ts';
import { oddKeys } from './paths.ts';
import type { Pool } from './pools.ts';

type Values = fc.Arbitrary<Json>;
type Body = JsonObject & { readonly type: string };

/** Bodies of vaults and managed HSMs with values of a pool, some of a type or in a place where they do not belong. */
export function bodiesOf(pool: Pool): fc.Arbitrary<readonly JsonObject[]> {
  const value = valueOf(pool);
  return fc
    .array(bodyOf(value, pool), { minLength: 20, maxLength: 20 })
    .map((bodies) => bodies.map((body, index) => identified(body, index)));
}

function valueOf({ scalars }: Pool): Values {
  const scalar = fc.constantFrom(...scalars);
  return mostly(
    scalar,
    fc.oneof(
      fc.array(scalar, { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('owner', 'x"owner', ...oddKeys), scalar, { maxKeys: 2 }),
    ),
  );
}

function mostly(usual: Values, odd: Values): Values {
  return fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

function some(fields: Readonly<Record<string, Values>>): Values {
  return fc.record(fields, { requiredKeys: [] });
}

function bodyOf(value: Values, pool: Pool): fc.Arbitrary<Body> {
  const list = mostly(fc.array(value, { maxLength: 7 }), value);
  const policy = mostly(some({ name: value, rights: list, inner: some({ status: value }) }), value);
  const plain = some({
    value,
    list,
    bag: some({ enabledHere: value, deep: some({ text: value }) }),
    policies: mostly(fc.array(policy, { maxLength: 7 }), value),
  });
  const odd = fc.dictionary(fc.constantFrom(...oddKeys), value, { maxKeys: 4 });
  return fc.record({
    type: fc.constantFrom(vault.type, vault.type, managedHsm.type),
    properties: mostly(
      fc.tuple(odd, plain).map(([odd, plain]) => Object.assign(odd, plain)),
      value,
    ),
    tags: fc.oneof(
      { weight: 6, arbitrary: tagsOf(fc.constantFrom<Json>(...pool.texts)) },
      { weight: 1, arbitrary: tagsOf(value) },
      { weight: 1, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: value },
    ),
    sku: mostly(some({ name: value }), value),
    location: fc.constantFrom('westeurope', 'WestEurope', ''),
    kind: fc.constantFrom('', 'odd'),
  });
}

/** Names of tags differ by more than letter case, as Azure sees to. */
function tagsOf(value: Values): Values {
  const owner = fc.constantFrom('owner', 'owner', 'Owner', 'OWNER');
  const others = fc.dictionary(fc.constantFrom('Cost Center', 'cost center', 'x"owner', 'a.b'), value, {
    maxKeys: 1,
  });
  return fc
    .tuple(owner, value, others, fc.boolean())
    .map(([owner, value, others, isOwned]) => (isOwned ? Object.assign(others, { [owner]: value }) : others));
}

const groups = ['rg-Payments', 'RG-1', 'rg-1'];

function identified(body: Body, index: number): JsonObject {
  const name = `kv-${index}`;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${groups[index % groups.length]}`;
  return { ...body, name, id: `${group}/providers/${body.type}/${name}` };
}
