import { codeForms } from '../../model/target.ts';
import { list, shape, type Since11, textListSchema, textSchema } from './schema-shapes.ts';

const filterShape = {
  description:
    'Only what matches one value of each list was judged; of tags, values of one name are alternatives. Absent in a scan of everything in scope.',
  ...shape({}, { resourceGroups: textListSchema, vaults: textListSchema, tags: textListSchema }),
};

const codeShape = {
  description:
    'The infrastructure code that was scanned before it is deployed, as named on the command line.',
  ...shape({ form: { enum: [...codeForms] }, path: textSchema }, { parameters: textSchema }),
};

/** The schema of what was asked for. */
export function scopeShape(since11: Since11) {
  return shape(
    {
      subscriptions: list(shape({ id: textSchema, name: textSchema })),
      managementGroups: textListSchema,
    },
    {
      inventory: textSchema,
      ...since11({
        archive: {
          ...textSchema,
          description:
            'The archive that the facts of an earlier scan are from; its times are those of that scan.',
        },
        inventoryComplete: {
          const: true,
          description: 'Somebody has said that the inventory is whole (--inventory-complete).',
        },
        filter: filterShape,
        code: codeShape,
      }),
    },
  );
}

/** A scope of parameters. */
export const resourceScopeShape = {
  ...shape(
    {},
    {
      resource: textSchema,
      name: textSchema,
      resourceGroup: textSchema,
      subscription: textSchema,
      managementGroup: textSchema,
      tag: { type: 'object', additionalProperties: textSchema },
    },
  ),
  description: 'A resource that matches all of it is in the scope, as the configuration says it.',
};

/** The parameters of a rule that are others in some scopes. */
export const parametersByScopeShape = {
  ...list(shape({ scope: resourceScopeShape, parameters: { type: 'object' } })),
  description:
    'Other values in some scopes, the most specific first; absent where the values are the same everywhere.',
};
