import type { JsonObject } from '../../src/model/json.ts';
import { guidOf } from './bodies.ts';

const provider = 'Microsoft.Authorization';

/** The ARM id of a built-in policy definition. */
export function definitionIdOf(guid: string): string {
  return `/providers/${provider}/policyDefinitions/${guid}`;
}

/** A built-in initiative: policy definitions by reference id. */
export function initiativeBody(displayName: string, members: Readonly<Record<string, string>>): JsonObject {
  const name = guidOf(`initiative ${displayName}`);
  return {
    id: `/providers/${provider}/policySetDefinitions/${name}`,
    name,
    type: `${provider}/policySetDefinitions`,
    properties: {
      displayName,
      policyType: 'BuiltIn',
      policyDefinitions: Object.entries(members).map(([policyDefinitionReferenceId, policyDefinitionId]) => ({
        policyDefinitionReferenceId,
        policyDefinitionId,
        parameters: {},
      })),
    },
  };
}

/** The assignment of a policy definition or an initiative at a scope; `more` are further properties, or others. */
export function policyAssignmentBody(
  scope: string,
  policyDefinitionId: string,
  more: JsonObject = {},
): JsonObject {
  const name = guidOf(`assignment of ${policyDefinitionId} at ${scope}`).slice(0, 24);
  return {
    id: `${scope}/providers/${provider}/policyAssignments/${name}`,
    name,
    type: `${provider}/policyAssignments`,
    properties: {
      displayName: name,
      policyDefinitionId,
      scope,
      notScopes: [],
      enforcementMode: 'Default',
      ...more,
    },
  };
}

/** An exemption from an assignment at a scope; `more` are further properties, or others. */
export function policyExemptionBody(
  scope: string,
  assignment: JsonObject,
  { name = 'accepted', ...more }: JsonObject & { readonly name?: string } = {},
): JsonObject {
  return {
    id: `${scope}/providers/${provider}/policyExemptions/${name}`,
    name,
    type: `${provider}/policyExemptions`,
    properties: {
      policyAssignmentId: assignment['id'],
      policyDefinitionReferenceIds: [],
      exemptionCategory: 'Waiver',
      displayName: 'Accepted',
      description: 'Moved away in spring.',
      ...more,
    },
  };
}
