import { resourceTypes } from '../../resource-types/index.ts';
import { operators } from '../operators/index.ts';
import type { Operator } from '../operators/operator.ts';
import { type JsonSchema, nonEmptyListOf, objectOf } from '../../documents/schema/json-schema.ts';

/** The keys that combine conditions. */
export const combiners = ['allOf', 'anyOf', 'not'] as const;

/** The keys that say what a comparison looks at. */
export const subjects = ['field', 'value', 'count'] as const;

/** Refers to the definition that `conditionDefinition` is published under. */
export const conditionRef: JsonSchema = { $ref: '#/$defs/condition' };

/** A parameter in the place of a value whose type is not text. */
export const parameterReference: JsonSchema = {
  type: 'string',
  pattern: "^\\[\\s*parameters\\(\\s*'[^']+'\\s*\\)\\s*\\]$",
  patternErrorMessage: "[parameters('name')]",
};

/** A condition, assembled from the operators: one combiner, or one subject and one operator. */
export const conditionDefinition: JsonSchema = {
  type: 'object',
  title: 'condition',
  description: 'A condition, as in Azure Policy.',
  properties: {
    allOf: nonEmptyListOf(conditionRef, 'All of these hold.'),
    anyOf: nonEmptyListOf(conditionRef, 'At least one of these holds.'),
    not: { ...conditionRef, description: 'This does not hold.' },
    field: fieldSchema('The field that is compared: a path, a tag, or an Azure Policy alias.'),
    value: { description: "A value that is compared instead of a field, such as [parameters('name')]." },
    count: objectOf(
      {
        field: fieldSchema('The array whose elements are counted; ends in [*].'),
        where: { ...conditionRef, description: 'Counts only the elements for which this holds.' },
      },
      ['field'],
      'Compares the number of elements of an array.',
    ),
    ...Object.fromEntries(
      Object.entries(operators).map(([name, operator]) => [name, operandSchema(operator)]),
    ),
  },
  additionalProperties: false,
  oneOf: [
    ...combiners.map((key) => ({ required: [key], maxProperties: 1 })),
    ...subjects.map((key) => ({
      required: [key],
      minProperties: 2,
      maxProperties: 2,
      properties: Object.fromEntries(
        [...combiners, ...subjects].filter((other) => other !== key).map((other) => [other, false]),
      ),
    })),
  ],
};

function fieldSchema(description: string): JsonSchema {
  const paths = resourceTypes.flatMap(({ fields }) => Object.keys(fields));
  return { type: 'string', minLength: 1, description, examples: [...new Set(paths)].toSorted() };
}

/** The operand of an operator; where it cannot be text anyway, a parameter may stand in its place. */
function operandSchema({ operand, note: description }: Operator): JsonSchema {
  const types = [operand['type']].flat();
  if (types.includes('string')) return { ...operand, description };
  return { description, anyOf: [operand, parameterReference] };
}
