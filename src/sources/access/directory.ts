import pMap from 'p-map';
import { guidOfRole } from '../../access/authorization-rows.ts';
import type { SubscriptionDirectory } from '../../access/vault-access.ts';
import {
  type AssignmentsById,
  listDenyAssignments,
  listEligibleAssignments,
  listRoleAssignments,
  queryAuthorization,
  readRoleDefinition,
} from '../../azure/authorization.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import type { RoleAssignment, RoleDefinition } from '../../model/access.ts';
import type { NotLookedAt, Unreadable } from '../../model/coverage.ts';
import { AzureError, sentenceOf } from '../../model/errors.ts';
import { roleAssignmentsRead, roleDefinitionsRead } from '../../model/permission.ts';
import type { Subscription } from '../../model/source.ts';
import { managementGroupScope, type Rights, type RightsQuestion, rightsReader } from '../live/rights.ts';
import { subscriptionLists } from '../live/snapshot.ts';

/** The read of a directory. `eligible`: also who may activate a role, which takes a request for each subscription. */
export interface DirectoryRead {
  readonly connection: AzureConnection;
  readonly session: Session;
  readonly eligible: boolean;
}

/** Requests at a time; ARM counts the reads of each subscription by themselves. */
const concurrency = 24;

/** The role assignments and role definitions of a whole scope. */
export interface Everywhere {
  readonly assignments: AssignmentsById;
  readonly definitions: readonly RoleDefinition[];
  /** The subscriptions of which Resource Graph gave nothing, by id in lower case. */
  readonly failures: ReadonlyMap<string, AzureError>;
  /** Asks which rights the identity holds at a scope. */
  readonly ask: (question: RightsQuestion) => Promise<Rights>;
  /** The management groups at which the identity may read role assignments, with all that are inherited there. */
  readonly groups: ReadonlyMap<string, AssignmentsById>;
}

/** Reads role assignments in one query for each list of subscriptions, and what stands above all of them. */
export async function readEverywhere(
  read: DirectoryRead,
  subscriptions: readonly Subscription[],
): Promise<Everywhere> {
  const { connection, session } = read;
  const ask = rightsReader(connection, session, [roleAssignmentsRead, roleDefinitionsRead]);
  const lists = subscriptionLists(subscriptions.map(({ id }) => id));
  const [found, groups] = await Promise.all([
    pMap(lists, async (scope) => orError(queryAuthorization(connection, session, scope)), { concurrency }),
    readOutermostGroups(read, subscriptions, ask),
  ]);
  const assignments = new Map<string, RoleAssignment>();
  const definitions: RoleDefinition[] = [];
  const failures = new Map<string, AzureError>();
  for (const [index, one] of found.entries()) {
    const list = lists[index];
    if (one instanceof AzureError)
      for (const id of list?.kind === 'subscriptions' ? list.ids : []) failures.set(id.toLowerCase(), one);
    else {
      for (const [id, assignment] of one.assignments) assignments.set(id, assignment);
      definitions.push(...one.definitions);
    }
  }
  for (const group of groups.values()) for (const [id, assignment] of group) assignments.set(id, assignment);
  return { assignments, definitions, failures, ask, groups };
}

/** Groups at which rights are asked for; more are outermost only in tenants that others have delegated. */
const mostGroups = 8;

/** The role assignments at the outermost management groups and above them, where the identity may read there. */
async function readOutermostGroups(
  { connection, session }: DirectoryRead,
  subscriptions: readonly Subscription[],
  ask: Everywhere['ask'],
): Promise<Everywhere['groups']> {
  const groups = new Map<string, RightsQuestion>();
  for (const { id, managementGroups } of subscriptions) {
    const groupId = managementGroups.at(-1)?.id;
    if (groupId !== undefined && groups.size < mostGroups)
      groups.set(groupId.toLowerCase(), { groupId, subscriptionId: id });
  }
  const read = await pMap(groups, async ([key, question]) => {
    const { held } = await ask(question);
    if (!held.has(roleAssignmentsRead)) return [];
    const scope = managementGroupScope(question.groupId ?? '');
    const found = await orError(listRoleAssignments(connection, session, { scope, atScope: true }));
    return found instanceof AzureError ? [] : [[key, found] as const];
  });
  return new Map(read.flat());
}

/** One subscription of a directory; with a gap, somebody may be missing. */
export interface SubscriptionRead extends Required<SubscriptionDirectory> {
  readonly assignments: readonly RoleAssignment[];
  readonly gap?: Unreadable;
  readonly notLookedAt: readonly NotLookedAt[];
}

/** Reads what is left to know of one subscription: evidence of rights, what is inherited, denied, and eligible. */
export async function readSubscriptionAccess(
  read: DirectoryRead,
  subscription: Subscription,
  everywhere: Everywhere,
): Promise<SubscriptionRead> {
  const scope = `/subscriptions/${subscription.id}`;
  const { connection, session } = read;
  const [assigned, denied, eligible] = await Promise.all([
    readAssignments(read, subscription, everywhere),
    orError(listDenyAssignments(connection, session, scope)),
    read.eligible
      ? orError(listEligibleAssignments(connection, session, scope))
      : new Map<string, RoleAssignment>(),
  ]);
  const own = [...assigned.assignments].flatMap(([id, one]) => (everywhere.assignments.has(id) ? [] : [one]));
  const assignments = [...own, ...(eligible instanceof AzureError ? [] : eligible.values())];
  const inherited = [...assigned.assignments.values(), ...assignments].map((one) => one.scope);
  return {
    scopesAbove: [
      '/',
      ...subscription.managementGroups.map(({ id }) => managementGroupScope(id)),
      ...inherited.filter((one) => !/^\/subscriptions\//iu.test(one)),
    ],
    assignments,
    denials: denied instanceof AzureError ? [] : denied,
    ...(assigned.gap === undefined ? {} : { gap: assigned.gap }),
    notLookedAt: [
      ...notLookedAt('denyAssignments', scope, denied),
      ...notLookedAt('eligibleAssignments', scope, eligible),
    ],
  };
}

function notLookedAt(kind: NotLookedAt['kind'], scope: string, read: unknown): readonly NotLookedAt[] {
  return read instanceof AzureError ? [{ kind, scope, reason: sentenceOf(read) }] : [];
}

/** The assignments that Resource Graph does not show for certain, and a gap where nobody does. */
interface AssignmentsRead {
  readonly assignments: AssignmentsById;
  readonly gap?: Unreadable;
}

async function readAssignments(
  { connection, session }: DirectoryRead,
  { id, managementGroups }: Subscription,
  { failures, groups, ask }: Everywhere,
): Promise<AssignmentsRead> {
  const above = groups.get(managementGroups.at(-1)?.id.toLowerCase() ?? '');
  const failure = failures.get(id.toLowerCase());
  if (above !== undefined && failure === undefined) return { assignments: above };
  const { held, failure: refused } = await ask({ subscriptionId: id });
  const scope = `/subscriptions/${id}`;
  if (!held.has(roleAssignmentsRead)) return { assignments: new Map(), gap: missingRight(scope, refused) };
  // What is below the subscription came from Resource Graph, unless that failed.
  const list = failure === undefined ? ({ scope, atScope: true } as const) : { scope };
  const found = await orError(listRoleAssignments(connection, session, list));
  if (!(found instanceof AzureError)) return { assignments: found };
  const gap = { scope, kind: 'subscription', reason: sentenceOf(found), hint: found.hint } as const;
  return { assignments: new Map(), gap };
}

function missingRight(scope: string, refused: AzureError | undefined): Unreadable {
  const why = refused === undefined ? '' : ` (${refused.message})`;
  return {
    scope,
    kind: 'subscription',
    reason: `Who holds rights in it is not known: nothing shows that the identity holds ${roleAssignmentsRead} there${why}.`,
    hint: 'Grant the role Reader on the subscription, or on a management group above it.',
  };
}

/** Role definitions that Resource Graph left out and ARM has, and a gap for each that it does not give. */
interface RolesRead {
  readonly found: readonly RoleDefinition[];
  readonly gaps: readonly Unreadable[];
}

/** Reads the definitions of assigned roles from ARM, but for those that were read before. */
export async function readRoles(
  { connection, session }: DirectoryRead,
  assigned: Iterable<RoleAssignment>,
  wasTried: (guid: string) => boolean,
): Promise<RolesRead> {
  const wanted = new Map<string, string>();
  for (const { roleDefinitionId } of assigned) {
    const guid = guidOfRole(roleDefinitionId);
    if (!wasTried(guid)) wanted.set(guid, roleDefinitionId);
  }
  const read = await pMap(
    wanted.values(),
    async (id) => ({ id, found: await orError(readRoleDefinition(connection, session, id)) }),
    { concurrency },
  );
  return {
    found: read.flatMap(({ found }) => (found instanceof AzureError ? [] : [found])),
    gaps: read.flatMap(({ id, found }) => (found instanceof AzureError ? [unreadRole(id, found)] : [])),
  };
}

function unreadRole(scope: string, error: AzureError): Unreadable {
  return { scope, kind: 'resource', reason: sentenceOf(error), hint: error.hint };
}

/** A refusal is an answer here; a sign-in that fails is none. */
async function orError<T>(read: Promise<T>): Promise<T | AzureError> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AzureError && error.operation !== 'sign in') return error;
    throw error;
  }
}
