import type { Destination } from '../../model/destination.ts';
import { UsageError } from '../../model/errors.ts';
import { textBlocks } from './text-blocks.ts';
import { writeDocument } from './write-file.ts';

/** The folder and the stream that documents are written to. */
export interface WriteTarget {
  /** The folder that paths are taken from. */
  readonly cwd: string;
  /** Absent where documents are not read from it, as in a workflow step. */
  readonly stdout?: { write(text: string): Promise<void> };
  /** Receives the path of each file that was written. */
  readonly written?: { push(path: string): unknown };
}

/** A document that could not be written to its destination, and the error. */
export interface LostDocument<D extends Destination> {
  readonly destination: D;
  readonly error: unknown;
}

/**
 * Writes one document to each destination: files first, so that what a person reads ends the output. One that fails
 * does not cost the others, and if standard output would stay empty, the first of them goes there instead. Returns
 * those that failed; never throws.
 */
export async function writeDocuments<D extends Destination>(
  destinations: readonly D[],
  render: (destination: D) => Iterable<string>,
  { cwd, stdout, written }: WriteTarget,
): Promise<readonly LostDocument<D>[]> {
  const lost: LostDocument<D>[] = [];
  const attempt = async (destination: D, act: () => Promise<void>): Promise<void> =>
    act().catch((error: unknown) => void lost.push({ destination, error }));
  const show = async (destination: D): Promise<void> => {
    for (const block of textBlocks(render(destination))) await stdout?.write(block);
  };
  const onStdout = destinations.filter(({ path }) => path === undefined);
  for (const destination of destinations) {
    const { path } = destination;
    if (path !== undefined)
      await attempt(destination, async () => {
        await writeDocument(() => render(destination), { path, cwd });
        written?.push(path);
      });
  }
  // What cannot be rendered cannot be shown either.
  const first = lost.find(({ error }) => error instanceof UsageError);
  if (onStdout.length === 0 && first !== undefined)
    await attempt(first.destination, () => show({ ...first.destination, path: undefined }));
  for (const destination of onStdout) await attempt(destination, () => show(destination));
  return lost;
}
