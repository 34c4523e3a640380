import { notLookedAtShape, unreadableShape } from './scan/json-schema.ts';
import { list, shape, textSchema } from './scan/schema-shapes.ts';

const date = { ...textSchema, description: 'As Azure writes it; empty where it gives none.' };
const place = { type: 'integer', minimum: 1 };

const claimSchema = {
  description: 'A live resource of the same name, or a declaration of it in the code of --source-root.',
  oneOf: [
    shape({ kind: { const: 'resource' }, id: textSchema }),
    shape({ kind: { const: 'declaration' }, file: textSchema, line: place, column: place }),
  ],
};

const itemSchema = shape({
  id: { ...textSchema, description: 'The id of the entry in the recycle bin.' },
  name: textSchema,
  type: { enum: ['Microsoft.KeyVault/deletedVaults', 'Microsoft.KeyVault/deletedManagedHSMs'] },
  subscriptionId: textSchema,
  location: textSchema,
  resourceId: { ...textSchema, description: 'The id that it had, and has again once it is recovered.' },
  deletionDate: date,
  scheduledPurgeDate: date,
  daysToPurge: {
    type: ['integer', 'null'],
    minimum: 0,
    description: 'Whole days until Azure purges it, rounded down; null where Azure gives no date.',
  },
  purgeProtection: { type: 'boolean' },
  purgeable: { type: 'boolean', description: 'True where someone with the right to could purge it now.' },
  wantedBy: {
    ...list(claimSchema),
    description:
      'What has, or declares, the same name, which nothing else can have until it is purged. Code is read with --source-root only.',
  },
});

/** The JSON Schema (2020-12) of `deleted list --output json`; published as `schemas/deleted-list.schema.json`. */
export const deletedListSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:purgeproof:deleted-list:1.0',
  title: 'purgeproof deleted list',
  description: 'The recycle bins of some subscriptions: what can be lost first comes first.',
  ...shape(
    {
      schemaVersion: { const: '1.0' },
      complete: {
        type: 'boolean',
        description: 'False when anything in scope could not be read: nothing is known about it.',
      },
      deleted: list(itemSchema),
      unreadable: list(unreadableShape),
    },
    {
      notLookedAt: {
        ...list(notLookedAtShape('namesakes')),
        description: 'No gap: where something live that has one of the names would not have been seen.',
      },
    },
  ),
};
