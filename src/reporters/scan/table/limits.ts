import type { TerminalStyle } from '../../terminal/style.ts';
import type { ReportView } from '../format.ts';

/** No more groups than this are listed, and of each no more findings than fit into so many lines; the rest is counted. */
export interface ListingLimits {
  readonly groups: number;
  readonly lines: number;
}

/** The lines beside the table that are on the screen with it: the title, the exit code, the prompt. */
const linesBeside = 5;

/** The longest of ever shorter listings that fits on the screen; the shortest where none does. */
export function longestThatFits(
  rows: number,
  most: ListingLimits,
  body: (limits: ListingLimits) => Iterable<string>,
): readonly string[] {
  let listing = [...body(most)];
  for (const lines of [20, 14, 9, 5, 2]) {
    if (lineCount(listing) <= rows - linesBeside) break;
    listing = [...body({ groups: Math.min(most.groups, Math.ceil(lines / 2)), lines })];
  }
  return listing;
}

function lineCount(pieces: readonly string[]): number {
  return pieces.reduce((sum, piece) => sum + piece.split('\n').length - 1, 0);
}

/**
 * At most a screen or two on a terminal; more where a grouping or a number of groups was asked for, which no screen shortens;
 * everything elsewhere, and where it was asked for.
 */
export function limitsFor(
  { detail, groupBy, maxGroups }: ReportView,
  { columns }: TerminalStyle,
): ListingLimits & { readonly isWhole: boolean } {
  const whole = Number.POSITIVE_INFINITY;
  if (detail === 'full' || !Number.isFinite(columns))
    return { groups: maxGroups ?? whole, lines: whole, isWhole: true };
  const lines = groupBy === undefined ? (columns < 80 ? 28 : 36) : 110;
  return { groups: maxGroups ?? 10, lines, isWhole: groupBy !== undefined || maxGroups !== undefined };
}
