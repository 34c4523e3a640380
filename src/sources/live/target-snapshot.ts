import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/graph-query.ts';
import type { Session } from '../../azure/session.ts';
import { listDescendants, listSubscriptions } from '../../azure/subscriptions.ts';
import { AzureError } from '../../model/errors.ts';
import type { LiveQuery } from './query.ts';
import { type ScopeSnapshot, snapshotScope } from './scope-snapshot.ts';
import { type Members, type SnapshotTarget, subscriptionLists, type TargetSnapshot } from './snapshot.ts';

import pMap from 'p-map';

export interface TargetRequest {
  readonly target: SnapshotTarget;
  readonly query: LiveQuery;
  /** Takes the snapshot of one scope; `snapshotScope` when left out. */
  readonly ask?: typeof snapshotScope;
  /** The subscriptions of the target, asked for only where lists of them are needed; those expected when left out. */
  readonly members?: () => Promise<Members>;
}

/** Takes a snapshot of every scope of a target; a scope that is too large for one answer is split into lists of subscriptions. */
export async function snapshotTarget(
  connection: AzureConnection,
  session: Session,
  { target, query, ask = snapshotScope, members = async () => target.expected }: TargetRequest,
): Promise<TargetSnapshot> {
  let reachesBeyond = false;
  const inside = async (): Promise<readonly string[]> => {
    const known = await members();
    reachesBeyond = known === undefined;
    return (known ?? (await listSubscriptions(connection, session))).map(({ id }) => id.toLowerCase());
  };
  const { answers, large } = await snapshotScopes(connection, session, {
    scopes: target.scopes,
    query,
    inside,
    ask,
  });
  const narrowed = large !== undefined && reachesBeyond ? answers.map((one) => narrow(one, large)) : answers;
  return {
    target,
    seen: narrowed.flatMap(({ scope, result }) =>
      result.kind === 'seen' ? [{ scope, snapshot: result.snapshot }] : [],
    ),
    refused: narrowed.flatMap(({ scope, result }) =>
      result.kind === 'refused' ? [{ scope, error: result.error }] : [],
    ),
  };
}

/** Takes the snapshot of a scope while its subscriptions are being listed: neither waits for the other. */
export async function snapshotListed(
  connection: AzureConnection,
  session: Session,
  {
    scope,
    target,
    ...asking
  }: Pick<TargetRequest, 'query' | 'ask'> & {
    readonly scope: GraphScope;
    readonly target: Promise<SnapshotTarget>;
  },
): Promise<TargetSnapshot> {
  const unlisted = { scopes: [scope], expected: undefined };
  const members = async (): Promise<Members> => (await target).expected;
  const [listed, snapshot] = await Promise.all([
    target,
    snapshotTarget(connection, session, { ...asking, target: unlisted, members }),
  ]);
  return { ...snapshot, target: listed };
}

/**
 * Of a list that reaches beyond a management group, keeps what is below the group. Rows of a subscription that is not
 * visible itself are kept as well: its place is unknown.
 */
function narrow(answer: ScopeAnswer, scope: GraphScope): ScopeAnswer {
  if (scope.kind !== 'managementGroup' || answer.result.kind !== 'seen') return answer;
  const { visible, counts } = answer.result.snapshot;
  const below = [...visible].filter(([, { managementGroups }]) =>
    managementGroups.some(({ id }) => id.toLowerCase() === scope.id.toLowerCase()),
  );
  const inside = new Map(below);
  const kept = [...counts].filter(([id]) => inside.has(id) || !visible.has(id));
  const snapshot = { visible: inside, counts: new Map(kept) };
  return { ...answer, result: { kind: 'seen', snapshot } };
}

/** A scope, and the result of its snapshot. */
interface ScopeAnswer {
  readonly scope: GraphScope;
  readonly result: ScopeSnapshot;
}

/** `large` is the scope that was too large for one answer, where there was one: then snapshots were taken in lists. */
interface ScopeAnswers {
  readonly answers: readonly ScopeAnswer[];
  readonly large: GraphScope | undefined;
}

interface ScopesRequest {
  readonly scopes: readonly GraphScope[];
  readonly query: LiveQuery;
  /** Ids of the subscriptions in the scopes, for lists. */
  readonly inside: () => Promise<readonly string[]>;
  readonly ask: typeof snapshotScope;
}

const scopesAtOnce = 8;

/** Takes snapshots of scopes concurrently, or of lists of subscriptions when one scope is too large for one answer. */
async function snapshotScopes(
  connection: AzureConnection,
  session: Session,
  { scopes, query, inside, ask }: ScopesRequest,
): Promise<ScopeAnswers> {
  const first = await snapshotEach(scopes);
  const large = first.find(({ result }) => result.kind === 'tooMany')?.scope;
  if (large === undefined) return { answers: first, large };
  return { answers: await snapshotEach(subscriptionLists(await inside())), large };

  function snapshotEach(all: readonly GraphScope[]): Promise<readonly ScopeAnswer[]> {
    return pMap(all, async (scope) => ({ scope, result: await ask(connection, session, { scope, query }) }), {
      concurrency: scopesAtOnce,
      signal: session.signal,
    });
  }
}

/** Everything that is visible to the identity. Where Azure fails to list it, the snapshot may not show all. */
export async function targetTenant(connection: AzureConnection, session: Session): Promise<SnapshotTarget> {
  const scopes: readonly GraphScope[] = [{ kind: 'tenant' }];
  try {
    return { scopes, expected: await listSubscriptions(connection, session) };
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return { scopes, expected: undefined, unlisted: error };
  }
}

/** A management group by id. What is below it is unknown where the identity may not read the group itself. */
export async function targetGroup(
  connection: AzureConnection,
  session: Session,
  id: string,
): Promise<SnapshotTarget> {
  const scopes: readonly GraphScope[] = [{ kind: 'managementGroup', id }];
  try {
    return { scopes, expected: await listDescendants(connection, session, id) };
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return { scopes, expected: undefined, unlisted: error };
  }
}

/** Lists the subscriptions of a target again. Throws `AzureError`. */
export async function listMembers(
  connection: AzureConnection,
  session: Session,
  { scopes: [scope], expected }: SnapshotTarget,
): Promise<Members> {
  if (scope?.kind === 'tenant') return listSubscriptions(connection, session);
  if (scope?.kind !== 'managementGroup') return expected;
  const { expected: members, unlisted } = await targetGroup(connection, session, scope.id);
  if (unlisted !== undefined && !notOurs.has(unlisted.status)) throw unlisted;
  return members;
}

/** With these Azure says that a group does not exist, or that we may not read it; the rest is a failure. */
const notOurs: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/** Treats every scope of a target as refused where lists are needed and their members cannot be found. */
export async function snapshotTargetAgain(
  ...request: Parameters<typeof snapshotTarget>
): Promise<TargetSnapshot> {
  try {
    return await snapshotTarget(...request);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const [, , { target }] = request;
    return { target, seen: [], refused: target.scopes.map((scope) => ({ scope, error })) };
  }
}
