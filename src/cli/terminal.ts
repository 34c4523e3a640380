import type { Terminal } from '../reporters/format.ts';
import { advice, styleFor } from '../reporters/terminal/style.ts';
import { wrap } from '../reporters/terminal/wrap.ts';
import type { TextStream } from './status-line.ts';
import type { World } from './world.ts';

/** The terminal of a destination: colours only where they are wanted, and the available width. */
export function terminalOf(
  { path }: { readonly path?: string | undefined },
  { stdout, env }: Pick<World, 'stdout' | 'env'>,
  color: boolean,
): Terminal {
  const onStdout = path === undefined;
  return {
    color: onStdout && color && wantsColor(stdout, env),
    width: onStdout && stdout.columns > 0 ? stdout.columns : Number.POSITIVE_INFINITY,
    ...(onStdout && stdout.rows !== undefined && stdout.rows > 0 ? { rows: stdout.rows } : {}),
  };
}

/** The gaps, and what to do about them, for standard error: a line each, and one for each command in it. */
export function gapLines(gaps: readonly { readonly text: string; readonly hint: string }[]): string {
  const style = styleFor({ color: false, width: Number.POSITIVE_INFINITY });
  return gaps.map((gap) => advice({ label: '', width: 0, ...gap }, style)).join('');
}

/**
 * Text for a person in the lines of a terminal, which would break an id in the middle. What is indented is there to be copied,
 * and stays as it is.
 */
export function fitLines(text: string, { isTTY, columns }: Pick<TextStream, 'isTTY' | 'columns'>): string {
  if (!isTTY || columns <= 0) return text;
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, columns)))
    .join('\n');
}

/** Says something on standard error, in the lines of the terminal where there is one. */
export async function tell(text: string, { stderr }: Pick<World, 'stderr'>): Promise<void> {
  await stderr.write(fitLines(`${text}\n`, stderr));
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
