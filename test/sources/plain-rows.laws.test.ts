import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { fits, formOfType } from '../../src/resource-types/form.ts';
import { respell } from '../../src/resource-types/spelling.ts';
import { isPlainRow } from '../../src/sources/rows/resource.ts';
import { runs } from '../runs.ts';

const type = 'Microsoft.KeyVault/vaults';

const scalars = fc.constantFrom<Json>(null, true, 'true', 90, 1.5, 'Enabled', '');
const names = fc.constantFrom(
  ...(
    'enableSoftDelete EnableSoftDelete softDeleteRetentionInDays tenantId sku name other accessPolicies permissions keys ' +
    'Keys networkAcls privateEndpointConnections status'
  ).split(' '),
);
/** Names whose values have any form: without them few rows would be plain. */
const unknownNames = fc.constantFrom('other', 'status', 'more');
const { value: values } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: scalars },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
}));
const plainProperties = fc.dictionary(unknownNames, scalars);
const rows: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record(
    {
      type: fc.constant(type),
      tags: values,
      Location: values,
      location: values,
      sku: values,
      properties: fc.oneof(fc.dictionary(names, values), plainProperties),
    },
    { requiredKeys: ['type', 'properties'] },
  ),
  fc.record({ type: fc.constant(type), properties: plainProperties }),
);

test('a plain row is spelled as Azure spells, and of the form of its type', () => {
  const form = formOfType(type);
  let plain = 0;
  fc.assert(
    fc.property(rows, (row) => {
      fc.pre(form !== undefined);
      if (!isPlainRow(row)) return;
      plain += 1;
      expect(respell(row)).toEqual({ body: row, conflicts: [] });
      expect(fits(row, form)).toBe(true);
    }),
    { numRuns: runs(4000) },
  );
  expect(plain).toBeGreaterThan(0);
});

test.for<[string, JsonObject]>([
  ['as Azure answers', { properties: { enableSoftDelete: true, sku: { family: 'A' }, accessPolicies: [] } }],
  [
    'with members that nobody knows',
    { kind: 'x', properties: { other: [{ a: null }] }, tags: { Tags: 'x' } },
  ],
])('a row %s is plain', ([, row]) => {
  expect(isPlainRow({ type, ...row })).toBe(true);
});

test.for<[string, JsonObject]>([
  ['of a type that is not known', { type: 'Microsoft.Web/sites' }],
  ['with a name in another letter case', { Properties: {} }],
  [
    'with a name inside a list in another letter case',
    { properties: { accessPolicies: [{ TenantId: 'x' }] } },
  ],
  ['with text for a flag', { properties: { enableSoftDelete: 'true' } }],
  ['with an object for a list', { properties: { accessPolicies: {} } }],
  ['with a list for an object', { properties: [] }],
])('a row %s is not', ([, row]) => {
  expect(isPlainRow({ type, ...row })).toBe(false);
});
