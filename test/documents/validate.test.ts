import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { type JsonSchema, objectOf } from '../../src/documents/schema/json-schema.ts';
import type { SchemaVocabulary } from '../../src/documents/schema/schema-wording.ts';
import { validateBy } from '../../src/documents/schema/validate.ts';
import { journalEntrySchema } from '../../src/remediation/journal-line.ts';
import { kitSchema } from '../../src/remediation/kit/kit-file.ts';
import { planSchema } from '../../src/remediation/plan-schema.ts';
import { findingSchemaOf, reportSchemaOf } from '../../src/reporters/scan/json-schema.ts';
import { configSchema } from '../../src/rules/schema/config-schema.ts';
import { exemptionsSchema } from '../../src/rules/schema/exemptions-schema.ts';
import { ruleSchema } from '../../src/rules/schema/rule-schema.ts';
import { lineSchemas } from '../../src/usecases/archive/line-kinds.ts';

const anyColour: JsonSchema = { type: 'string', pattern: '^\\$' };
const schema: JsonSchema = objectOf(
  {
    shape: {
      type: 'object',
      properties: { radius: { type: 'number' }, side: { type: 'number' } },
      additionalProperties: false,
      oneOf: [{ required: ['radius'] }, { required: ['side'] }],
    },
    colour: { anyOf: [{ enum: ['red', 'green'] }, anyColour] },
    size: { type: 'integer' },
  },
  [],
  'A drawing.',
);
const vocabulary: SchemaVocabulary = {
  classifyKey: ({ path }) =>
    path.at(-1) === 'shape' ? { kind: 'measure', known: ['radius', 'side'] } : undefined,
  explainForm: (value) => ({
    ...('side' in value ? { key: 'side' } : {}),
    message: 'a shape has one measure',
  }),
  placeholder: anyColour,
};

const messages = (value: Json, terms?: SchemaVocabulary) =>
  validateBy(schema, terms)(value).map(({ path, message }) => [path.join('.'), message]);

describe('a schema without terms of its own', () => {
  test.for<[Json, string, string]>([
    [{ sise: 1 }, 'sise', 'unknown key "sise". Did you mean size?'],
    [{ size: 1.5 }, 'size', '"size" must be a whole number, not 1.5'],
    [{ shape: {} }, 'shape', '"shape" is not valid'],
    [{ shape: { sides: 1, radius: 1 } }, 'shape.sides', 'unknown key "sides". Did you mean side?'],
  ])('%j', ([value, path, message]) => {
    expect(messages(value)).toEqual([[path, message]]);
  });
});

describe('a schema with terms of its own', () => {
  test.for<[Json, string, string]>([
    [{ shape: {} }, 'shape', 'a shape has one measure'],
    [{ shape: { side: 1, radius: 1 } }, 'shape.side', 'a shape has one measure'],
    [{ shape: { height: 1, side: 2 } }, 'shape.height', 'unknown measure "height"; known here: radius, side'],
    [{ colour: 'rede' }, 'colour', '"colour" must be red or green, not "rede". Did you mean red?'],
    [{ sise: 1 }, 'sise', 'unknown key "sise". Did you mean size?'],
  ])('%j', ([value, path, message]) => {
    expect(messages(value, vocabulary)).toEqual([[path, message]]);
  });
});

test.for<[string, JsonSchema]>([
  ['of a report', reportSchemaOf('1.1')],
  ['of a report of version 1.0', reportSchemaOf('1.0')],
  ['of a finding', findingSchemaOf('1.1')],
  ['of a finding of version 1.0', findingSchemaOf('1.0')],
  ['of a plan', planSchema],
  ['of a kit', kitSchema],
  ['of a line of a journal', journalEntrySchema],
  ['of exemptions', exemptionsSchema],
  ['of rules', ruleSchema],
  ['of a configuration', configSchema(['table'])],
  ...Object.entries(lineSchemas).map(([name, one]): [string, JsonSchema] => [
    `of a line of an archive: ${name}`,
    one,
  ]),
])('the schema %s is one: it is not checked where it is used', ([, one]) => {
  expect(new Ajv2020({ strict: false }).validateSchema(one)).toBe(true);
});
