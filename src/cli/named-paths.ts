import type { PathKind } from '../model/settings.ts';
import type { NamedPath } from '../usecases/settings/named-paths.ts';
import type { ScanOptions } from './flags.ts';

/** The paths that the flags of a scan name for it to read; `-` is standard input. */
export function namedPaths({
  inventory,
  policies,
  exemptions,
  sourceRoot,
}: Pick<ScanOptions, 'inventory' | 'policies' | 'exemptions' | 'sourceRoot'>): readonly NamedPath[] {
  return [
    ...(inventory === '-' ? [] : named('--inventory', inventory, 'file')),
    ...policyPaths(policies),
    ...named('--exemptions', exemptions, 'file'),
    ...named('--source-root', sourceRoot, 'folder'),
  ];
}

/** The paths that `--policies` names. */
export function policyPaths(policies: readonly string[]): readonly NamedPath[] {
  return policies.flatMap((path) => named('--policies', path, 'file or folder'));
}

function named(flag: string, path: string | undefined, kind: PathKind): readonly NamedPath[] {
  return path === undefined ? [] : [{ path, origin: `${flag} ${path}`, kind }];
}
