import type { AzureConnection } from '../../azure/connection.ts';
import { readSequence, type Sequence } from '../../azure/graph-sequence.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import { merge } from './merge.ts';

/** A page of rows, or why a sequence could not be read to its end: it failed, or Azure keeps rows of it back. */
export type PageOrFailure =
  | { readonly kind: 'page'; readonly rows: readonly Json[] }
  | { readonly kind: 'failed'; readonly scope: GraphScope; readonly error: AzureError }
  | { readonly kind: 'truncated'; readonly scope: GraphScope };

/** Sequences in flight: with a second a page it takes three to use up the quota; each holds a page or two in memory. */
const sequencesAtOnce = 4;

/** Reads sequences side by side. One that fails is told of and does not stop the others; an abort ends all quietly. */
export function readAll(
  connection: AzureConnection,
  session: Session,
  sequences: readonly Sequence[],
): AsyncGenerator<PageOrFailure> {
  return merge(
    sequences.map((sequence) => readSequencePages(connection, session, sequence)),
    sequencesAtOnce,
  );
}

async function* readSequencePages(
  connection: AzureConnection,
  session: Session,
  sequence: Sequence,
): AsyncGenerator<PageOrFailure> {
  try {
    let isTruncated = false;
    for await (const { rows, truncated } of readSequence(connection, session, sequence)) {
      if (session.signal.aborted) return;
      isTruncated = truncated;
      yield { kind: 'page', rows };
    }
    if (isTruncated) yield { kind: 'truncated', scope: sequence.scope };
  } catch (error) {
    if (session.signal.aborted) return;
    if (!(error instanceof AzureError)) throw error;
    yield { kind: 'failed', scope: sequence.scope, error };
  }
}
