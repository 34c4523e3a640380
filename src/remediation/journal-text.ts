import { tryParseJson } from '../documents/json/parse.ts';
import { UsageError } from '../model/errors.ts';
import type { JournalEntry } from '../model/journal.ts';
import { isJsonObject } from '../model/json.ts';
import { validateBy } from '../documents/schema/validate.ts';
import { sha256 } from './canonical-json.ts';
import { journalEntrySchema, sealOf } from './journal-line.ts';

/** A journal as read. */
export interface JournalText {
  readonly entries: readonly JournalEntry[];
  /** The last line, entry or not; the next entry is chained to it. */
  readonly lastLine?: Uint8Array;
  /** The file has text and does not end with a line break. */
  readonly unterminated: boolean;
  /** The last line is what a crash left, and is no entry. */
  readonly torn: boolean;
}

/**
 * Reads a journal. A last line that was cut off is what a crash leaves; it is ignored. Throws UsageError for any other
 * damage: a line that is not an entry, was changed, or is missing.
 */
export function readJournal(bytes: Uint8Array, name: string): JournalText {
  const lines = linesOf(bytes);
  const unterminated = bytes.length > 0 && bytes.at(-1) !== lineFeed;
  const entries: JournalEntry[] = [];
  let isSealed = false;
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    const entry = entryOf(line);
    if (entry === undefined) {
      const isTorn =
        last && beginsLikeEntry(line) && tryParseJson(line) === undefined && sealOf(line) === 'none';
      if (!isTorn && !isPassedOver(lines[index + 1])) throw damaged(name, index, 'is not a journal entry');
      continue;
    }
    isSealed ||= entry.kind === 'run' && entry.schemaVersion !== '1.0';
    const fault = sealFault(line, isSealed) ?? chainFault(entry, entries.at(-1), lines[index - 1]);
    if (fault !== undefined) throw damaged(name, index, fault);
    entries.push(entry);
  }
  const lastLine = lines.at(-1);
  return {
    entries,
    ...(lastLine === undefined ? {} : { lastLine }),
    unterminated,
    torn: lastLine !== undefined && entryOf(lastLine) === undefined,
  };
}

const lineFeed = 0x0a;
const mistakesIn = validateBy(journalEntrySchema);

function linesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return start < bytes.length ? [...lines, bytes.subarray(start)] : lines;
}

/** A torn line is skipped if the next line, by the run that found it, says so. */
function isPassedOver(next: Uint8Array | undefined): boolean {
  const entry = next === undefined ? undefined : entryOf(next);
  return entry?.kind === 'run' && entry.afterTornLine;
}

/** A line that a crash cut off begins as an entry does; anything else is another file, or was edited. */
function beginsLikeEntry(line: Uint8Array): boolean {
  const beginning = '{"seq":';
  return (
    line.length > 0 && beginning.startsWith(new TextDecoder().decode(line.subarray(0, beginning.length)))
  );
}

function entryOf(line: Uint8Array): JournalEntry | undefined {
  const value = tryParseJson(line);
  return value !== undefined && isEntry(value) ? value : undefined;
}

function isEntry(value: unknown): value is JournalEntry {
  return isJsonObject(value) && mistakesIn(value).length === 0;
}

/** Lines of version 1.0 have no hash of their own; a later one that has lost it was changed. */
function sealFault(line: Uint8Array, isSealed: boolean): string | undefined {
  const seal = sealOf(line);
  const isWhole = seal === 'whole' || (seal === 'none' && !isSealed);
  return isWhole ? undefined : 'was changed: its hash does not fit its content';
}

function chainFault(
  entry: JournalEntry,
  before: JournalEntry | undefined,
  lineBefore: Uint8Array | undefined,
): string | undefined {
  if (entry.seq !== (before?.seq ?? 0) + 1)
    return `has number ${entry.seq}: entries are missing or out of order`;
  const expected = lineBefore === undefined ? '' : sha256(lineBefore);
  if (entry.previous !== expected)
    return 'does not follow from the line before it: one of the two was changed';
  if (before === undefined && entry.kind !== 'run') return 'is not the beginning of a run';
  return undefined;
}

function damaged(name: string, index: number, fault: string): UsageError {
  return new UsageError(
    `${name}:${index + 1}:1  the journal is damaged: this line ${fault}.`,
    'Keep the file for the record, and go on with a new one (--journal): everything is read before anything is sent.',
  );
}
