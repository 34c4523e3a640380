import stringWidth from 'fast-string-width';

/**
 * Breaks one line of plain text into lines of at most `width` columns: at spaces, and inside a word only where the
 * word alone is wider. East Asian signs and emoji count as the columns they take and are never split. At least one line.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (stringWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

/** Fills with spaces up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest !== '') {
    const piece = firstPiece(rest, width);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}

let graphemes: Intl.Segmenter | undefined;

/** As many characters as fit, at least one. Reads only a little ahead: segmenting an endless word takes minutes. */
function firstPiece(word: string, width: number): string {
  const ahead = word.slice(0, 8 * width);
  let end = 0;
  let columns = 0;
  // Made when it is needed: its tables take as long to load as a small inventory takes to read.
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of graphemes.segment(ahead)) {
    columns += stringWidth(segment);
    if (end > 0 && columns > width) break;
    end += segment.length;
  }
  return ahead.slice(0, end);
}
