import { stripVTControlCharacters } from 'node:util';
import { exportCommand } from './export-again.ts';

/** The format that a file turned out to have, with advice. */
export interface Recognised {
  /** A noun phrase: `a table (az … --output table)`. */
  readonly what: string;
  readonly hint: string;
}

/** The beginning of a text. Lines of blanks are left out. */
interface TextHead {
  readonly text: string;
  readonly lines: readonly string[];
  readonly first: string;
  readonly last: string;
  /** True when the text contains a NUL: JSON never does. */
  readonly hasNul: boolean;
}

/** A format that is not JSON. `evidence` is the line that shows it, if the text is of that format. */
interface TextFormat extends Recognised {
  readonly evidence: (head: TextHead) => string | undefined;
}

const again = `Export the inventory as JSON: \`${exportCommand}\``;
const asJson = `Leave out the output format, or say --output json. ${again}`;
const onlyStdout =
  'Send only standard output to the file (> vaults.json, not 2>&1 or *>), and export it again.';

/** In this order: the first that fits is reported. Sources: docs/inventories.md. */
const textFormats: readonly TextFormat[] = [
  {
    what: 'text in two encodings, or in UTF-32',
    hint: `Windows PowerShell appends UTF-16 with >>, whatever the file holds: write each page to a file of its own first. ${again}`,
    evidence: ({ hasNul, first }) => (hasNul ? first.replaceAll('\0', '') : undefined),
  },
  {
    what: 'an error message of the export command',
    hint: `Solve what it says, and export again: \`${exportCommand}\``,
    evidence: ({ lines, first }) =>
      beginsJson(first) ? undefined : lines.slice(0, 20).find((line) => errorLine.test(line)),
  },
  {
    what: 'coloured JSON (az … --output jsonc or yamlc)',
    hint: asJson,
    evidence: ({ text, first }) => (text.includes('\u001B[') ? stripVTControlCharacters(first) : undefined),
  },
  {
    what: 'text before the JSON, such as a warning',
    hint: onlyStdout,
    evidence: ({ lines, first }) => (!beginsJson(first) && lines.some(beginsJson) ? first : undefined),
  },
  {
    what: 'a web page or XML',
    hint: `A proxy, a sign-in page or Export-Clixml writes such files. ${again}`,
    evidence: ({ first }) => (/^\s*(?:<[!?a-z]|#< CLIXML)/iu.test(first) ? first : undefined),
  },
  {
    what: 'a table (az … --output table, or Format-Table)',
    hint: asJson,
    evidence: ({ lines, first }) => (/^\s*-{2,}[\s-]*$/u.test(lines[1] ?? '') ? first : undefined),
  },
  {
    what: 'a list of PowerShell (Format-List)',
    hint: `Pipe the objects to ConvertTo-Json -Depth 100 instead of showing them. ${again}`,
    evidence: ({ first }) => (/^\w[\w ]* : /u.test(first) ? first : undefined),
  },
  {
    what: 'a Python or JavaScript literal, with its strings in single quotes or without quotes around its names',
    hint: again,
    evidence: ({ text, first }) => (/^\s*[[{]\s*(?:\{\s*)?(?:'|\w+\s*:)/u.test(text) ? first : undefined),
  },
  {
    what: 'Bicep, Terraform or PowerShell code',
    hint: `An inventory says what is deployed. ${again}`,
    evidence: ({ lines }) =>
      lines.find((line) => /^(?:resource|module|param|provider|targetScope)\s+["'\w]/u.test(line)),
  },
  {
    what: 'tab-separated text (az … --output tsv)',
    hint: asJson,
    evidence: ({ first }) => (first.includes('\t') ? first : undefined),
  },
  {
    what: 'CSV, as the portal and spreadsheets write it',
    hint: `CSV turns properties into text. ${again}`,
    evidence: ({ first }) => (isHeader(first) ? first : undefined),
  },
  {
    what: 'YAML (az … --output yaml)',
    hint: asJson,
    evidence: ({ first }) => (/^(?:---|- |(?:- )?[\w.$@-]+:(?:\s|$))/u.test(first) ? first : undefined),
  },
  {
    what: 'JSON with text after it, such as a warning',
    hint: onlyStdout,
    evidence: ({ first, last }) => (beginsJson(first) && /^[A-Z][\w ]+: \S/u.test(last) ? last : undefined),
  },
];

const errorLine =
  /^(?:error: |\((?:[A-Z][a-z]+){2,}\) |az: |.*: command not found|'\w+' is not recognized|(?:Search|Get|Invoke|Connect)-Az\w*\s?: |At line:\d+ char:\d+|usage: az|az(?: \w+)+: error: |Run Connect-AzAccount|Traceback )/iu;

/** A line that a JSON document of more than one value begins with. */
function beginsJson(line: string): boolean {
  return /^\s*[[{]\s*(?:$|["{[\]}])/u.test(line);
}

/** Column names with commas or semicolons between them, quoted or not. */
function isHeader(line: string): boolean {
  const cells = line.includes(';') && !line.includes(',') ? line.split(';') : line.split(',');
  return cells.length > 1 && cells.every((cell) => /^\s*(?:"[^"]*"|[\w .$()-]*)\s*$/u.test(cell));
}

/** The parts of a text that are looked at: its first `longestHead` UTF-16 units and its last `longestTail`. */
interface TextEnds {
  readonly start: string;
  readonly end: string;
  /** True when the text contains a NUL anywhere. */
  readonly hasNul: boolean;
}

/** Recognises a text that is not JSON, with the line that shows its format; `undefined` where it is unknown. */
export function recogniseText(text: TextEnds): (Recognised & { readonly shown: string }) | undefined {
  const head = headOf(text);
  for (const { evidence, what, hint } of textFormats) {
    const line = evidence(head);
    if (line !== undefined) return { what, hint, shown: shortLine(line) };
  }
  return undefined;
}

/** UTF-16 units that are looked at. */
export const [longestHead, longestTail] = [65_536, 4096];
const mostLines = 200;

function headOf({ start, end, hasNul }: TextEnds): TextHead {
  const text = start.replace(/^\uFEFF/u, '');
  const lines = text.split(/\r\n|\n|\r/u).filter((line) => line.trim() !== '');
  return {
    text,
    lines: lines.slice(0, mostLines),
    first: lines[0] ?? '',
    last: end.trimEnd().split('\n').at(-1) ?? '',
    hasNul,
  };
}

/** A line as messages show it: cut to a width that a terminal has. */
export function shortLine(line: string): string {
  const text = line.trim();
  return text.length <= longestLine ? text : `${text.slice(0, longestLine)}…`;
}

const longestLine = 100;
