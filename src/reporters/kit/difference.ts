import { type KitChange, type KitDifference, type KitGap, kitPartWords } from '../../model/kit.ts';
import { asJson, type Format, type Terminal } from '../format.ts';
import { advice, paragraph, styleFor, type TerminalStyle } from '../terminal/style.ts';
import { count } from '../words/counts.ts';

/** A format of the difference between a kit and its vaults today. */
export type KitDifferenceFormat = Format<KitDifference, Terminal>;

/** For a person at a terminal. */
const text: KitDifferenceFormat = {
  extension: 'txt',
  *render(difference, terminal) {
    const style = styleFor(terminal);
    for (const id of difference.gone) yield line(style.colors.red('-'), `Gone: ${id}`, style);
    for (const change of difference.changes) yield changeLine(change, style);
    for (const gap of difference.unreadable)
      yield advice(
        { label: `${style.colors.magenta('?')} `, width: 2, text: gapWords(gap), hint: gap.hint },
        style,
      );
    yield paragraph({ label: '', width: 0, text: summaryWords(difference), paint: style.colors.bold }, style);
    if (difference.gone.length > 0) yield advice({ label: '', width: 0, text: '', hint: toPutBack }, style);
  },
};

const toPutBack = 'To put back what is gone: `purgeproof kit restore <folder>`';

/** The formats of the difference, in the order in which help lists them; the first is the default. */
export const kitDifferenceFormats = { text, json: asJson } as const satisfies Readonly<
  Record<string, KitDifferenceFormat>
>;

const marks = { added: '+', removed: '-', changed: '~' } as const;

function changeLine({ change, part, item, vaultId }: KitChange, style: TerminalStyle): string {
  const words = `${kitPartWords[part]}: ${item.name} ${change} (on ${vaultId})`;
  return line(style.colors.yellow(marks[change]), words, style);
}

function gapWords({ vaultId, part, side, reason }: KitGap): string {
  const where = side === 'kit' ? 'not in the kit' : 'not read';
  return `${kitPartWords[part]} of ${vaultId}: ${where}. ${reason}`;
}

function line(mark: string, text: string, style: TerminalStyle): string {
  return paragraph({ label: `${mark} `, width: 2, text }, style);
}

/** With gaps it never sounds as if nothing had changed. */
function summaryWords({ gone, changes, complete }: KitDifference): string {
  const gap = complete ? '' : 'INCOMPLETE: not everything could be compared. ';
  const found = gone.length + changes.length;
  const meant = gone.length > 0 ? '' : ': write the kit again if they are meant';
  if (found > 0) return `${gap}${count(found, 'difference')}${meant}.`;
  return complete ? 'The kit is up to date.' : gap.trim();
}
