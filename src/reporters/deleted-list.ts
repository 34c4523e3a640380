import type { DeletedItem, DeletedList, RecoveryStep } from '../model/deleted-report.ts';
import { type Format, type Terminal, asJson } from './format.ts';
import { resourceTypes } from '../resource-types/index.ts';
import { columns, isWithin } from './terminal/columns.ts';
import { advice, paragraph, styleFor, type TerminalStyle } from './terminal/style.ts';
import { terminalText } from './text/terminal.ts';
import { count } from './words/counts.ts';
import { notLookedAtWords } from './words/not-looked-at.ts';

/** The surroundings of a list that its formats may use. */
interface DeletedListContext {
  readonly terminal: Terminal;
  /** The display name of a subscription; its id where that is not known. */
  readonly nameOf: (subscriptionId: string) => string;
  /** The names of subscriptions that are disabled; their recycle bins were read like those of others. */
  readonly disabled: readonly string[];
}

/** A format of the contents of recycle bins. */
export type DeletedListFormat = Format<DeletedList, DeletedListContext>;

/** The contents of recycle bins for a person at a terminal: what can be lost first comes first. */
export const deletedListText: DeletedListFormat = { extension: 'txt', render };

/** The formats of the contents of recycle bins, in the order in which help lists them; the first is the default. */
export const deletedListFormats = {
  text: deletedListText,
  json: asJson,
} as const satisfies Readonly<Record<string, DeletedListFormat>>;

function* render(list: DeletedList, { terminal, nameOf, disabled }: DeletedListContext): Iterable<string> {
  const style = styleFor(terminal);
  const { bold, dim, magenta } = style.colors;
  const { deleted, unreadable, notLookedAt = [] } = list;
  if (deleted.length > 0) {
    const isWanted = deleted.some(({ wantedBy }) => wantedBy.length > 0);
    const heading = ['name', 'kind', 'subscription', 'deleted', 'purged in', 'state'];
    const rows = deleted.map((item) => cells(item, nameOf, style).concat(isWanted ? [claimWords(item)] : []));
    const head = [...heading, ...(isWanted ? ['wanted by'] : [])].map((text) => dim(text));
    const table = columns([head, ...rows]);
    yield `${isWithin(table, style.columns) ? table : rows.map((row) => stackedRow(row, style)).join('')}\n`;
  }
  for (const { scope, reason, hint } of unreadable) {
    const text = `${nameOf(scope)}: not read. ${reason}`;
    yield advice({ label: `${magenta('?')} `, width: 2, text, hint }, style);
  }
  if (disabled.length > 0) {
    const text = `Disabled, and asked like the others: ${disabled.join(', ')}.`;
    yield paragraph({ label: '', width: 0, text }, style);
  }
  for (const text of notLookedAtWords(notLookedAt)) yield paragraph({ label: '', width: 0, text }, style);
  yield paragraph({ label: '', width: 0, text: summaryWords(list), paint: bold }, style);
}

/** An entry in two lines, for a terminal that is too narrow for a table. */
function stackedRow(row: readonly string[], { colors: { bold, dim } }: TerminalStyle): string {
  const [name = '', kind = '', subscription = '', deleted = '', days = '', ...state] = row;
  return `${bold(name)}  ${dim(`${kind} · ${subscription}`)}\n  deleted ${deleted}, purged in ${days}: ${state.join(', ')}\n`;
}

function cells(
  { name, type, subscriptionId, deletionDate, daysToPurge, purgeable }: DeletedItem,
  nameOf: DeletedListContext['nameOf'],
  { colors: { red, yellow } }: TerminalStyle,
): readonly string[] {
  const days = daysToPurge === null ? 'unknown' : count(daysToPurge, 'day');
  const isSoon = daysToPurge !== null && daysToPurge < soonDays;
  return [
    terminalText(name),
    kindWords(type),
    terminalText(nameOf(subscriptionId)),
    terminalText(deletionDate.slice(0, 10)),
    isSoon ? yellow(days) : days,
    purgeable ? red('can be purged now') : 'purge protection',
  ];
}

const soonDays = 7;

/** Says what wants the name: a place in code, or a live resource, and how many more. */
function claimWords({ wantedBy: [first, ...others] }: DeletedItem): string {
  if (first === undefined) return '';
  const words = first.kind === 'resource' ? 'a live one' : `${first.file}:${first.line}`;
  return terminalText(others.length === 0 ? words : `${words} and ${others.length} more`);
}

function kindWords(type: string): string {
  const collection = type.split('/')[1] ?? '';
  return (
    resourceTypes.find(({ recycleBin }) => recycleBin?.collection === collection)?.words.one ?? collection
  );
}

/** With gaps it never sounds as if nothing were deleted. */
function summaryWords({ deleted, complete }: DeletedList): string {
  const gap = complete ? '' : 'INCOMPLETE: not every recycle bin could be read. ';
  if (deleted.length === 0) return complete ? 'The recycle bins are empty.' : gap.trim();
  const purgeable = deleted.filter((item) => item.purgeable).length;
  return `${gap}${deleted.length} deleted, ${purgeable} of them can be purged now.`;
}

/** Shows what a recovery of everything would do, to a person who is about to be asked. */
export function* recoveryPlanText(
  steps: readonly RecoveryStep[],
  { terminal, nameOf }: Pick<DeletedListContext, 'terminal' | 'nameOf'>,
): Iterable<string> {
  const style = styleFor(terminal);
  const { dim, yellow } = style.colors;
  const [possible, others] = [true, false].map((wanted) =>
    steps.filter(({ obstacle }) => (obstacle === undefined) === wanted),
  );
  if (possible !== undefined && possible.length > 0) {
    const heading = ['to recover', 'kind', 'subscription', 'resource group', 'deleted'].map((text) =>
      dim(text),
    );
    const rows = possible.map(({ vault, deletionDate }) =>
      [
        vault.name,
        resourceTypes.find(({ type }) => type === vault.type)?.words.one ?? vault.type,
        nameOf(vault.subscriptionId),
        vault.resourceGroup,
        deletionDate.slice(0, 10),
      ].map(terminalText),
    );
    yield `${columns([heading, ...rows])}\n`;
  }
  for (const { vault, obstacle } of others ?? []) {
    const text = `${vault.name} cannot be recovered: it ${obstacle ?? ''}`;
    yield paragraph({ label: `${yellow('!')} `, width: 2, text }, style);
  }
}
