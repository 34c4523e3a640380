import type { Origin, PathKind, PolicyFiles } from '../../model/settings.ts';
import { refuseMistakes, type SettingMistake } from './setting-mistake.ts';

/** A path that the user named, the place where it is named, and the kind of file it must lead to. */
export interface NamedPath {
  readonly path: string;
  readonly origin: Origin;
  readonly kind: PathKind;
}

/** A path of rules, and the place where it is named. */
export type RulePath = Pick<NamedPath, 'path' | 'origin'>;

/** A path that does not lead to what it must lead to. */
export interface MissingPath extends NamedPath {
  readonly mistake: SettingMistake;
}

/** Every path that does not exist, or leads to something of another kind. */
export async function missingAmong(
  named: readonly NamedPath[],
  files: Pick<PolicyFiles, 'describeMismatch'>,
): Promise<readonly MissingPath[]> {
  const missing = await Promise.all(
    named.map(async (each): Promise<readonly MissingPath[]> => {
      const mismatch = await files.describeMismatch(each.path, each.kind);
      return mismatch === undefined ? [] : [{ ...each, mistake: mistakeOf(each, mismatch) }];
    }),
  );
  return missing.flat();
}

/** Throws UsageError or PolicyError with every path that does not exist, or is of another kind. */
export async function refuseMissing(
  named: readonly NamedPath[],
  files: Pick<PolicyFiles, 'describeMismatch'>,
): Promise<void> {
  refuseMistakes((await missingAmong(named, files)).map(({ mistake }) => mistake));
}

function mistakeOf({ path, origin }: NamedPath, mismatch: string): SettingMistake {
  return typeof origin === 'string'
    ? { origin, message: `${mismatch}.`, hint: 'Check the path: relative paths start at the current folder.' }
    : {
        origin,
        message: `Cannot read ${path}: ${mismatch}.`,
        hint: 'Paths in a configuration file are relative to that file.',
      };
}
