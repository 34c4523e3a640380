import { UsageError } from '../model/errors.ts';
import { didYouMean } from '../rules/nearest.ts';
import type { Destination } from '../files/destinations/check.ts';

/** One report to write: its format, and the file it goes to; without a path it goes to standard output. */
export interface FormatDestination<Format extends string> extends Destination {
  readonly format: Format;
}

/** The formats of a command; the first one is the default. */
export type Formats<Format extends string> = readonly [Format, ...Format[]];

/** Reads `--output FORMAT[=PATH]` flags. None given means the default format on standard output. */
export function readDestinations<Format extends string>(
  flags: readonly string[],
  formats: Formats<Format>,
): readonly FormatDestination<Format>[] {
  const destinations =
    flags.length === 0 ? [{ format: formats[0] }] : flags.map((flag) => readDestination(flag, formats));
  const onStdout = destinations.filter(({ path }) => path === undefined);
  if (onStdout.length > 1) {
    throw new UsageError(
      `Only one report can go to standard output, not ${onStdout.map(({ format }) => format).join(' and ')}.`,
      `Give the others a file: --output ${onStdout[1]?.format ?? ''}=PATH`,
    );
  }
  return destinations;
}

function readDestination<Format extends string>(
  flag: string,
  formats: Formats<Format>,
): FormatDestination<Format> {
  const [name = '', ...rest] = flag.split('=');
  const format = formats.find((known) => known === name.toLowerCase());
  if (format === undefined) {
    throw new UsageError(
      `There is no output format ${name}.${didYouMean(name, formats)}`,
      `Formats: ${formats.join(', ')}. Write FORMAT or FORMAT=PATH.`,
    );
  }
  const path = rest.join('=');
  if (rest.length > 0 && path === '') {
    throw new UsageError(
      `--output ${flag} names no file.`,
      `Write --output ${name}=PATH, or --output ${name}.`,
    );
  }
  return path === '' ? { format } : { format, path };
}
