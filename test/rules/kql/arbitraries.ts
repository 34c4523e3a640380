import * as fc from 'fast-check';
import type { Condition } from '../../../src/model/condition.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { resourceTypes } from '../../../src/model/resource.ts';
import type { Rule } from '../../../src/model/rule.ts';
import { aRule, subscriptionId } from '../../build.ts';

/** Texts that are hard to compare, to quote, or to tell from another type. */
export const hardTexts = [
  ...['purge', 'Purge', 'PURGE ', 'deny', 'Approved', 'kv-12-a', 'KV-12-A', 'x', 'sku', 'Disk', 'min'],
  ...['Dis\u212A', 'D\u0130SK', 'd\u0131sk', 'di\u017Fk', 'straße', 'STRASSE', 'Ünïcode', 'm\u0130n'],
  ...[
    'true',
    'TRUE',
    'false',
    'null',
    'NaN',
    'Infinity',
    '',
    ' ',
    '  90',
    '[]',
    '[1]',
    '{"a":1}',
    '["purge"]',
  ],
  ...['90', '090', '+90', '-5', '90.0', '89.5', '9e1', '1e3', '0x10', '12345678901234567890', '.5', '7'],
  ...['2026-01-01', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.0001Z'],
  ...['2026-01-01T01:00:00+02:00', '2026-01-01 10:00', '2026-01-01T10:00', '2025-12-31T23:59:59Z'],
  ...[
    '"purge"',
    "it's",
    'a\\b',
    'line\nbreak',
    '10.0.0.0/8',
    '::error::',
    '<script>',
    '\u202Eevil',
    'a"b',
    '*',
  ],
  ...["' or true or '", '// x', '\u0000', '\u{1F511}', 'a\tb', 'http://x/y', '&amp;', "'; drop", '\\u0041'],
] as const;

const keys = ['flag', 'size', 'set', 'a b', 'x"y', 'Ünï', 'name', 'select', '0', '__proto__', 'has'] as const;
const hardText = fc.constantFrom<string>(...hardTexts);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  hardText,
  fc.constantFrom<Json>(true, false, null, 90, 89.5, 0, -0, -5, 7, 1e21, 0.1, 12_345_678_901_234_567_890),
);
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...keys), scalar, { maxKeys: 2 }) },
);
const list = fc.oneof(
  { weight: 8, arbitrary: fc.array(value, { maxLength: 7 }) },
  { weight: 1, arbitrary: value },
);
const element: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      { name: value, rights: list, inner: fc.record({ status: value }) },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: value },
);
const properties: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 }),
        fc.record(
          {
            list,
            bag: fc.record({ enabledHere: value, deep: fc.record({ text: value }) }, { requiredKeys: [] }),
            policies: fc.oneof(
              { weight: 8, arbitrary: fc.array(element, { maxLength: 7 }) },
              { weight: 1, arbitrary: value },
            ),
          },
          { requiredKeys: [] },
        ),
      )
      .map(([odd, plain]) => ({ ...odd, ...plain })),
  },
  { weight: 1, arbitrary: value },
);
const tags: fc.Arbitrary<Json | undefined> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.dictionary(fc.constantFrom('owner', 'Owner', 'cost center', 'x"owner', 'a.b'), hardText),
  },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('owner', 'cost center'), value) },
  { weight: 1, arbitrary: fc.oneof(value, fc.constant(undefined)) },
);

/** The body of a vault or managed HSM, with an id of its own. */
const body: fc.Arbitrary<JsonObject> = fc
  .record({
    type: fc.constantFrom(resourceTypes.vault, resourceTypes.vault, resourceTypes.managedHsm),
    properties,
    tags,
    sku: fc.oneof(fc.constant(null), fc.record({ name: value }), value),
    location: fc.constantFrom('westeurope', 'WestEurope', ''),
    kind: fc.constantFrom('', 'odd'),
  })
  .map(({ tags, ...rest }) => (tags === undefined ? rest : { ...rest, tags }));

export const bodies: fc.Arbitrary<readonly JsonObject[]> = fc
  .array(body, { minLength: 20, maxLength: 20 })
  .map((bodies) =>
    bodies.map((body, index) => {
      const name = `kv-${index}`;
      const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-Payments`;
      return { ...body, name, id: `${group}/providers/${String(body['type'])}/${name}` };
    }),
  );

const parameterized = fc.constantFrom<Json>("[parameters('text')]", "[parameters('number')]");
const expectedScalar = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(hardText.filter((text) => !text.startsWith('['))) },
  { weight: 3, arbitrary: fc.constantFrom<Json>(true, false, 90, 89.5, 0, -5, 1e21, 'true') },
  { weight: 1, arbitrary: parameterized },
);
const pattern = fc.oneof(
  hardText.filter((text) => !text.startsWith('[')),
  fc.constantFrom(
    '*',
    'kv-*',
    '*urge',
    '*isk*',
    'p*e',
    '*:*',
    '*"*',
    'd*',
    '*k',
    '9*',
    '*0',
    'a*b*',
    '*]',
    'kv-*-*',
    '**m*',
  ),
);
const matchPattern = fc.oneof(
  pattern,
  fc.constantFrom('#', '##', '????', '?????', 'kv-##-?', '...', '.....', 'di?k', '....', '#.#', '..'),
);
const numberOrText = fc.oneof(
  hardText.filter((text) => !text.startsWith('[')),
  fc.constantFrom<Json>(90, 0, -5, 89.5, 7, 1e21),
);
const test: fc.Arbitrary<readonly [string, Json]> = fc.oneof(
  fc.tuple(fc.constantFrom('equals', 'notEquals', 'contains', 'notContains'), expectedScalar),
  fc.tuple(fc.constantFrom('in', 'notIn'), fc.array(expectedScalar, { maxLength: 3 })),
  fc.tuple(fc.constantFrom('like', 'notLike'), pattern),
  fc.tuple(fc.constantFrom('match', 'notMatch', 'matchInsensitively', 'notMatchInsensitively'), matchPattern),
  fc.tuple(
    fc.constantFrom('containsKey', 'notContainsKey'),
    fc.oneof(fc.constantFrom('owner', 'Owner', 'cost center', ...keys), pattern),
  ),
  fc.tuple(fc.constantFrom('less', 'lessOrEquals', 'greater', 'greaterOrEquals'), numberOrText),
  fc.tuple(fc.constant('exists'), fc.constantFrom<Json>(true, false, 'true', 'False')),
);

const path = fc.oneof(
  fc.constantFrom(
    ...keys.map((key) => `properties[${key}]`),
    ...[
      'properties',
      'properties.list',
      'properties.list[*]',
      'properties.bag.enabledHere',
      'properties.bag.deep.text',
    ],
    ...[
      'properties.policies[*].name',
      'properties.policies[*].rights[*]',
      'properties.policies[*].inner.status',
    ],
    ...['tags', "tags['owner']", "tags['cost center']", "tags['a.b']", "tags['x\"owner']", 'sku.name', 'sku'],
    ...[
      'name',
      'id',
      'type',
      'location',
      'resourceGroup',
      'name.x',
      'kind',
      'systemData.createdAt',
      'tags[*]',
    ],
  ),
);
const insidePath = fc.constantFrom(
  ...['', '.name', '.rights', '.rights[*]', '.inner.status', '.inner'].map(
    (rest) => `properties.policies[*]${rest}`,
  ),
  'properties[flag]',
  "tags['owner']",
);
const countTest: fc.Arbitrary<readonly [string, Json]> = fc.oneof(
  fc.tuple(
    fc.constantFrom('equals', 'notEquals', 'less', 'lessOrEquals', 'greater', 'greaterOrEquals'),
    fc.constantFrom<Json>(0, 1, 2, 3, 6, '1', 1.5, 100),
  ),
  fc.tuple(fc.constantFrom('in', 'notIn'), fc.subarray<Json>([0, 1, 2, 5, 7])),
  fc.tuple(fc.constantFrom('like', 'notLike'), fc.constantFrom('*', '1*', '6*')),
);

function compared(path: string, [operator, expected]: readonly [string, Json]): Condition {
  return { kind: 'comparison', operand: { kind: 'field', path }, operator, expected };
}

function counted(
  field: string,
  where: Condition | undefined,
  [operator, expected]: readonly [string, Json],
): Condition {
  const operand = { kind: 'count', field, ...(where === undefined ? {} : { where }) } as const;
  return { kind: 'comparison', operand, operator, expected };
}

/** Conditions over leaves: nested, and mostly narrow ones, so that filters have something to say. */
function conditionsOver(leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      { weight: 1, arbitrary: joined('allOf', tie('condition')) },
      { weight: 1, arbitrary: joined('anyOf', tie('condition')) },
      { weight: 1, arbitrary: tie('condition').map((condition): Condition => ({ kind: 'not', condition })) },
    ),
  })).condition;
}

function joined(kind: 'allOf' | 'anyOf', part: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.array(part, { maxLength: 3 }).map((conditions) => ({ kind, conditions }));
}

const innerRights = fc.tuple(fc.option(test, { nil: undefined }), countTest).map(([where, test]) => {
  const field = 'properties.policies[*].rights[*]';
  return counted(field, where === undefined ? undefined : compared(field, where), test);
});
const where = conditionsOver(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(insidePath, test).map(([path, test]) => compared(path, test)) },
    { weight: 1, arbitrary: innerRights },
  ),
);
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(path, test).map(([path, test]) => compared(path, test)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('properties.policies[*]', 'properties.policies[*]', 'properties.list[*]'),
        fc.option(where, { nil: undefined }),
        countTest,
      )
      .map(([field, where, test]) => counted(field, field.includes('list') ? undefined : where, test)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(test, countTest)
      .map(([inner, test]) => counted('properties.list[*]', compared('properties.list[*]', inner), test)),
  },
  { weight: 1, arbitrary: innerRights },
  {
    weight: 1,
    arbitrary: fc.tuple(expectedScalar, test).map(([value, [operator, expected]]): Condition => ({
      kind: 'comparison',
      operand: { kind: 'value', value },
      operator,
      expected,
    })),
  },
);
const condition = conditionsOver(leaf);

/** A rule over all operators, with parameters, on vaults, managed HSMs or both. */
export const rule: fc.Arbitrary<Rule> = fc
  .record({
    require: condition,
    when: fc.option(condition, { nil: undefined, freq: 2 }),
    resourceTypes: fc.subarray([resourceTypes.vault, resourceTypes.managedHsm], { minLength: 1 }),
    parameters: fc.record({ text: hardText, number: fc.constantFrom(0, 7, 90, 89.5) }),
  })
  .map(({ require, when, resourceTypes, parameters }) =>
    aRule(require, {
      ...(when === undefined ? {} : { when }),
      resourceTypes,
      parameters: {
        text: { type: 'string', default: parameters.text },
        number: { type: 'number', default: parameters.number },
      },
    }),
  );
