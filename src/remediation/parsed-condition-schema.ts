import { operators } from '../rules/operators/index.ts';
import { type JsonSchema, objectOf } from '../documents/schema/json-schema.ts';

const text = (description: string): JsonSchema => ({ type: 'string', description });
const list = (items: JsonSchema, description: string): JsonSchema => ({ type: 'array', description, items });

/** Points to the definition below. */
export const condition: JsonSchema = { $ref: '#/$defs/condition' };

const conditions = list(condition, 'Conditions.');
const field = objectOf({ kind: { const: 'field' }, path: text('A field.') }, ['kind', 'path'], 'A field.');
const value = objectOf({ kind: { const: 'value' }, value: {} }, ['kind', 'value'], 'A literal value.');
const count = objectOf(
  { kind: { const: 'count' }, field: text('An array.'), where: condition },
  ['kind', 'field'],
  'A number of elements.',
);

/** A condition as a plan holds it: parsed, so that it can be judged by without the rule file. */
export const conditionDefinition: JsonSchema = {
  description: 'A condition of a rule, parsed.',
  anyOf: [
    objectOf({ kind: { const: 'allOf' }, conditions }, ['kind', 'conditions'], 'All of them.'),
    objectOf({ kind: { const: 'anyOf' }, conditions }, ['kind', 'conditions'], 'At least one.'),
    objectOf({ kind: { const: 'not' }, condition }, ['kind', 'condition'], 'The opposite.'),
    objectOf(
      {
        kind: { const: 'comparison' },
        operand: { anyOf: [field, value, count] },
        operator: { enum: Object.keys(operators) },
        expected: {},
      },
      ['kind', 'operand', 'operator', 'expected'],
      'A comparison.',
    ),
  ],
};
