import type { Terminal } from '../reporters/format.ts';
import { wantsColor } from './color.ts';
import type { World } from './world.ts';

const widthWithoutTerminal = 120;

/** The terminal of a destination: colours only where they are wanted, and the width that there is. */
export function terminalOf(
  { path }: { readonly path?: string | undefined },
  { stdout, env }: Pick<World, 'stdout' | 'env'>,
  color: boolean,
): Terminal {
  const onStdout = path === undefined;
  return {
    color: onStdout && color && wantsColor(stdout, env),
    width: onStdout && stdout.columns > 0 ? stdout.columns : widthWithoutTerminal,
  };
}
