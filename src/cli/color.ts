import type { TextStream } from './world.ts';

/** Whether a stream is given colours: a terminal is, unless NO_COLOR or TERM say no; FORCE_COLOR says yes. */
export function wantsColor(
  stream: Pick<TextStream, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY && env['TERM'] !== 'dumb';
}
