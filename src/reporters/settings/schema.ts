import { list, shape, textSchema } from '../scan/schema-shapes.ts';
import { resourceScopeShape } from '../scan/scope-schema.ts';

const place = { type: 'integer', minimum: 1 };

const origin = {
  description: 'Where the value comes from.',
  anyOf: [
    shape({ kind: { const: 'default' } }),
    shape({ kind: { const: 'file' }, file: textSchema, line: place, column: place }),
    shape({ kind: { const: 'flag' }, flag: textSchema }),
    shape({ kind: { const: 'environment' }, variable: textSchema }),
  ],
};

const parameter = shape({ rule: textSchema, name: textSchema, value: {}, origin });

/** The JSON Schema of the settings that are in force; published as `schemas/settings.schema.json`. */
export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:purgeproof:settings:1.0',
  title: 'Settings of purgeproof',
  description: 'What is in force for a scan, and where each value comes from.',
  ...shape({
    schemaVersion: { const: '1.0' },
    files: { ...list(textSchema), description: 'The configuration, after the files that it extends.' },
    settings: {
      ...list(shape({ key: textSchema, value: {}, origin })),
      description: 'A list that adds up is one entry for each item. null: nothing is set.',
    },
    parameters: { ...list(parameter), description: 'Of every selected rule.' },
    parametersByScope: {
      ...list(shape({ scope: resourceScopeShape, origin, parameters: list(parameter) })),
      description: 'The most specific scope first.',
    },
  }),
};
