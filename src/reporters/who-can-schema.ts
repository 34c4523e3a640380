import { notLookedAtShape, unreadableShape } from './scan/json-schema.ts';
import { list, shape, textSchema } from './scan/schema-shapes.ts';

const yes = { const: true };
const rights = list({ enum: ['delete', 'purgeVault', 'purgeObjects'] });
const id = { ...textSchema, description: 'The object id, in lower case.' };

const grantSchema = shape(
  {
    kind: { enum: ['role', 'accessPolicy'] },
    grants: { ...list(textSchema), description: 'Actions of Azure RBAC; for an access policy keys/purge.' },
  },
  {
    role: textSchema,
    roleDefinitionId: textSchema,
    scope: textSchema,
    applicationId: { ...textSchema, description: 'The application through which alone it grants.' },
    conditional: { ...yes, description: 'It holds under a condition that is not evaluated.' },
    eligible: { ...yes, description: 'It holds once it is activated in Privileged Identity Management.' },
  },
);

const principalSchema = shape(
  {
    id,
    type: {
      ...textSchema,
      description: 'User, Group, ServicePrincipal, …; Unknown where only an access policy names it.',
    },
    canDelete: { type: 'boolean' },
    canPurgeVault: { type: 'boolean', description: 'By a role on the subscription or above.' },
    canPurgeObjects: {
      type: ['boolean', 'null'],
      description: 'null for a managed HSM, whose local RBAC is not visible through ARM.',
    },
    via: list(grantSchema),
  },
  {
    name: { ...textSchema, description: 'The display name, where Azure tells it without Microsoft Graph.' },
    conditional: { ...rights, description: 'The rights that it holds under a condition only.' },
    eligible: {
      ...rights,
      description: 'The rights that it lacks, and has once it activates an assignment.',
    },
  },
);

const vaultSchema = shape({
  id: textSchema,
  name: textSchema,
  type: textSchema,
  subscriptionId: textSchema,
  permissionModel: { enum: ['rbac', 'accessPolicy', 'localRbac'] },
  purgeProtection: { type: 'boolean' },
  complete: { type: 'boolean', description: 'False where somebody may be missing.' },
  principals: { ...list(principalSchema), description: 'Rights as granted, whatever purge protection says.' },
});

/** The JSON Schema (2020-12) of `who-can --output json`; published as `schemas/who-can.schema.json`. */
export const whoCanSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:purgeproof:who-can:1.0',
  title: 'purgeproof who-can',
  description: 'The principals that can delete or purge each vault and managed HSM, by rights as granted.',
  ...shape(
    {
      schemaVersion: { const: '1.0' },
      action: { enum: ['delete', 'purge'] },
      complete: { type: 'boolean', description: 'False where somebody may be missing.' },
      vaults: list(vaultSchema),
      unreadable: list(unreadableShape),
      notLookedAt: {
        ...list(notLookedAtShape('denyAssignments', 'eligibleAssignments', 'localRbac')),
        description: 'No gap: nobody is missing without it.',
      },
    },
    {
      principal: { ...id, description: 'The only principal that was asked about.' },
      groups: {
        ...list(textSchema),
        description: 'Groups that can, of which the principal may be a member: members are not looked up.',
      },
    },
  ),
};
