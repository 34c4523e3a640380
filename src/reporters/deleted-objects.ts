import type { DeletedObjectItem, DeletedObjectList } from '../model/deleted-report.ts';
import { isPurgeable } from '../model/recovery-level.ts';
import { asJson, type Format, type Terminal } from './format.ts';
import { columns } from './terminal/columns.ts';
import { advice, paragraph, styleFor, type TerminalStyle } from './terminal/style.ts';
import { terminalText } from './text/terminal.ts';
import { count } from './words/counts.ts';

/** The surroundings of a list that its formats may use. */
interface DeletedObjectsContext {
  readonly terminal: Terminal;
  /** The name of the vault. */
  readonly vault: string;
}

/** A format of the deleted objects of a vault. */
export type DeletedObjectsFormat = Format<DeletedObjectList, DeletedObjectsContext>;

/** The deleted objects of a vault for a person at a terminal: what can be lost first comes first. */
const deletedObjectsText: DeletedObjectsFormat = { extension: 'txt', render };

/** The formats of the deleted objects of a vault, in the order in which help lists them; the first is the default. */
export const deletedObjectsFormats = {
  text: deletedObjectsText,
  json: asJson,
} as const satisfies Readonly<Record<string, DeletedObjectsFormat>>;

function* render(list: DeletedObjectList, { terminal, vault }: DeletedObjectsContext): Iterable<string> {
  const style = styleFor(terminal);
  const { bold, dim, magenta } = style.colors;
  const { objects, unreadable } = list;
  if (objects.length > 0) {
    const heading = ['name', 'kind', 'deleted', 'purged in', 'state'].map((text) => dim(text));
    yield `${columns([heading, ...objects.map((item) => cells(item, style))])}\n`;
  }
  for (const { scope, reason, hint } of unreadable)
    yield advice({ label: `${magenta('?')} `, width: 2, text: `${scope}: not read. ${reason}`, hint }, style);
  yield paragraph({ label: '', width: 0, text: summaryWords(list, vault), paint: bold }, style);
}

function cells(
  { name, type, deletedDate, daysToPurge, recoveryLevel }: DeletedObjectItem,
  { colors: { red, yellow } }: TerminalStyle,
): readonly string[] {
  const days = daysToPurge === null ? 'unknown' : count(daysToPurge, 'day');
  const isSoon = daysToPurge !== null && daysToPurge < soonDays;
  return [
    terminalText(name),
    type,
    deletedDate.slice(0, 10),
    isSoon ? yellow(days) : days,
    isPurgeable({ recoveryLevel }) ? red('can be purged now') : 'purge protection',
  ];
}

const soonDays = 7;

/** With gaps it never sounds as if nothing were deleted. */
function summaryWords({ objects, complete }: DeletedObjectList, vault: string): string {
  const gap = complete ? '' : `INCOMPLETE: not everything in ${vault} could be listed. `;
  if (objects.length === 0) return complete ? `Nothing in ${vault} is deleted.` : gap.trim();
  const purgeable = objects.filter(isPurgeable).length;
  return `${gap}${objects.length} deleted in ${vault}, ${purgeable} of them can be purged now.`;
}
