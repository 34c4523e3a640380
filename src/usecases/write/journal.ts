import { UsageError } from '../../model/errors.ts';
import type { Chained, IntentEntry, JournalStore, ResultEntry, RunEntry } from '../../model/journal.ts';
import type { Clock } from '../../model/clock.ts';
import type { Identity } from '../../model/identity.ts';
import { sha256 } from '../../remediation/canonical-json.ts';
import { readAs } from '../read-as.ts';
import { sealLine } from '../../remediation/journal-line.ts';
import { type JournalText, readJournal } from '../../remediation/journal-text.ts';
import { historyOf, type StepHistory } from './step-history.ts';

/** An entry without what chains it to the one before. */
export type NewEntry =
  | Omit<RunEntry, keyof Chained>
  | Omit<IntentEntry, keyof Chained>
  | Omit<ResultEntry, keyof Chained>;

/** An open journal. */
export interface Journal {
  readonly historyOf: (step: string) => StepHistory;
  /** Returns when the entry is on the disk; entries follow one another in the order of the calls. */
  readonly append: (entry: NewEntry) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Inputs of opening a journal. */
export interface JournalRequest {
  readonly store: JournalStore;
  /** The plan that is applied; `undefined` where there is none. */
  readonly planHash: string | undefined;
  readonly identity: Identity;
  readonly clock: Clock;
}

/**
 * Opens a journal: a new one, or that of earlier runs of the same plan. Throws UsageError when it cannot be written,
 * is damaged anywhere but in a torn last line, or belongs to another plan.
 */
export async function openJournal(request: JournalRequest): Promise<Journal> {
  const { store, planHash } = request;
  const text = await readOwn(store, planHash);
  return {
    historyOf: (step) => historyOf(text.entries, step),
    append: appender(request, text),
    close: () => store.close(),
  };
}

/** The history of each step in a journal, read without changing it. Throws UsageError as `openJournal` does. */
export async function readHistory(
  store: JournalStore,
  planHash: string | undefined,
): Promise<Journal['historyOf']> {
  const entries = await readEntries(store, planHash);
  return (step) => historyOf(entries, step);
}

/** The entries of a journal, read without changing it. Throws UsageError as `openJournal` does. */
export async function readEntries(
  store: JournalStore,
  planHash: string | undefined,
): Promise<JournalText['entries']> {
  return (await ownText(await store.read(), store, planHash)).entries;
}

/** The first entry of a run. */
export function runEntry({ tool, tenantId, planHash }: RunFacts): NewEntry {
  return {
    kind: 'run',
    schemaVersion: '1.1',
    tool,
    ...(planHash === undefined ? {} : { planHash }),
    tenantId,
    afterTornLine: false,
  };
}

/** The facts about a run that its first entry states. */
export type RunFacts = Pick<RunEntry, 'tool' | 'tenantId'> & Pick<JournalRequest, 'planHash'>;

async function readOwn(store: JournalStore, planHash: string | undefined): Promise<JournalText> {
  const bytes = await store.open();
  try {
    return await ownText(bytes, store, planHash);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function ownText(
  content: Uint8Array,
  { name }: JournalStore,
  planHash: string | undefined,
): Promise<JournalText> {
  const text = await readAs('journal', { file: name, bytes: content }, ({ bytes }) =>
    readJournal(bytes, name),
  );
  if (text.entries.every((entry) => entry.kind !== 'run' || entry.planHash === planHash)) return text;
  throw planHash === undefined
    ? new UsageError(
        `The journal ${name} belongs to a plan.`,
        'Name another file with --journal: what is recovered or purged has a journal of its own.',
      )
    : new UsageError(
        `The journal ${name} belongs to another plan.`,
        'Name another file with --journal, or apply the plan that it belongs to.',
      );
}

/** Chains entries one after the other; once one could not be written, none after it is. */
function appender(
  { store, identity, clock }: JournalRequest,
  { entries, lastLine, unterminated, torn }: JournalText,
): Journal['append'] {
  let seq = entries.at(-1)?.seq ?? 0;
  let previous = lastLine === undefined ? '' : sha256(lastLine);
  let lead = unterminated ? '\n' : '';
  let afterTornLine = torn;
  let queue = Promise.resolve();
  return (entry) => {
    const write = async (): Promise<void> => {
      const chain = { seq: seq + 1, previous, at: clock.now().toISOString(), who: identity.objectId };
      const told = entry.kind === 'run' ? { ...entry, afterTornLine } : entry;
      const line = sealLine(JSON.stringify({ ...chain, ...told }));
      await store.append(`${lead}${line}\n`);
      seq += 1;
      previous = sha256(line);
      lead = '';
      afterTornLine = false;
    };
    queue = queue.then(write);
    return queue;
  };
}
