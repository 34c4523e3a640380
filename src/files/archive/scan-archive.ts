import { join, resolve } from 'node:path';
import { changesBetween } from '../../history/line-changes.ts';
import type { ArchivedHead, ArchivedName, ScanArchive } from '../../model/archive.ts';
import { UsageError } from '../../model/errors.ts';
import { shellPath } from '../../reporters/text/shell.ts';
import { checkWritable } from '../destinations/write-file.ts';
import { describeFileError } from '../file-error.ts';
import {
  archiveFile,
  type ArchivePlace,
  type ChainReader,
  chainReader,
  entriesOf,
  isArchive,
  isDraft,
  namedScansIn,
  prepareArchive,
  scansIn,
  type WholeScan,
  withoutFormat,
} from './archive-folder.ts';
import { DamagedFile, readScanHead, scanOfName, writeScanFile } from './scan-file.ts';

/** Opens an archive that is there. Throws UsageError for a folder that is none, or one of a version that is not known here. */
export async function openArchive(place: ArchivePlace): Promise<ScanArchive> {
  if (await isArchive(place)) return archiveIn(place);
  const others = await entriesOf(place).catch(() => undefined);
  refuseScansAlone(place, others ?? []);
  throw new UsageError(
    `${place.folder} is not an archive of scans.`,
    others?.length === 0
      ? `Make one: \`purgeproof scan --archive ${shellPath(place.folder)}\``
      : 'Name the folder that scans were archived in, with scan --archive.',
  );
}

/**
 * Opens an archive to add a scan to, which may be new. Throws UsageError where it cannot be written, or the folder holds
 * anything else. Writes nothing.
 */
export async function openArchiveToAdd(place: ArchivePlace): Promise<ScanArchive> {
  const { folder, cwd } = place;
  if (!(await isArchive(place))) {
    const others = await entriesOf(place);
    refuseScansAlone(place, others);
    const other = others.find((name) => !isDraft(name));
    if (other !== undefined)
      throw new UsageError(
        `${folder} is not an archive of scans: it holds ${other}.`,
        'Name a folder of its own: it is made when the first scan is archived.',
      );
  }
  await checkWritable({ path: join(folder, archiveFile), cwd });
  return archiveIn(place);
}

/** Throws UsageError for archived scans without the file that makes their folder an archive. */
function refuseScansAlone({ folder }: ArchivePlace, entries: readonly string[]): void {
  if (entries.some((name) => scanOfName(name) !== undefined))
    throw withoutFormat(folder, `it holds archived scans, and its ${archiveFile} is missing`);
}

function archiveIn(place: ArchivePlace): ScanArchive {
  const path = resolve(place.cwd, place.folder);
  const chains = chainReader(path);
  return {
    folder: place.folder,
    list: () => scansIn(place),
    async read({ file }) {
      try {
        return (await chains.read(file)).lines;
      } catch (error) {
        throw explain(error, file, place);
      }
    },
    add: (head, lines) =>
      explained(place, async () => {
        await prepareArchive(place, head.startedAt);
        const { parent, damaged } = await findParent(head, {
          path,
          chains,
          names: await namedScansIn(place),
        });
        const changes = parent === undefined ? [] : [...changesBetween(parent.scan.lines, lines)];
        const isWhole = parent === undefined || lengthOf(changes) * 2 > lengthOf(lines) || isDue(parent.scan);
        const file = isWhole
          ? await writeScanFile(path, head, lines)
          : await writeScanFile(path, { ...head, parent: parent.file }, changes);
        return { path: join(place.folder, file), damaged: damaged.map((name) => join(place.folder, name)) };
      }),
  };
}

async function explained<T>({ folder }: ArchivePlace, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(
      `Cannot archive the scan in ${folder}: ${describeFileError(error)}.`,
      'Check that the folder can be written and that the disk has room. What was archived before is as it was.',
    );
  }
}

/** Another whole scan begins where the changes take that many times the room of the one at their beginning. */
const mostChanges = 4;

/** True where a scan would be made from too many files. */
function isDue({ whole, changes }: WholeScan): boolean {
  return changes >= whole * mostChanges;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length + 1, 0);
}

/** The scan that another one is stored as a change to; none where there is none of its series, or it is damaged. */
interface FoundParent {
  readonly parent?: { readonly file: string; readonly scan: WholeScan };
  readonly damaged: readonly string[];
}

/** Farther back, a scan has changed too much. */
const mostSearched = 50;

/** Finds the last complete scan of the series, or the last one: what an incomplete one did not read would be new again. */
async function findParent(
  { series }: ArchivedHead,
  among: {
    readonly path: string;
    readonly chains: ChainReader;
    readonly names: readonly ArchivedName[];
  },
): Promise<FoundParent> {
  const { path, chains, names } = among;
  let found: string | undefined;
  for (const { file } of names.slice(-mostSearched).toReversed()) {
    const head = await readScanHead(path, file);
    if (head?.series !== series) continue;
    found ??= file;
    if (!head.complete) continue;
    found = file;
    break;
  }
  if (found === undefined) return { damaged: [] };
  try {
    return { parent: { file: found, scan: await chains.read(found) }, damaged: [] };
  } catch (error) {
    if (error instanceof DamagedFile) return { damaged: [error.file] };
    throw error;
  }
}

/** Names the file that is damaged, and the one that was wanted. */
function explain(error: unknown, wanted: string, { folder }: ArchivePlace): unknown {
  if (!(error instanceof DamagedFile)) return error;
  if (error.ownName !== undefined)
    return new UsageError(
      `${join(folder, error.file)} was renamed: ${error.message}.`,
      `Give it its name again: ${error.ownName}`,
    );
  const rest = error.file === wanted ? '' : ` ${join(folder, wanted)} is stored as changes to it.`;
  return new UsageError(
    `${join(folder, error.file)} is damaged: ${error.message}.${rest}`,
    'Restore it from a backup. Nothing that a damaged file says is believed.',
  );
}
