import { UsageError } from '../model/errors.ts';
import { didYouMean } from '../rules/nearest.ts';
import { type ReporterName, reporterNames } from '../reporters/index.ts';
import { writeReportFile } from '../sources/report-file.ts';
import type { World } from './world.ts';

/** One report to write: its format, and the file it goes to; without a path it goes to standard output. */
export interface Destination {
  readonly format: ReporterName;
  readonly path?: string;
}

/** Reads `--output FORMAT[=PATH]` flags. None given means a table on standard output. */
export function readDestinations(flags: readonly string[]): readonly Destination[] {
  const destinations = flags.length === 0 ? [{ format: 'table' } as const] : flags.map(readDestination);
  const onStdout = destinations.filter(({ path }) => path === undefined);
  if (onStdout.length > 1) {
    const formats = onStdout.map(({ format }) => format).join(' and ');
    throw new UsageError(
      `Only one report can go to standard output, not ${formats}.`,
      'Give the others a file: --output sarif=purgeproof.sarif',
    );
  }
  const paths = destinations.flatMap(({ path }) => (path === undefined ? [] : [path]));
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined)
    throw new UsageError(`Two reports would go to ${twice}.`, 'Give each its own file.');
  return destinations;
}

/** Writes one report to its file, or to standard output. */
export async function writeReport(
  chunks: Iterable<string>,
  { path }: Pick<Destination, 'path'>,
  world: Pick<World, 'cwd' | 'stdout'>,
): Promise<void> {
  if (path === undefined) {
    for (const chunk of chunks) await world.stdout.write(chunk);
    return;
  }
  await writeReportFile(chunks, { path, cwd: world.cwd });
}

function readDestination(flag: string): Destination {
  const [name = '', ...rest] = flag.split('=');
  const format = reporterNames.find((known) => known === name);
  if (format === undefined) {
    throw new UsageError(
      `There is no output format ${name}.${didYouMean(name, reporterNames)}`,
      `Formats: ${reporterNames.join(', ')}. Write FORMAT or FORMAT=PATH.`,
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
