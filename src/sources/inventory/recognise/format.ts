/** The format that a file turned out to have, with advice. */
export interface Recognised {
  /** A noun phrase: `a table (az … --output table)`. */
  readonly what: string;
  readonly hint: string;
}

/** A line as messages show it: cut to a width that a terminal has. */
export function shortLine(line: string): string {
  const text = line.trim();
  return text.length <= longestLine ? text : `${text.slice(0, longestLine)}…`;
}

const longestLine = 100;
