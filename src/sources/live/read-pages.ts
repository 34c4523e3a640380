import { setImmediate as turn } from 'node:timers/promises';

import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope, Sequence } from '../../azure/graph-query.ts';
import { readSequence, type StartedSequence } from '../../azure/graph-sequence.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import type { SourceEvent } from '../../model/source.ts';
import type { PagesResult, Reader } from './progress.ts';
import { byScope, type Scoped } from './snapshot.ts';

/** Reads sequences to their ends and yields every resource that is new. */
export async function* readPages(
  { connection, session, received, firstPage, report }: Reader,
  sequences: readonly Sequence[],
): AsyncGenerator<SourceEvent, PagesResult> {
  const failed: Scoped<AzureError>[] = [];
  const truncated: Scoped<true>[] = [];
  const started = sequences.map((sequence) => firstPage.begin(sequence));
  firstPage.drop();
  for await (const reading of readAll(connection, session, started)) {
    if (reading.kind === 'failed') failed.push({ scope: reading.scope, value: reading.error });
    else if (reading.kind === 'truncated') truncated.push({ scope: reading.scope, value: true });
    else {
      session.cost.pages += 1;
      // The request for the page after this one is sent first.
      await turn();
      const resources = received.enter(reading.rows);
      report(0);
      if (resources.length > 0) yield { kind: 'resources', resources };
    }
  }
  const keepsBack = byScope(truncated);
  return {
    failureOf: byScope(failed),
    isTruncated: (id) => keepsBack(id) === true,
    failures: failed.map(({ value }) => value),
  };
}

/** A page of rows, or why a sequence could not be read to its end: it failed, or Azure withholds rows of it. */
type PageOrFailure =
  | { readonly kind: 'page'; readonly rows: readonly Json[] }
  | { readonly kind: 'failed'; readonly scope: GraphScope; readonly error: AzureError }
  | { readonly kind: 'truncated'; readonly scope: GraphScope };

/** Sequences in flight: with a second a page it takes three to use up the quota; each holds a page or two in memory. */
const sequencesAtOnce = 4;

/** Reads sequences concurrently. One that fails is reported and does not stop the others; an abort ends all quietly. */
function readAll(
  connection: AzureConnection,
  session: Session,
  sequences: readonly StartedSequence[],
): AsyncGenerator<PageOrFailure> {
  return merge(
    sequences.map((sequence) => readSequencePages(connection, session, sequence)),
    sequencesAtOnce,
  );
}

async function* readSequencePages(
  connection: AzureConnection,
  session: Session,
  sequence: StartedSequence,
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

/**
 * Reads several streams concurrently and yields the first item to arrive. At most `width` streams are open and each is at most one
 * item ahead, so memory does not grow when the reader is slow.
 */
export async function* merge<T>(streams: Iterable<AsyncIterable<T>>, width: number): AsyncGenerator<T> {
  const waiting = streams[Symbol.iterator]();
  const open = new Map<AsyncIterator<T>, Promise<Arrival<T>>>();
  const openNext = (): void => {
    const next = waiting.next();
    if (next.done === true) return;
    const stream = next.value[Symbol.asyncIterator]();
    open.set(stream, advance(stream));
  };
  try {
    for (let index = 0; index < width; index += 1) openNext();
    while (open.size > 0) {
      const { stream, result } = await Promise.race(open.values());
      if (result.done === true) {
        open.delete(stream);
        openNext();
      } else {
        open.set(stream, advance(stream));
        yield result.value;
      }
    }
  } finally {
    for (const arrival of open.values()) arrival.catch(() => undefined);
    await Promise.allSettled([...open.keys()].map(async (stream) => stream.return?.()));
  }
}

interface Arrival<T> {
  readonly stream: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}

async function advance<T>(stream: AsyncIterator<T>): Promise<Arrival<T>> {
  return { stream, result: await stream.next() };
}
