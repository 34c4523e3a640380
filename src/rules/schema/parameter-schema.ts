import { type JsonSchema, nonEmptyListOf, objectOf, someText } from '../../documents/schema/json-schema.ts';

/** The types that a parameter may have. */
export const parameterTypes: readonly string[] = ['string', 'integer', 'number', 'boolean', 'array'];

/** The types of a parameter's value. */
const valueSchema: JsonSchema = { type: ['string', 'number', 'boolean', 'array'] };

/** The parameters of a rule by name. */
export const parametersSchema: JsonSchema = {
  type: 'object',
  description: "Values that users can set; used in conditions as [parameters('name')].",
  propertyNames: {
    pattern: '^[A-Za-z][A-Za-z0-9_]*$',
    patternErrorMessage: 'letters, digits and underscores, beginning with a letter',
  },
  additionalProperties: objectOf(
    {
      type: {
        enum: parameterTypes,
        description: 'The type of the value.',
      },
      default: { ...valueSchema, description: 'The value if none is set.' },
      description: someText('What it means, with its unit.'),
      minimum: { type: 'number', description: 'The smallest number allowed.' },
      maximum: { type: 'number', description: 'The largest number allowed.' },
      allowedValues: nonEmptyListOf(valueSchema, 'The only values allowed.'),
    },
    ['type', 'default'],
    'A parameter, as in Azure Policy.',
  ),
};
