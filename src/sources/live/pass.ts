import type { Sequence } from '../../azure/graph-sequence.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { SourceEvent } from '../../model/source.ts';
import type { Read } from './read.ts';
import { readAll } from './reading.ts';
import { refusesQuery } from './refused-filter.ts';

/** Scopes of sequences that were not read to their ends: they failed, or Azure keeps rows of them back. */
export type Unfinished = Readonly<Record<'failed' | 'truncated', GraphScope[]>>;

/** Reads sequences to their ends and tells of every resource that had not come before. */
export async function* readPass(
  { connection, session, ledger, state, report }: Read,
  sequences: readonly Sequence[],
): AsyncGenerator<SourceEvent, Unfinished> {
  const unfinished: Unfinished = { failed: [], truncated: [] };
  state.failure = undefined;
  for await (const reading of readAll(connection, session, sequences)) {
    if (reading.kind === 'failed') {
      // The last one is told of, but for one that asking for every row may avoid.
      const { failure } = state;
      if (failure === undefined || !refusesQuery(failure)) state.failure = reading.error;
    }
    if (reading.kind !== 'page') {
      unfinished[reading.kind].push(reading.scope);
      continue;
    }
    session.cost.pages += 1;
    const resources = ledger.enter(reading.rows);
    report(0);
    if (resources.length > 0) yield { kind: 'resources', resources };
  }
  return unfinished;
}
