import type { Sequence } from '../../azure/graph-sequence.ts';
import type { AzureError } from '../../model/errors.ts';
import type { SourceEvent } from '../../model/source.ts';
import { byScope, type Scoped } from './by-scope.ts';
import type { Read } from './read.ts';
import { readAll } from './page-stream.ts';

/** Which sequences of a pass were not read to their ends, by the subscriptions that they may hold rows of. */
export interface PagesResult {
  /** Why a sequence failed. */
  readonly failureOf: (subscriptionId: string) => AzureError | undefined;
  /** Azure keeps rows of it back. */
  readonly isTruncated: (subscriptionId: string) => boolean;
  /** Why sequences failed, all of them. */
  readonly failures: readonly AzureError[];
}

/** Reads sequences to their ends and tells of every resource that had not come before. */
export async function* readPages(
  { connection, session, ledger, report }: Read,
  sequences: readonly Sequence[],
): AsyncGenerator<SourceEvent, PagesResult> {
  const failed: Scoped<AzureError>[] = [];
  const truncated: Scoped<true>[] = [];
  for await (const reading of readAll(connection, session, sequences)) {
    if (reading.kind === 'failed') failed.push({ scope: reading.scope, value: reading.error });
    else if (reading.kind === 'truncated') truncated.push({ scope: reading.scope, value: true });
    else {
      session.cost.pages += 1;
      const resources = ledger.enter(reading.rows);
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
