import { UsageError } from '../model/errors.ts';
import { didYouMean } from '../documents/suggestions.ts';
import { shellWord } from '../reporters/text/shell.ts';
import type { Destination } from '../model/destination.ts';

/** One document to write: its format, and the file it goes to; without a path it goes to standard output. */
export interface FormatDestination<F> extends Destination {
  readonly format: F;
}

/** The formats of a document by name; the first one is the default. */
export type Formats<F> = Readonly<Record<string, F>>;

/** Reads `--output FORMAT[=PATH]` flags. Without any, the default format goes to standard output. */
export function readDestinations<F>(
  flags: readonly string[],
  formats: Formats<F>,
): readonly FormatDestination<F>[] {
  const names = Object.keys(formats);
  const named = (flags.length === 0 ? names.slice(0, 1) : flags).map((flag) =>
    readDestination(flag, formats),
  );
  const onStdout = named.filter(({ destination }) => destination.path === undefined);
  if (onStdout.length > 1) {
    throw new UsageError(
      `Only one report can go to standard output, not ${onStdout.map(({ name }) => name).join(' and ')}.`,
      `Give the others a file: --output ${onStdout[1]?.name ?? ''}=PATH`,
    );
  }
  return named.map(({ destination }) => destination);
}

interface NamedDestination<F> {
  readonly name: string;
  readonly destination: FormatDestination<F>;
}

function readDestination<F>(flag: string, formats: Formats<F>): NamedDestination<F> {
  const [written = '', ...rest] = flag.split('=');
  const name = written.toLowerCase();
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) {
    const names = Object.keys(formats);
    throw new UsageError(
      `There is no output format ${written}.${meantOutput(written, names) ?? didYouMean(written, names)}`,
      `Formats: ${names.join(', ')}. Write FORMAT or FORMAT=PATH.`,
    );
  }
  const path = rest.join('=');
  if (rest.length > 0 && path === '') {
    throw new UsageError(
      `--output ${flag} names no file.`,
      `Write --output ${written}=PATH, or --output ${written}.`,
    );
  }
  return { name, destination: path === '' || path === '-' ? { format } : { format, path } };
}

/** A file without its format, or several formats at once, as other programs take them. */
function meantOutput(written: string, names: readonly string[]): string | undefined {
  if (written.includes(',') && written.split(',').every((one) => names.includes(one.trim().toLowerCase())))
    return ' Give each its own --output, and a file to all but one of them.';
  const extension = /\.([a-z]+)$/i.exec(written)?.[1]?.toLowerCase();
  if (extension === undefined) return undefined;
  const meant = extensions[extension] ?? extension;
  return names.includes(meant) ? ` Did you mean --output ${meant}=${shellWord(written)}?` : undefined;
}

/** The formats whose files are not called after them. */
const extensions: Readonly<Partial<Record<string, string>>> = { md: 'markdown', txt: 'table', htm: 'html' };
