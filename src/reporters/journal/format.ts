import type { JournalEntry } from '../../model/journal.ts';
import type { Format, Terminal } from '../format.ts';

/** A journal as it was read. */
export interface JournalRecord {
  readonly entries: readonly JournalEntry[];
  /** True when the last line was cut off, as by a crash. */
  readonly torn: boolean;
}

/** A format of journals. */
export type JournalFormat = Format<JournalRecord, Terminal>;
