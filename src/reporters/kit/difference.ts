import { type KitChange, type KitDifference, type KitGap, kitPartWords } from '../../model/kit.ts';
import { asJson, type Format, type Terminal } from '../format.ts';
import { paragraph, styleFor, type TerminalStyle } from '../terminal/style.ts';
import { count } from '../words/counts.ts';

/** A format of the difference between a kit and its vaults today. */
export type KitDifferenceFormat = Format<KitDifference, Terminal>;

/** For a person at a terminal. */
const text: KitDifferenceFormat = {
  extension: 'txt',
  *render(difference, terminal) {
    const style = styleFor(terminal);
    for (const id of difference.gone) yield line(style.colors.red('-'), `The vault is gone: ${id}`, style);
    for (const change of difference.changes) yield changeLine(change, style);
    for (const gap of difference.unreadable) yield line(style.colors.magenta('?'), gapWords(gap), style);
    yield paragraph({ label: '', width: 0, text: summaryWords(difference), paint: style.colors.bold }, style);
  },
};

/** The formats of the difference, in the order in which help lists them; the first is the default. */
export const kitDifferenceFormats = { text, json: asJson } as const satisfies Readonly<
  Record<string, KitDifferenceFormat>
>;

const marks = { added: '+', removed: '-', changed: '~' } as const;

function changeLine({ change, part, item, vaultId }: KitChange, style: TerminalStyle): string {
  const words = `${kitPartWords[part]}: ${item.name} ${change} (on ${vaultId})`;
  return line(style.colors.yellow(marks[change]), words, style);
}

function gapWords({ vaultId, part, side, reason, hint }: KitGap): string {
  const where = side === 'kit' ? 'not in the kit' : 'not read';
  return `${kitPartWords[part]} of ${vaultId}: ${where}. ${reason} ${hint}`;
}

function line(mark: string, text: string, style: TerminalStyle): string {
  return paragraph({ label: `${mark} `, width: 2, text }, style);
}

/** With gaps it never sounds as if nothing had changed. */
function summaryWords({ gone, changes, complete }: KitDifference): string {
  const gap = complete ? '' : 'INCOMPLETE: not everything could be compared. ';
  const found = gone.length + changes.length;
  const advice =
    gone.length > 0 ? 'purgeproof kit restore says what to do' : 'write the kit again if they are meant';
  if (found > 0) return `${gap}${count(found, 'difference')}: ${advice}.`;
  return complete ? 'The kit is up to date.' : gap.trim();
}
