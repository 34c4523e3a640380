import type { Json } from '../../../src/model/json.ts';

/** Texts that are hard to compare, to quote, or to tell from another type, by what makes them alike. */
const themes: Readonly<Record<string, readonly string[]>> = {
  folds: parts('Disk|DISK|Dis\u212A|D\u0130SK|d\u0131sk|di\u017Fk|m\u0130n|min|isk|\u212A|k'),
  beyondAscii: parts('straße|STRASSE|Ünïcode|ünïcode|\u{1F511}|\u202Eevil|\u0000|a\tb|line\nbreak'),
  words: parts('purge|Purge|PURGE |pur|get|Approved|deny|"purge"|["purge"]|unpurged'),
  names: parts('kv-12-a|KV-12-A|kv-1-a|kv-|12|owner|Owner|x"owner'),
  groups: parts('rg-Payments|rg-payments|RG-1|rg-1|rg-|RG|Payments'),
  otherTypes: parts('true|TRUE|false|ru|null|NaN|Infinity|| |[]|[1]|{"a":1}|[object Object]'),
  numbers: parts('90|090|+90|-5|90.0|89.5|9e1|1e3|0x10|12345678901234567890|.5|7|  90'),
  moments: [
    ...parts('2026-01-01|2026-01-01T00:00:00Z|2026-01-01T00:00:00.0001Z|2026-01-01T00:00:00.0000001Z'),
    ...parts('2026-01-01T01:00:00+02:00|2026-01-01T09:30:00-01:00|2025-12-31T23:30:00-01:00'),
    ...parts('2026-01-01 10:00|2026-01-01T10:00|2026-01-01T10:00:00Z|2025-12-31T23:59:59Z'),
    ...parts('2026-02-30T00:00:00Z|2026-13-45|soon'),
  ],
  punctuation: [
    ...parts(`it's|a\\b|10.0.0.0/8|::error::|<script>|a"b|*|http://x/y|&amp;|\\u0041|"|\\|/|a"b*`),
    ...parts(`' or true or '|// x|'; drop|(?i)x|^x$|[x|{x|x]`),
  ],
};

const scalars: Readonly<Record<string, readonly Json[]>> = {
  otherTypes: [true, false, null, 1, 0],
  numbers: [90, 89.5, 0, -0, -5, 7, 1e21, 0.1, 12_345_678_901_234_567_000, true, null],
  moments: [2026, null],
};
const patterns: Readonly<Record<string, readonly string[]>> = {
  names: ['#', '##', 'kv-##-?', '??-##-?', '.......', 'kv-*-*', '**-**'],
  groups: ['RG-#', 'rg-#', 'rg-*', 'RG-*', 'rg-P???????', 'rg-p???????'],
  otherTypes: ['????', '?????', '....', '.', '..', '...', '*]', '[*', '*}'],
  numbers: ['#', '##', '#.#', '9*', '*0', '*.*', '....', '-#'],
  folds: ['di?k', '???', '*k', '*i*', 'd*k', 'm?n'],
};

/** All of them. */
export const hardTexts: readonly string[] = Object.values(themes).flat();

/** Values of a theme: what a rule expects and what a resource holds are drawn from the same few, so that they meet. */
export interface Pool {
  readonly texts: readonly string[];
  readonly scalars: readonly Json[];
  readonly patterns: readonly string[];
}

export const pools: readonly Pool[] = Object.entries(themes).map(([name, texts]) => ({
  texts,
  scalars: [...texts, ...(scalars[name] ?? [true, null, 7])],
  patterns: [...texts, ...texts.flatMap(patternsOf), ...(patterns[name] ?? []), '*'],
}));

function patternsOf(text: string): readonly string[] {
  const [head, tail] = [text.slice(0, 2), text.slice(-2)];
  return [`${head}*`, `*${tail}`, `*${text.slice(1, -1)}*`, `${head}*${tail}`];
}

function parts(text: string): readonly string[] {
  return text.split('|');
}
