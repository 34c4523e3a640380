import type { InFlight, JournalEntry, ResultEntry } from '../../model/journal.ts';
import type { VaultState } from '../../model/vault-state.ts';

/** The history of a write in a journal, from all runs so far. */
export interface StepHistory {
  /** A request was sent of which it is not known that it changed nothing: the state in Azure decides. */
  readonly mayHaveChanged: boolean;
  /** That request; the last of them, where there are several. */
  readonly inFlight?: InFlight;
  readonly attempts: number;
  readonly last?: ResultEntry;
  /** The time at which a request was last verified. */
  readonly verifiedAt?: string;
  /** The time at which each rule of the step was verified, by its id. */
  readonly verified: ReadonlyMap<string, string>;
  /** The state of the vault when a request of ours was last verified. */
  readonly ownState?: VaultState;
}

/** A write without a past. */
export const noHistory: StepHistory = { mayHaveChanged: false, attempts: 0, verified: new Map() };

/** Sums up the entries of a write. */
export function historyOf(entries: readonly JournalEntry[], step: string): StepHistory {
  const ofStep = entries.flatMap((entry) => (entry.kind === 'run' || entry.step !== step ? [] : [entry]));
  const attempts = ofStep.filter(({ kind }) => kind === 'intent').length;
  const last = ofStep.findLast((entry) => entry.kind === 'result');
  // A request that was not sent after its intent says so by `uncertain`, which tells of those before it.
  const request = ofStep.findLast(
    (entry) => entry.kind === 'intent' || entry.sent || entry.uncertain !== undefined,
  );
  const mayHaveChanged =
    request?.kind === 'intent' ||
    (request !== undefined && (request.uncertain ?? unsettledOutcomes.has(request.outcome)));
  const verified = ofStep.flatMap((entry) =>
    entry.kind === 'result' && entry.outcome === 'verified' ? [entry] : [],
  );
  const { after: ownState, at: verifiedAt } = verified.at(-1) ?? {};
  const intent = ofStep.findLast((entry) => entry.kind === 'intent');
  const inFlight =
    mayHaveChanged && intent !== undefined ? { before: intent.before, body: intent.body } : undefined;
  return {
    mayHaveChanged,
    attempts,
    ...(inFlight === undefined ? {} : { inFlight }),
    ...(last === undefined ? {} : { last }),
    ...(verifiedAt === undefined ? {} : { verifiedAt }),
    verified: new Map(verified.flatMap(({ rules, at }) => rules.map(({ id }) => [id, at]))),
    ...(ownState === undefined ? {} : { ownState }),
  };
}

/** A request was sent, and it is not known that nothing came of it, in journals that do not say so themselves. */
const unsettledOutcomes: ReadonlySet<string> = new Set(['failed', 'stillFailing', 'sentNotVerified']);
