import type { Terminal } from '../reporters/format.ts';
import type { TextStream, World } from './world.ts';

const widthWithoutTerminal = 120;

/** The terminal of a destination: colours only where they are wanted, and the available width. */
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

/** True for a terminal, unless NO_COLOR or TERM=dumb is set; FORCE_COLOR decides for other streams too. */
function wantsColor(
  stream: Pick<TextStream, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY && env['TERM'] !== 'dumb';
}
