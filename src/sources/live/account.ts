import type { Session } from '../../azure/session.ts';
import type { AzureError } from '../../model/errors.ts';
import type { Coverage, Unreadable } from '../../model/report.ts';
import type { SourceEvent } from '../../model/source.ts';
import { interruptedRead } from './gaps.ts';
import type { Outlook } from './outlook.ts';
import type { LiveQuery } from './query.ts';
import type { SecondLook } from './recheck.ts';
import { reconcile } from './reconciliation.ts';
import type { RowLedger } from './row-ledger.ts';

/** What a read has found out so far; the rest of it may never come. */
export interface ReadState {
  outlook: Outlook | undefined;
  secondLooks: ReadonlyMap<string, SecondLook>;
  denials: ReadonlyMap<string, string>;
  failure: AzureError | undefined;
  /** Subscriptions of which Azure keeps rows back, however many have come. */
  truncated: ReadonlySet<string>;
  finished: boolean;
}

/** What is left at the end of a read. */
export interface EndedRead {
  readonly ledger: RowLedger;
  readonly state: ReadState;
  readonly session: Session;
  readonly query: LiveQuery;
}

/** Ends a read, however it ended: gaps, and the coverage of every expected subscription. */
export function* account({ ledger, state, session, query }: EndedRead): Generator<SourceEvent> {
  const { outlook, finished } = state;
  const troubled = ledger.troubled();
  const rest = ledger.close();
  if (rest.resources.length > 0 && finished) yield { kind: 'resources', resources: rest.resources };
  const accounts =
    outlook === undefined
      ? []
      : reconcile({ ...state, outlook, query, ledger, troubled, interrupted: !finished });
  const gaps: readonly Unreadable[] = [
    ...accounts.flatMap(({ gap }) => gap ?? []),
    ...rest.unreadable,
    ...(finished ? [] : [interruptedRead]),
  ];
  for (const entry of gaps) yield { kind: 'unreadable', entry };
  const coverage: Coverage = {
    expectedFrom: outlook?.expectedFrom ?? 'visible',
    subscriptions: accounts.map(({ coverage }) => coverage),
    ...session.cost,
    waitMs: Math.round(session.cost.waitMs),
  };
  yield { kind: 'coverage', coverage };
}
