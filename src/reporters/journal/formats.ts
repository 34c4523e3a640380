import type { JournalFormat } from './format.ts';
import { journalText } from './text.ts';

/** The formats of a journal; the first is the default. */
export const journalFormats = { text: journalText } as const satisfies Readonly<
  Record<string, JournalFormat>
>;
