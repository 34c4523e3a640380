import type { Origin, PathKind, PolicyFiles } from '../../model/settings.ts';
import { refuseMistakes, type SettingMistake } from './setting-mistake.ts';

/** A path that the user named, where that was, and what is to be there. */
export interface NamedPath {
  readonly path: string;
  readonly origin: Origin;
  readonly kind: PathKind;
}

/** Throws UsageError or PolicyError with every path that leads to nothing, or to something else. */
export async function refuseMissing(
  named: readonly NamedPath[],
  files: Pick<PolicyFiles, 'describeMismatch'>,
): Promise<void> {
  const mistakes = await Promise.all(
    named.map(async (each): Promise<readonly SettingMistake[]> => {
      const why = await files.describeMismatch(each.path, each.kind);
      return why === undefined ? [] : [mistakeOf(each, why)];
    }),
  );
  refuseMistakes(mistakes.flat());
}

function mistakeOf({ path, origin }: NamedPath, why: string): SettingMistake {
  return typeof origin === 'string'
    ? { origin, message: `${why}.`, hint: 'Check the path: relative paths start at the current folder.' }
    : {
        origin,
        message: `Cannot read ${path}: ${why}.`,
        hint: 'Paths in a configuration file are relative to that file.',
      };
}
