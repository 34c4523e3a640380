import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tenant } from '../../emulator/index.ts';
import type { ResourceScope } from '../../src/model/resource-scope.ts';
import type { ScopedValues } from '../../src/model/scoped-values.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { subscriptionId } from '../build.ts';
import { bodiesOf } from '../rules/kql/bodies.ts';
import { pools } from '../rules/kql/pools.ts';
import { rulesOf } from '../rules/kql/random-rules.ts';
import { runs } from '../runs.ts';
import { readBoth, tenantWith } from './both-reads.ts';

const scopes = fc.constantFrom<ResourceScope>(
  { name: 'kv-1*' },
  { resourceGroup: 'rg-1' },
  { subscription: 'only' },
  { managementGroup: 'mg-near' },
  { managementGroup: 'mg-far' },
  {
    resource: `/subscriptions/${subscriptionId}/resourceGroups/RG-1/providers/Microsoft.KeyVault/vaults/kv-4`,
  },
);

test('and with parameters by scope, whether all that decides can be read or not', async () => {
  const sets = fc.constantFrom(...pools).chain((pool) => {
    const text = fc.constantFrom(...pool.texts);
    const tag = text.map((owner): ResourceScope => ({ tag: { owner } }));
    const entries = fc.array(fc.tuple(fc.oneof(scopes, tag), text), { minLength: 1, maxLength: 3 });
    const rules = fc.array(fc.tuple(rulesOf(pool), entries), { minLength: 1, maxLength: 2 });
    return fc.tuple(rules, bodiesOf(pool), fc.boolean());
  });
  await fc.assert(
    fc.asyncProperty(sets, async ([rules, bodies, isKnown]) => {
      const compiled = rules.map(([rule, entries], index) =>
        compileRule({ ...rule, id: `ORG00${index}` }, {}, entries.map(toScoped)),
      );
      const only = tenantWith(bodies);
      const tenant = isKnown ? belowGroups(only) : only;
      const [full, filtered] = await readBoth(tenant, compiled);
      expect(filtered).toEqual(full);
    }),
    { numRuns: runs(50) },
  );
});

function toScoped([scope, text]: readonly [ResourceScope, string], layer: number): ScopedValues {
  const origin = { file: 'purgeproof.yaml', line: layer + 1, column: 1 };
  return { scope, values: { text: { value: text, origin } }, origin, layer };
}

function belowGroups(tenant: Tenant): Tenant {
  return {
    ...tenant,
    managementGroups: [
      { id: 'mg-far', displayName: 'Far' },
      { id: 'mg-near', displayName: 'Near', parent: 'mg-far' },
    ],
    subscriptions: tenant.subscriptions.map((one) => ({ ...one, managementGroup: 'mg-near' })),
  };
}

test('a pushed-down read reports what a full read does: random sets of rules over odd vaults', async () => {
  const sets = fc
    .constantFrom(...pools)
    .chain((pool) => fc.tuple(fc.array(rulesOf(pool), { minLength: 1, maxLength: 3 }), bodiesOf(pool)));
  await fc.assert(
    fc.asyncProperty(sets, async ([rules, bodies]) => {
      const compiled = rules.map((rule, index) => compileRule({ ...rule, id: `ORG00${index}` }, {}));
      const [full, filtered] = await readBoth(tenantWith(bodies), compiled);
      expect(filtered).toEqual(full);
    }),
    { numRuns: runs(50) },
  );
});
