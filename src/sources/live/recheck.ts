import pMap from 'p-map';

import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { discover, type Discovery } from './discovery.ts';
import type { Outlook } from './outlook.ts';
import type { LiveQuery } from './query.ts';
import type { RowLedger } from './row-ledger.ts';
import { subscriptionLists } from './targets.ts';

/** How a subscription looks once it has been read a second time. */
export type SecondLook =
  | { readonly kind: 'seen'; readonly visible: boolean; readonly rows: number }
  | { readonly kind: 'failed'; readonly error: AzureError };

/** Subscriptions, by id in lower case, that are `truncated`, or have fewer rows than expected, or rows that are not whole. */
export function findShort(
  outlook: Outlook,
  ledger: RowLedger,
  truncated: ReadonlySet<string>,
): readonly string[] {
  const troubled = ledger.troubled();
  const expected = [...outlook.rows].filter(([id, rows]) => ledger.count(id) < rows).map(([id]) => id);
  return [...new Set([...expected, ...troubled, ...truncated])].filter((id) => id !== '');
}

/** Looks at subscriptions again: rows may have been deleted meanwhile, or the right to see them. */
export async function lookAgain(
  connection: AzureConnection,
  session: Session,
  { ids, query }: { readonly ids: readonly string[]; readonly query: LiveQuery },
): Promise<ReadonlyMap<string, SecondLook>> {
  const looks = await pMap(
    subscriptionLists(ids),
    async (scope) => {
      const discovery = await discoverStill(connection, session, { scope, query });
      const inside = scope.kind === 'subscriptions' ? scope.ids : [];
      return inside.map((id): readonly [string, SecondLook] => {
        if (discovery.kind === 'seen') {
          const { visible, counts } = discovery.sight;
          return [id, { kind: 'seen', visible: visible.has(id), rows: counts.get(id)?.rows ?? 0 }];
        }
        if (discovery.kind === 'refused' && discovery.error.status !== 403)
          return [id, { kind: 'failed', error: discovery.error }];
        return [id, { kind: 'seen', visible: false, rows: 0 }];
      });
    },
    { concurrency: 4, signal: session.signal },
  );
  return new Map(looks.flat());
}

/** A sign-in that is lost by now takes nothing from what has been read. */
async function discoverStill(...request: Parameters<typeof discover>): Promise<Discovery> {
  try {
    return await discover(...request);
  } catch (error) {
    if (error instanceof AzureError) return { kind: 'refused', error };
    throw error;
  }
}
