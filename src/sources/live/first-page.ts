import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';

import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope, Sequence } from '../../azure/graph-query.ts';
import type { StartedSequence } from '../../azure/graph-sequence.ts';
import { type GraphPage, queryPage } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { type LiveQuery, readRowsOperation, rowsQuery } from './query.ts';

/**
 * The first page of a read, asked for together with the first count: most scopes hold something to read. What it shows is
 * compared with the last snapshot, as every page is, so it does not matter which of the two Azure answers first.
 */
export interface FirstPage {
  /** Asks for it when called for the first time. A plainer query, or a list of a large scope, waits for its count. */
  ask(scope: GraphScope, query: LiveQuery): void;
  /** The sequence, which begins with the page where that is its first. */
  begin(sequence: Sequence): StartedSequence;
  /** Ends the request if no sequence has begun with its page. */
  drop(): void;
}

/** The first page of a read that has just begun. */
export function firstPageOf(connection: AzureConnection, session: Session): FirstPage {
  const controller = new AbortController();
  let asked: { readonly scope: GraphScope; readonly query: string } | undefined;
  let page: Promise<GraphPage> | undefined;
  return {
    ask(scope, query) {
      if (asked !== undefined) return;
      const request = { operation: readRowsOperation, scope, query: rowsQuery(query) };
      asked = request;
      const signal = AbortSignal.any([session.signal, controller.signal]);
      setMaxListeners(0, signal);
      // The count is sent first: everything else waits for it.
      page = turn().then(() => queryPage(connection, { ...session, signal }, request));
      // Where a sequence begins with it, its failure is that of the sequence.
      page.catch(() => undefined);
    },
    begin(sequence) {
      const { query, skip = 0 } = sequence;
      if (page === undefined || asked?.query !== query || skip > 0) return sequence;
      if (!holds(asked.scope, sequence.scope)) return sequence;
      // A token leads on in the scope in which it was given.
      const started = { ...sequence, scope: asked.scope, firstPage: page };
      page = undefined;
      return started;
    },
    drop() {
      if (page !== undefined) controller.abort();
      page = undefined;
    },
  };
}

/** True where nothing that is counted in one scope is outside of the other. */
function holds(scope: GraphScope, inner: GraphScope): boolean {
  if (scope.kind === 'managementGroup') return inner.kind === scope.kind && inner.id === scope.id;
  if (scope.kind === 'tenant' || inner.kind !== scope.kind) return inner.kind === scope.kind;
  const ids = new Set(scope.ids);
  return inner.ids.every((id) => ids.has(id));
}
