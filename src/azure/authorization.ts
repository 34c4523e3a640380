import {
  authorizationId,
  toDenyAssignment,
  toRoleAssignment,
  toRoleDefinition,
} from '../access/authorization-rows.ts';
import {
  assignedBy,
  type InitiativeMembers,
  type Initiatives,
  isInitiative,
  toAzureExemption,
  toInitiative,
} from '../azure-policy/azure-exemptions.ts';
import type { DenyAssignment, RoleAssignment, RoleDefinition } from '../model/access.ts';
import type { AzureExemption } from '../model/azure-exemption.ts';
import { AzureError } from '../model/errors.ts';
import { quote } from '../rules/kql/literal.ts';
import type { JsonObject } from '../model/json.ts';
import { getJson, readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import type { GraphScope } from './graph-query.ts';
import { type IdentifiedRow, readRows } from './graph-sequence.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { sendWithRetry } from './send-with-retry.ts';
import type { Session } from './session.ts';

/** Role assignments by their ids in lower case: one may come from several places. */
export type AssignmentsById = ReadonlyMap<string, RoleAssignment>;

/** Role assignments at the scope of a query, above and below it, and the role definitions that show there. */
export interface Authorization {
  readonly assignments: AssignmentsById;
  readonly definitions: readonly RoleDefinition[];
}

const provider = 'Microsoft.Authorization';
const assignmentType = 'microsoft.authorization/roleassignments';
const definitionType = 'microsoft.authorization/roledefinitions';

/** Resource Graph has role assignments and role definitions, and none of what denies or makes eligible. */
export const authorizationQuery = `authorizationresources | where type in~ ('${assignmentType}', '${definitionType}') | project id, name, type, properties | order by id asc`;

/** Asks Resource Graph. Throws `AzureError` when it refuses, or when its answer is not whole. */
export async function queryAuthorization(
  connection: AzureConnection,
  session: Session,
  scope: GraphScope,
): Promise<Authorization> {
  const operation = 'read role assignments from Resource Graph';
  const sequence = { operation, query: authorizationQuery, scope, authorizationScope } as const;
  return toAuthorization(await readRows(connection, session, sequence), operation);
}

const authorizationScope = 'AtScopeAboveAndBelow';

function notWhole(operation: string): AzureError {
  return new AzureError(`could not ${operation}: the answer is not whole`, {
    operation,
    status: 0,
    code: 'IncompleteAnswer',
    requestId: '',
    hint: 'Run it again.',
  });
}

function toAuthorization(rows: readonly IdentifiedRow[], operation: string): Authorization {
  const assignments = new Map<string, RoleAssignment>();
  const definitions: RoleDefinition[] = [];
  for (const row of rows) {
    const definition = isOfType(row, definitionType) ? toRoleDefinition(row) : undefined;
    if (definition !== undefined) definitions.push(definition);
    if (!isOfType(row, assignmentType)) continue;
    const assignment = toRoleAssignment(row);
    if (assignment === undefined) throw notWhole(operation);
    assignments.set(authorizationId(row), assignment);
  }
  return { assignments, definitions };
}

function isOfType({ type }: JsonObject, wanted: string): boolean {
  return typeof type === 'string' && type.toLowerCase() === wanted;
}

/** A list of Microsoft.Authorization at a scope; `atScope` leaves out what is below it. */
interface AuthorizationList {
  readonly scope: string;
  readonly atScope?: true;
}

/** The role assignments at a scope, above it and below it, as ARM has them. Throws `AzureError`. */
export async function listRoleAssignments(
  connection: AzureConnection,
  session: Session,
  list: AuthorizationList,
): Promise<AssignmentsById> {
  return assignmentsIn(connection, session, { ...list, type: 'roleAssignments', apiVersion: '2022-04-01' });
}

/** Roles that principals may activate in Privileged Identity Management. Throws `AzureError`, also without its licence. */
export async function listEligibleAssignments(
  connection: AzureConnection,
  session: Session,
  scope: string,
): Promise<AssignmentsById> {
  const type = 'roleEligibilityScheduleInstances';
  return assignmentsIn(connection, session, { scope, type, apiVersion: '2020-10-01', isEligible: true });
}

/** The deny assignments at a scope, above it and below it, as far as they deny for certain. Throws `AzureError`. */
export async function listDenyAssignments(
  connection: AzureConnection,
  session: Session,
  scope: string,
): Promise<readonly DenyAssignment[]> {
  const list = { scope, type: 'denyAssignments', apiVersion: '2022-04-01' } as const;
  return (await rowsOf(connection, session, list)).flatMap(toDenyAssignment);
}

function isRoleAssignment(row: JsonObject): boolean {
  return toRoleAssignment(row) !== undefined;
}

/** The types that are listed, in words. */
const typeWords = {
  roleAssignments: 'role assignments',
  denyAssignments: 'deny assignments',
  roleEligibilityScheduleInstances: 'eligible role assignments',
};

interface List extends AuthorizationList {
  readonly type: keyof typeof typeWords;
  readonly apiVersion: string;
  readonly isEligible?: boolean;
}

async function assignmentsIn(
  connection: AzureConnection,
  session: Session,
  list: List,
): Promise<AssignmentsById> {
  const rows = await rowsOf(connection, session, { ...list, isEntry: isRoleAssignment });
  return new Map(
    rows.flatMap((row) => {
      const assignment = toRoleAssignment(row, list.isEligible);
      return assignment === undefined ? [] : [[authorizationId(row), assignment]];
    }),
  );
}

async function rowsOf(
  connection: AzureConnection,
  session: Session,
  { scope, type, apiVersion, atScope, isEntry }: List & { readonly isEntry?: (row: JsonObject) => boolean },
): Promise<readonly JsonObject[]> {
  const filter = atScope === true ? '&$filter=atScope()' : '';
  const path = `${encodeURI(scope)}/providers/${provider}/${type}?api-version=${apiVersion}${filter}`;
  const operation = `read the ${typeWords[type]} of ${scope}`;
  const list = { operation, path, session, ...(isEntry === undefined ? {} : { isEntry }) };
  return readArmList(connection, list, session.signal);
}

/** Reads one role definition by its id. Throws `AzureError`. */
export async function readRoleDefinition(
  connection: AzureConnection,
  session: Session,
  id: string,
): Promise<RoleDefinition> {
  return sendWithRetry(connection, session, {
    operation: `read the role definition ${id}`,
    governed: false,
    run: async (signal) => {
      const url = `${connection.cloud.armEndpoint}${encodeURI(id)}?api-version=2022-04-01`;
      const value = toRoleDefinition(await getJson(connection, url, signal));
      if (value === undefined) throw new MalformedAnswer('the answer is not a role definition');
      return { value };
    },
  });
}

const policyProvider = provider.toLowerCase();

/** Exemptions, each with what its assignment assigns and where that reaches: empty where no assignment shows. */
export const policyExemptionsQuery = [
  `policyresources | where type =~ '${policyProvider}/policyexemptions'`,
  'extend assignmentId = tolower(tostring(properties.policyAssignmentId))',
  `join kind=leftouter (policyresources | where type =~ '${policyProvider}/policyassignments' | project assignmentId = tolower(id), assigned = tolower(tostring(properties.policyDefinitionId)), notScopes = properties.notScopes, assignmentSelectors = properties.resourceSelectors) on assignmentId`,
  'project id, name, properties, assigned, notScopes, assignmentSelectors',
  'order by id asc',
].join(' | ');

/** The query for the definitions that are in some initiatives. */
export function initiativesQuery(ids: readonly string[]): string {
  return `policyresources | where type =~ '${policyProvider}/policysetdefinitions' and id in~ (${ids.map(quote).join(', ')}) | project id, definitions = properties.policyDefinitions | order by id asc`;
}

/** Ids of initiatives that fit into one query. */
const idsPerQuery = 50;

/** The exemptions of Azure Policy at the scope of a query, above and below it. */
export interface PolicyExemptions {
  readonly exemptions: readonly AzureExemption[];
  /** The ids of rows in an unknown shape. */
  readonly malformed: readonly string[];
}

const readingExemptions = 'read the exemptions of Azure Policy from Resource Graph';

/** Asks Resource Graph, and once more for the initiatives that are assigned. Throws `AzureError`. */
export async function queryPolicyExemptions(
  connection: AzureConnection,
  session: Session,
  scope: GraphScope,
): Promise<PolicyExemptions> {
  const read = (query: string): Promise<readonly IdentifiedRow[]> =>
    readRows(connection, session, {
      operation: readingExemptions,
      query,
      scope,
      authorizationScope: 'AtScopeAboveAndBelow',
    });
  const rows = await read(policyExemptionsQuery);
  const assigned = rows.flatMap((row) => assignedBy(row) ?? []).filter(isInitiative);
  const initiatives = await readInitiatives([...new Set(assigned)], read);
  const found = rows.map((row) => ({ row, exemption: toAzureExemption(row, initiatives) }));
  return {
    exemptions: found.flatMap(({ exemption }) => exemption ?? []),
    malformed: found.flatMap(({ row, exemption }) => (exemption === undefined ? [row.id] : [])),
  };
}

async function readInitiatives(
  ids: readonly string[],
  read: (query: string) => Promise<readonly IdentifiedRow[]>,
): Promise<Initiatives> {
  const known = new Map<string, InitiativeMembers>();
  for (let start = 0; start < ids.length; start += idsPerQuery)
    for (const row of await read(initiativesQuery(ids.slice(start, start + idsPerQuery)))) {
      const members = toInitiative(row);
      if (members !== undefined) known.set(row.id.toLowerCase(), members);
    }
  return known;
}
