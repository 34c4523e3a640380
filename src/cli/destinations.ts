import { UsageError } from '../model/errors.ts';
import { didYouMean } from '../rules/nearest.ts';
import { checkReportFile, writeReportFile } from '../sources/files/report-file.ts';
import { textBlocks } from '../sources/files/text-blocks.ts';
import type { World } from './world.ts';

/** One report to write: its format, and the file it goes to; without a path it goes to standard output. */
export interface Destination<Format extends string> {
  readonly format: Format;
  readonly path?: string;
}

/** The formats of a command; the first one is the default. */
export type Formats<Format extends string> = readonly [Format, ...Format[]];

/** Reads `--output FORMAT[=PATH]` flags. None given means the default format on standard output. */
export function readDestinations<Format extends string>(
  flags: readonly string[],
  formats: Formats<Format>,
): readonly Destination<Format>[] {
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

/** Throws UsageError where a report could not be written to its file. */
export async function checkDestinations(
  destinations: readonly { readonly path?: string }[],
  cwd: string,
): Promise<void> {
  for (const { path } of destinations) if (path !== undefined) await checkReportFile({ path, cwd });
}

/** Writes one report to its file, or to standard output. */
export async function writeReport(
  chunks: Iterable<string>,
  { path }: { readonly path?: string },
  world: Pick<World, 'cwd' | 'stdout'>,
): Promise<void> {
  if (path === undefined) {
    for (const block of textBlocks(chunks)) await world.stdout.write(block);
    return;
  }
  await writeReportFile(chunks, { path, cwd: world.cwd });
}

function readDestination<Format extends string>(flag: string, formats: Formats<Format>): Destination<Format> {
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
