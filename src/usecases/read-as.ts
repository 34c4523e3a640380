import type { SourceFile } from '../documents/document.ts';
import { PolicyError, UsageError } from '../model/errors.ts';
import type { WantedKind } from './other-kind.ts';

/**
 * Reads a file as the kind of document that a command takes. Throws what the reader throws; where the file is a document of
 * another kind, a UsageError that says which, with the command that takes it.
 */
export async function readAs<F extends SourceFile, T>(
  wanted: WantedKind,
  file: F,
  read: (file: F) => T,
): Promise<T> {
  try {
    return read(file);
  } catch (error) {
    if (error instanceof UsageError || error instanceof PolicyError) {
      throw (await explainOther(wanted, file)) ?? error;
    }
    throw error;
  }
}

/** The error for a refused file that is a document of another kind; `undefined` for one of no kind that is known. */
export async function explainOther(wanted: WantedKind, file: SourceFile): Promise<UsageError | undefined> {
  // Only a refusal needs to know the other kinds.
  const { otherKind } = await import('./other-kind.ts');
  return otherKind(wanted, file);
}
