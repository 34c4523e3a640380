import { sep } from 'node:path';
import type { CommandInputs, Destination } from '../../model/destination.ts';
import { UsageError } from '../../model/errors.ts';
import { identityOf, resolvedPathOf } from './file-identity.ts';
import { isInfrastructureCode } from './infrastructure-code.ts';
import { checkWritable } from './write-file.ts';

interface InputsOnDisk extends CommandInputs {
  /** The folder that paths are taken from. */
  readonly cwd: string;
}

/**
 * Checks, before anything is sent, that every document can be written to its destination. Throws one `UsageError` for all that
 * are wrong: a file that the command reads by whatever name, two documents for one file, a folder, what cannot be
 * written. Writes nothing.
 */
export async function checkDestinations(
  destinations: readonly Destination[],
  inputs: InputsOnDisk,
): Promise<void> {
  const mistakes = [...(await clashes(destinations, inputs)), ...(await unwritable(destinations, inputs))];
  const [first, ...others] = mistakes;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const hints = new Set(mistakes.map(({ hint }) => hint));
  throw new UsageError(mistakes.map(({ message }) => message).join('\n'), [...hints].join('\n'));
}

async function clashes(
  destinations: readonly Destination[],
  { cwd, files, sourceRoot }: InputsOnDisk,
): Promise<readonly UsageError[]> {
  const read = new Set<string>();
  for (const path of files)
    if (path !== undefined)
      for (const name of await identityOf({ path: path === '-' ? '/dev/stdin' : path, cwd })) read.add(name);
  const written = new Set<string>();
  const mistakes: UsageError[] = [];
  for (const { path } of destinations) {
    const file = { path: path ?? '/dev/stdout', cwd };
    const names = await identityOf(file);
    const isInput =
      names.some((name) => read.has(name)) ||
      (path !== undefined && sourceRoot !== undefined && (await isInfrastructureCode(file, sourceRoot)));
    if (isInput) mistakes.push(overwrites(path));
    else if (names.some((name) => written.has(name))) mistakes.push(twice(path));
    else if (await isInsideAnother(file, written)) mistakes.push(inside(path));
    for (const name of names) written.add(name);
  }
  return mistakes;
}

async function unwritable(
  destinations: readonly Destination[],
  { cwd }: InputsOnDisk,
): Promise<readonly UsageError[]> {
  const mistakes: UsageError[] = [];
  for (const { path } of destinations) {
    if (path === undefined) continue;
    await checkWritable({ path, cwd }).catch((error: unknown) => {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(error);
    });
  }
  return mistakes;
}

/** True below a place where another document makes a file. */
async function isInsideAnother(
  file: { readonly path: string; readonly cwd: string },
  written: ReadonlySet<string>,
): Promise<boolean> {
  const place = await resolvedPathOf(file);
  return [...written].some((other) => place.startsWith(`${other}${sep}`));
}

function overwrites(path = 'the file that standard output goes to'): UsageError {
  return new UsageError(
    `A report would overwrite ${path}, which is also an input.`,
    'Write the report to another file.',
  );
}

function twice(path = 'the file that standard output goes to'): UsageError {
  return new UsageError(`Two reports would go to ${path}.`, 'Give each its own file.');
}

function inside(path = 'the file that standard output goes to'): UsageError {
  return new UsageError(
    `Another report would be written where ${path} needs a folder.`,
    'Give each its own file.',
  );
}
