import { builtInRoles } from '../rights/built-in-roles.ts';
import type { TenantDirectory } from '../tenant.ts';
import { customRoleBody, guidOf, roleAssignmentBody } from './bodies.ts';

const groups = '/providers/Microsoft.Management/managementGroups';
const training = `/subscriptions/${guidOf('sandbox-training')}`;

/** Who holds roles in the demonstration: an administrator of all, a team, and a job whose role hides the right to purge. */
export const demoDirectory: TenantDirectory = {
  roleDefinitions: [customRoleBody('Cleanup job', { actions: ['*/read', '*/action'] })],
  roleAssignments: [
    roleAssignmentBody({
      scope: `${groups}/contoso`,
      role: builtInRoles.Owner.id,
      principalId: guidOf('administrator'),
    }),
    roleAssignmentBody(
      { scope: training, role: builtInRoles['Key Vault Contributor'].id, principalId: guidOf('trainers') },
      { principalType: 'Group' },
    ),
    roleAssignmentBody(
      { scope: training, role: guidOf('custom role Cleanup job'), principalId: guidOf('cleanup job') },
      { principalType: 'ServicePrincipal' },
    ),
  ],
};
