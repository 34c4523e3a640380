import { wantsColor } from './color.ts';
import type { World } from './world.ts';

const widthWithoutTerminal = 120;

/** How text may look where it goes: colours only on a terminal that wants them, and the width that there is. */
export function lookOf(
  { path }: { readonly path?: string | undefined },
  { stdout, env }: Pick<World, 'stdout' | 'env'>,
  color: boolean,
): { readonly color: boolean; readonly width: number } {
  const onStdout = path === undefined;
  return {
    color: onStdout && color && wantsColor(stdout, env),
    width: onStdout && stdout.columns > 0 ? stdout.columns : widthWithoutTerminal,
  };
}
