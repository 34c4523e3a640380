import type { Origin, PathKind, PolicyFiles } from '../../model/settings.ts';
import { refuseMistakes, type SettingMistake } from './setting-mistake.ts';

/** A path that the user named, the place where it is named, and the kind of file it must lead to. */
export interface NamedPath {
  readonly path: string;
  readonly origin: Origin;
  readonly kind: PathKind;
}

/** Throws UsageError or PolicyError with every path that does not exist, or is of another kind. */
export async function refuseMissing(
  named: readonly NamedPath[],
  files: Pick<PolicyFiles, 'describeMismatch'>,
): Promise<void> {
  const mistakes = await Promise.all(
    named.map(async (each): Promise<readonly SettingMistake[]> => {
      const mismatch = await files.describeMismatch(each.path, each.kind);
      return mismatch === undefined ? [] : [mistakeOf(each, mismatch)];
    }),
  );
  refuseMistakes(mistakes.flat());
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
