import stringWidth from 'fast-string-width';
import type { Unreadable } from '../model/coverage.ts';
import { groupsBy } from '../model/groups-by.ts';
import type { VaultAccessEntry, WhoCanReport } from '../model/who-can-report.ts';
import type { Format, Terminal } from './format.ts';
import { streamJson } from './json-stream.ts';
import { columns, isWithin } from './terminal/columns.ts';
import { advice, paragraph, styleFor, type TerminalStyle } from './terminal/style.ts';
import { markdownCode, markdownText } from './text/markdown.ts';
import { terminalText } from './text/terminal.ts';
import { countKinds } from './words/scope.ts';
import {
  accessWords,
  cellsIn,
  isBoth,
  nobodyCan,
  protectionWords,
  totalCells,
  totalsOf,
  whoCanNotes,
  whoCanSummary,
} from './words/who-can.ts';

/** The surroundings of the answer that its formats may use. */
interface WhoCanContext {
  readonly terminal: Terminal;
  /** The display name of a subscription; its id where that is not known. */
  readonly nameOf: (subscriptionId: string) => string;
}

/** A format of the answer to who can destroy which vaults. */
export type WhoCanFormat = Format<WhoCanReport, WhoCanContext>;

/** The formats of the answer, in the order in which help lists them; the first is the default. */
export const whoCanFormats = {
  table: { extension: 'txt', render: renderTable },
  json: { extension: 'json', render: renderJson },
  markdown: { extension: 'md', render: renderMarkdown },
} as const satisfies Readonly<Record<string, WhoCanFormat>>;

const accessHeading = ['principal', 'type', 'delete', 'purge it', 'purge objects', 'both', 'by'];
const totalsHeading = ['principal', 'type', 'can delete', 'can purge', 'both'];

const titles = {
  delete: 'delete vaults and managed HSMs',
  purge: 'purge vaults and managed HSMs, or what is in them',
};

const mayBeMore = 'Somebody may be missing: not every right on it could be read.';

/** Vaults come one by one: together they may be too long for one text. */
function* renderJson(report: WhoCanReport): Iterable<string> {
  yield* streamJson({ ...report, vaults: report.vaults.values() });
  yield '\n';
}

function* renderTable(report: WhoCanReport, { terminal, nameOf }: WhoCanContext): Iterable<string> {
  const style = styleFor(terminal);
  const { bold, dim, magenta, red } = style.colors;
  const row = ([first = '', ...rest]: readonly string[], isWorst: boolean): readonly string[] => {
    const name = terminalText(first);
    return [`  ${isWorst ? red(name) : name}`, ...rest.map(terminalText)];
  };
  const head = (titles: readonly string[]): readonly string[] => row(titles, false).map((text) => dim(text));
  const isGrouped = Number.isFinite(terminal.width) && report.vaults.length > 1;
  for (const vault of report.vaults) {
    if (isGrouped && isOutOfReach(vault)) continue;
    const label = `${bold(terminalText(vault.name))}  `;
    const width = stringWidth(label);
    yield paragraph({ label, width, text: accessWords(vault, nameOf), paint: dim }, style);
    const cells = cellsIn(vault, nameOf);
    const rows = vault.principals.map((one) => row(cells(one), isBoth(one)));
    const table = rows.length > 0 ? columns([head(accessHeading), ...rows]) : '';
    if (isWithin(table, style.columns)) yield table;
    else for (const one of vault.principals) yield stackedRow(cells(one), isBoth(one), style);
    if (!vault.complete) yield paragraph({ label: `  ${magenta('?')} `, width: 4, text: mayBeMore }, style);
    else if (rows.length === 0) yield `  ${nobodyCan(report, vault)}\n`;
    yield '\n';
  }
  if (isGrouped) yield* outOfReach(report, nameOf, style);
  const totals = totalsOf(report);
  const table = columns([head(totalsHeading), ...totals.map((one) => row(totalCells(one), one.both > 0))]);
  if (report.vaults.length > 1 && totals.length > 0) {
    if (isWithin(table, style.columns)) yield table;
    else for (const one of totals) yield stackedTotal(totalCells(one), one.both > 0, style);
    yield '\n';
  }
  for (const entry of report.unreadable)
    yield advice(
      { label: `${magenta('?')} `, width: 2, text: gapWords(entry, nameOf), hint: entry.hint },
      style,
    );
  for (const note of whoCanNotes(report)) yield paragraph({ label: '', width: 0, text: note }, style);
  yield paragraph({ label: '', width: 0, text: whoCanSummary(report, totals), paint: bold }, style);
}

/** A principal on a line, and below it what it can do and by what: for a terminal that is too narrow for a table. */
function stackedRow(cells: readonly string[], isWorst: boolean, style: TerminalStyle): string {
  const { dim, red } = style.colors;
  const [id = '', type = '', ...rest] = cells;
  const by = rest.at(-1) ?? '';
  const can = accessHeading.slice(2, -1).flatMap((title, index) => {
    const cell = rest[index] ?? '';
    if (cell === '-' || cell === '') return [];
    return [cell === 'yes' || cell === 'BOTH' ? title : `${title} (${cell})`];
  });
  const name = isWorst ? red(terminalText(id)) : terminalText(id);
  const text = `${can.join(', ')}, by ${by}`;
  return `  ${name}  ${dim(terminalText(type))}\n${paragraph({ label: '    ', width: 4, text }, style)}`;
}

function stackedTotal(cells: readonly string[], isWorst: boolean, style: TerminalStyle): string {
  const [id = '', type = '', ...amounts] = cells.map(terminalText);
  const text = amounts.map((amount, index) => `${totalsHeading[index + 2] ?? ''} ${amount}`).join(', ');
  const name = isWorst ? style.colors.red(id) : id;
  return `  ${name}  ${style.colors.dim(type)}\n    ${text}\n`;
}

/** True where everything is known, and nobody can. */
function isOutOfReach({ complete, principals }: VaultAccessEntry): boolean {
  return complete && principals.length === 0;
}

/** Those that nobody can do it to, by what protects them, and named by subscription. */
function* outOfReach(
  report: WhoCanReport,
  nameOf: WhoCanContext['nameOf'],
  style: TerminalStyle,
): Iterable<string> {
  const { bold, dim } = style.colors;
  const same = (vault: VaultAccessEntry): string =>
    JSON.stringify([nobodyCan(report, vault, 'them'), vault.purgeProtection]);
  for (const group of groupsBy(report.vaults.filter(isOutOfReach), same)) {
    const [first] = group;
    const label = `${bold(countKinds(group.map(({ type }) => type)))}  `;
    yield paragraph({ label, width: stringWidth(label), text: protectionWords(first), paint: dim }, style);
    yield paragraph(
      { label: '  ', width: 2, text: nobodyCan(report, first, group.length === 1 ? 'it' : 'them') },
      style,
    );
    for (const inside of groupsBy(group, ({ subscriptionId }) => subscriptionId.toLowerCase())) {
      const label = `${terminalText(nameOf(inside[0].subscriptionId))}: `;
      const text = inside.map(({ name }) => name).join(', ');
      yield paragraph({ label: `  ${dim(label)}`, width: 2 + stringWidth(label), text }, style);
    }
    yield '\n';
  }
}

function* renderMarkdown(report: WhoCanReport, { nameOf }: WhoCanContext): Iterable<string> {
  const totals = totalsOf(report);
  yield `## Who can ${titles[report.action]}\n\n${markdownText(whoCanSummary(report, totals))}\n`;
  if (report.vaults.length > 1) yield* markdownTable('By principal', totalsHeading, totals.map(totalCells));
  for (const vault of report.vaults) {
    yield `\n### ${markdownCode(vault.name)}\n\n${markdownText(accessWords(vault, nameOf))}\n`;
    if (!vault.complete) yield `\n${markdownText(mayBeMore)}\n`;
    else if (vault.principals.length === 0) yield `\n${nobodyCan(report, vault)}\n`;
    yield* markdownTable(undefined, accessHeading, vault.principals.map(cellsIn(vault, nameOf)));
  }
  const others = [
    ...report.unreadable.map((entry) => `${gapWords(entry, nameOf)} ${entry.hint}`),
    ...whoCanNotes(report),
  ];
  if (others.length > 0) yield `\n### What is not known\n\n`;
  for (const words of others) yield `- ${markdownText(words)}\n`;
}

function* markdownTable(
  title: string | undefined,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Iterable<string> {
  if (rows.length === 0) return;
  if (title !== undefined) yield `\n### ${title}\n`;
  yield `\n| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}\n`;
  for (const [id = '', ...cells] of rows)
    yield `| ${[markdownCode(id), ...cells.map(markdownText)].join(' | ')} |\n`;
}

function gapWords({ scope, reason }: Unreadable, nameOf: WhoCanContext['nameOf']): string {
  const id = /^\/subscriptions\/([^/]+)$/u.exec(scope)?.[1];
  return `${id === undefined ? scope : nameOf(id)}: ${reason}`;
}
