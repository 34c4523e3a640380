import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRule } from '../../src/rules/evaluate.ts';
import { bodiesOf } from '../rules/kql/bodies.ts';
import { pools } from '../rules/kql/pools.ts';
import { rulesOf } from '../rules/kql/random-rules.ts';
import { runs } from '../runs.ts';
import { readBoth, tenantWith } from './both-reads.ts';

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
