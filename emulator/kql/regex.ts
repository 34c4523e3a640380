import { KqlError } from './error.ts';

/**
 * A regular expression of Kusto as JavaScript's. Its engine was RE2 and reads the syntax of Rust now, by its documentation
 * (learn.microsoft.com/kusto/query/regex): neither has look-around or back references, and Rust's refuses a bracket in a
 * class, and a brace that repeats nothing, unless they are escaped.
 */
export function regexOf(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = flags === null ? pattern : pattern.slice(flags[0].length);
  if (/\(\?(<?[=!]|[ims-]+[:)])|\\[1-9]/.test(body) || isAmbiguous(body)) throw refused(pattern);
  const source = body.replaceAll('(?P<', '(?<');
  // Unicode mode refuses escapes that RE2 takes, such as `\\-`; then the plain mode has to do.
  const regex = tryRegex(source, `u${flags?.[1] ?? ''}`) ?? tryRegex(source, flags?.[1] ?? '');
  if (regex === undefined) throw refused(pattern);
  return regex;
}

function isAmbiguous(body: string): boolean {
  const unescaped = body.replaceAll(/\\./gsu, '_').replaceAll(/\[:\^?\w+:\]/gu, '_');
  const classes = /\[\^?\]?[^\]]*\]/gu;
  if (unescaped.match(classes)?.some((one) => one.includes('[', 1)) === true) return true;
  return /(^|[(|])\{|\{(?!\d+(,\d*)?\})/u.test(unescaped.replaceAll(classes, '_'));
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
