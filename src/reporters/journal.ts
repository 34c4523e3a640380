import type { JournalEntry } from '../model/journal.ts';
import type { WriteAction } from '../model/arm-ports.ts';
import type { Format, Terminal } from './format.ts';
import { type TerminalStyle, styleFor, paragraph } from './terminal/style.ts';

/** A journal as it was read. */
interface JournalRecord {
  readonly entries: readonly JournalEntry[];
  /** True when the last line was cut off, as by a crash. */
  readonly torn: boolean;
}

/** A format of journals. */
type JournalFormat = Format<JournalRecord, Terminal>;

/** A journal for an auditor: who changed which vault, when, and with what outcome. One paragraph for each entry. */
export const journalText: JournalFormat = { extension: 'txt', render };

/** The formats of a journal; the first is the default. */
export const journalFormats = { text: journalText } as const satisfies Readonly<
  Record<string, JournalFormat>
>;

function* render({ entries, torn }: JournalRecord, terminal: Terminal): Iterable<string> {
  const style = styleFor(terminal);
  for (const entry of entries) {
    for (const [index, text] of wordsOf(entry).entries())
      yield line(index === 0 ? entry : undefined, text, style);
  }
  if (torn) yield line(undefined, 'The last line was cut off, as by a crash, and is ignored.', style);
}

function line(entry: JournalEntry | undefined, text: string, style: TerminalStyle): string {
  const width = 31;
  const label = entry === undefined ? '' : `${String(entry.seq).padStart(4)}  ${safeTime(entry.at)}`;
  return paragraph({ label: style.colors.dim(label.padEnd(width)), width, text }, style);
}

function safeTime(at: string): string {
  return /^[\dTZ:.-]{1,24}$/.test(at) ? at : '(no time)';
}

const intentWords: Readonly<Record<WriteAction['kind'], string>> = {
  patch: 'Sending a change to',
  recover: 'Recovering from the recycle bin',
  purge: 'Purging for good',
  recoverObject: 'Recovering in its vault',
  purgeObject: 'Purging for good',
};

function wordsOf(entry: JournalEntry): readonly string[] {
  if (entry.kind === 'run') {
    const resumed = entry.afterTornLine ? ' The line before this one was cut off by a crash.' : '';
    const { tool, who, tenantId, planHash } = entry;
    return [
      `${tool.name} ${tool.version} run by ${who} in tenant ${tenantId}.${resumed}`,
      ...(planHash === undefined ? [] : [`Plan ${planHash}`]),
    ];
  }
  if (entry.kind === 'intent') {
    const { action = 'patch', vault, who, attempt, before, body } = entry;
    return [
      `${intentWords[action]} ${vault} (attempt ${attempt}, by ${who}).`,
      `Before: ${JSON.stringify(before.properties)}, state ${before.hash}`,
      ...(Object.keys(body).length === 0 ? [] : [`Body: ${JSON.stringify(body)}`]),
    ];
  }
  const { vault, outcome, cause, sent, requestId, after, rules } = entry;
  return [
    `${vault}: ${outcome}. ${cause}`,
    sent ? `Request ${requestId === '' ? 'without an id' : requestId}` : 'Nothing was sent.',
    ...(after === undefined ? [] : [`After: ${JSON.stringify(after.properties)}, state ${after.hash}`]),
    ...(rules.length === 0 ? [] : [rules.map(({ id, verdict }) => `${id} ${verdict}`).join(', ')]),
  ];
}
