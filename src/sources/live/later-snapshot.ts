import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { byScope } from './by-scope.ts';
import { discover, type Discovery } from './scope-snapshot.ts';
import { look, type Look } from './target-snapshot.ts';
import type { LiveQuery } from './query.ts';
import { idsIn, uniteSights, type Sight } from './snapshot.ts';
import { listMembers, type Members, type Target } from './targets.ts';

/** A target that has been looked at before, and the subscriptions that it held then, by id in lower case. */
export interface Place {
  readonly target: Target;
  readonly held: ReadonlySet<string>;
}

/** What shows of places by now. Subscriptions are by id in lower case. */
export interface SecondLook extends Sight {
  /** Every subscription that they hold by now, as far as it could be told. */
  readonly found: ReadonlySet<string>;
  /** Why a subscription that does not show may be there all the same: its place could not be looked at. */
  readonly failureOf: (subscriptionId: string) => AzureError | undefined;
}

/** Where a look was taken. */
export function placeOf({ target, seen }: Look): Place {
  const shown = seen.flatMap(({ sight }) => [...idsIn(sight)]);
  return { target, held: new Set([...shown, ...lowerIds(target.expected)]) };
}

/** Looks at places again. What is refused for lack of rights shows nothing; a sign-in that is lost by now is a failure. */
export async function lookAgain(
  connection: AzureConnection,
  session: Session,
  { places, query }: { readonly places: readonly Place[]; readonly query: LiveQuery },
): Promise<SecondLook> {
  const looks: Look[] = [];
  const listed = new Set<string>();
  for (const { target } of places) {
    const members = async (): Promise<Members> => {
      const found = await listMembers(connection, session, target);
      for (const id of lowerIds(found)) listed.add(id);
      return found;
    };
    looks.push(await lookStill(connection, session, { target, query, ask: discoverStill, members }));
  }
  const sight = uniteSights(looks.flatMap(({ seen }) => seen.map((one) => one.sight)));
  const failures = looks.map(({ refused }, index) => ({
    held: places[index]?.held,
    failureOf: byScope(
      refused.flatMap(({ scope, error }) => (error.status === 403 ? [] : [{ scope, value: error }])),
    ),
  }));
  return {
    ...sight,
    found: new Set([...idsIn(sight), ...listed]),
    failureOf(id) {
      if (sight.visible.has(id) || sight.counts.has(id)) return undefined;
      return failures.find(({ held, failureOf }) => held?.has(id) === true && failureOf(id))?.failureOf(id);
    },
  };
}

/** Where lists are needed and what they should hold cannot be told, nothing of the target can be relied on. */
async function lookStill(...request: Parameters<typeof look>): Promise<Look> {
  try {
    return await look(...request);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const [, , { target }] = request;
    return { target, seen: [], refused: target.scopes.map((scope) => ({ scope, error })) };
  }
}

/** What has been read stays read, whatever becomes of the sign-in. */
async function discoverStill(...request: Parameters<typeof discover>): Promise<Discovery> {
  try {
    return await discover(...request);
  } catch (error) {
    if (error instanceof AzureError) return { kind: 'refused', error };
    throw error;
  }
}

function lowerIds(members: Members): readonly string[] {
  return (members ?? []).map(({ id }) => id.toLowerCase());
}
