import { KqlError } from './error.ts';

/** A regular expression of RE2, which has neither look-around nor back references, as JavaScript's. */
export function regexOf(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = flags === null ? pattern : pattern.slice(flags[0].length);
  if (/\(\?(<?[=!]|[ims-]+[:)])|\\[1-9]/.test(body)) throw refused(pattern);
  const source = body.replaceAll('(?P<', '(?<');
  // Unicode mode refuses escapes that RE2 takes, such as `\\-`; then the plain mode has to do.
  const regex = tryRegex(source, `u${flags?.[1] ?? ''}`) ?? tryRegex(source, flags?.[1] ?? '');
  if (regex === undefined) throw refused(pattern);
  return regex;
}

function tryRegex(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function refused(pattern: string): KqlError {
  return new KqlError('InvalidRegex', `The regular expression '${pattern}' is not supported.`);
}
