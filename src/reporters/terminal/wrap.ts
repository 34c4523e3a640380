import stringWidth from 'fast-string-width';

/**
 * Breaks one line of plain text at spaces into lines of at most `width` columns. A word is never broken: a name, an id or a
 * path that is wider than that stands on a line of its own, to be copied whole. East Asian signs and emoji count as the
 * columns they take. At least one line.
 */
export function wrap(text: string, width: number): readonly string[] {
  if (width === Number.POSITIVE_INFINITY) return [text];
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    const longer: string = line === undefined ? word : `${line} ${word}`;
    if (line === undefined || stringWidth(longer) <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word;
    }
  }
  return [...lines, line ?? ''];
}

/** False for a text with a word, such as the path of a file, that is wider than `width` columns. */
export function fitsUnbroken(text: string, width: number): boolean {
  return wrap(text, width).every((line) => stringWidth(line) <= width);
}

/** As many whole words as fit into `width` columns; where some do not, a sign for them. */
export function fit(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const [first = ''] = wrap(text, width - 2);
  return stringWidth(first) <= width - 2 ? `${first} …` : '…';
}

/** As many facts as fit, separated by semicolons, and a sign for the others; of the first, as much as fits. */
export function fitList(facts: readonly string[], width: number): string {
  const texts = facts.map((_, index) => {
    const shown = facts.slice(0, facts.length - index).join('; ');
    return index === 0 ? shown : `${shown}; …`;
  });
  const [first = ''] = facts;
  return texts.find((text) => stringWidth(text) <= width) ?? fitFact(first, width);
}

/** Cuts a fact between words, or inside its value where nothing else would be left of that: `tags is {"owner":…`. */
function fitFact(fact: string, width: number): string {
  const fitted = fit(fact, width);
  if (!fitted.endsWith(' is …')) return fitted;
  let shown = Array.from(fact);
  while (stringWidth(shown.join('')) > width - 1) shown = shown.slice(0, -1);
  return `${shown.join('')}…`;
}

/** Fills with spaces up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
