import { holdsPath } from '../checkout/checkout-path.ts';
import { optional } from '../optional.ts';
import { isTooLong } from './budget.ts';
import {
  anything,
  type Gap,
  joinPatterns,
  literalOf,
  type NamePattern,
  type GapOrigin,
} from './name-pattern.ts';
import {
  alternatives,
  concatenate,
  endless,
  numberOf,
  patternOf,
  scalarOf,
  text,
  unknown,
  type Value,
  type Values,
} from './value.ts';

type TextFunction = (args: readonly Values[]) => Values;

const lower: TextFunction = ([of]) => mapLiterals(of, (literal) => literal.toLowerCase());
const upper: TextFunction = ([of]) => mapLiterals(of, (literal) => literal.toUpperCase());

/** Functions that make text, by their names in lower case. */
export const textFunctions: Readonly<Record<string, TextFunction>> = {
  tolower: lower,
  lower,
  toupper: upper,
  upper,
  title: ([of]) =>
    mapLiterals(of, (literal) =>
      literal.replaceAll(/(?<![\p{L}\p{N}_])\p{L}/gu, (letter) => letter.toUpperCase()),
    ),
  concat: (args) => concatenate(args),
  format,
  replace,
  'subscriptionofid()': subscriptionOfId,
  take: ([of, count]) => slice(of, 0, numberOf(count)),
  substring: ([of, start, length]) => slice(of, numberOf(start), numberOf(length)),
  substr: ([of, start, length]) => slice(of, numberOf(start), numberOf(length)),
};

/** The subscription that an ARM id begins with. */
function subscriptionOfId([id]: readonly Values[]): Values {
  return alternatives(
    (id ?? unknown).flatMap((value): Values => {
      const [start] = patternOf(value);
      const name = typeof start === 'string' ? /^\/subscriptions\/([^/]+)\//i.exec(start)?.[1] : undefined;
      return name === undefined ? unknown : text(name);
    }),
  );
}

function mapLiterals(values: Values | undefined, change: (literal: string) => string): Values {
  return alternatives(
    (values ?? unknown).map((value) => ({
      kind: 'text',
      pattern: patternOf(value).map((part) => (typeof part === 'string' ? change(part) : part)),
    })),
  );
}

/** Gaps may hold what is replaced too, and grow or shrink by it. */
function replace([of, from, to]: readonly Values[]): Values {
  const [old, fresh] = [from, to].map((values) => (values === undefined ? undefined : scalarOf(values)));
  if (typeof old !== 'string' || typeof fresh !== 'string' || old === '' || isRegex(old)) return unknown;
  return alternatives(
    (of ?? unknown).flatMap((value): Values => {
      const pattern = patternOf(value);
      if (pattern.some((part) => isTooLong(lengthWith(part, old, fresh)))) return endless;
      const parts = pattern.map((part) =>
        typeof part === 'string' ? part.replaceAll(old, () => fresh) : widened(part, old, fresh),
      );
      return [{ kind: 'text', pattern: joinPatterns([parts]) }];
    }),
  );
}

/** The length of a stretch after the replacement, before it is made. */
function lengthWith(part: string | Gap, old: string, fresh: string): number {
  if (typeof part !== 'string') return 0;
  const times = part.split(old).length - 1;
  return part.length + times * (fresh.length - old.length);
}

/** Terraform reads `/…/` as a regular expression. */
function isRegex(old: string): boolean {
  return old.length > 1 && old.startsWith('/') && old.endsWith('/');
}

function widened(part: Gap, old: string, fresh: string): Gap {
  if (part.plain && !/[a-z0-9]/i.test(old)) return part;
  const { min, max } = part;
  return old.length === fresh.length ? { min, max, plain: false } : { min: 0, max: Infinity, plain: false };
}

function slice(values: Values | undefined, start: number | undefined, length: number | undefined): Values {
  if (start === undefined || start < 0) return unknown;
  const end = length === undefined || length < 0 ? Infinity : start + length;
  return alternatives(
    (values ?? unknown).map((value) => ({
      kind: 'text',
      pattern: slicePattern(patternOf(value), start, end),
    })),
  );
}

/** Exact for literal text; after the first gap only a longest length is known. */
function slicePattern(pattern: NamePattern, start: number, end: number): NamePattern {
  const whole = literalOf(pattern);
  if (whole !== undefined) return holdsPath(whole) ? anything : [whole.slice(start, end)];
  const [first, ...rest] = pattern;
  if (start === 0 && typeof first === 'string') {
    if (first.length >= end) return [first.slice(0, end)];
    return joinPatterns([[first], slicePattern(rest, 0, end - first.length)]);
  }
  if (typeof first === 'object' && rest.length === 0) {
    const max = Math.max(0, Math.min(first.max, end) - start);
    const { plain, base32 = false } = first;
    const least = Math.min(Math.max(0, first.min - start), max);
    return [{ min: least, max, plain, base32, ...optional('origin', sliceOrigin(first.origin, start, end)) }];
  }
  return end === Infinity ? anything : [{ min: 0, max: end - start, plain: false }];
}

/** A stretch of a hash is known as the hash is; of other facts only the whole is. */
function sliceOrigin(origin: GapOrigin | undefined, start: number, end: number): GapOrigin | undefined {
  if (origin?.kind !== 'hash') return undefined;
  return { ...origin, start: origin.start + start, end: Math.min(origin.end, origin.start + end) };
}

/** `format('{0}-kv', …)` of Bicep and ARM, `format("%s-kv-%02d", …)` of Terraform. */
function format([template, ...args]: readonly Values[]): Values {
  const written = template === undefined ? undefined : scalarOf(template);
  if (typeof written !== 'string') return unknown;
  let next = 0;
  const parts = written.split(places).map((piece, order) => {
    if (order % 2 === 0) return text(piece);
    if (piece === '%%' || piece === '{{' || piece === '}}') return text(piece.slice(1));
    const numbered = /^(?:\{|%\[)(\d+)/.exec(piece)?.[1];
    if (numbered === undefined) return formatted(piece, args[next++] ?? unknown);
    const index = piece.startsWith('{') ? Number(numbered) : Number(numbered) - 1;
    return formatted(piece, args[index] ?? unknown);
  });
  return parts.includes(endless) ? endless : concatenate(parts);
}

/** The place of an argument, or a character that is written twice. */
const places = /(\{\d+(?:[,:][^{}]*)?\}|\{\{|\}\}|%%|%(?:\[\d+\])?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z])/u;

/** `%s`, `%d`, `%v` and `{0}` write a value as it is; `%02d` and `{0:D2}` pad numbers with zeros; the rest is unknown. */
function formatted(piece: string, values: Values): Values {
  if (/^%(?:\[\d+\])?[sdv]$|^\{\d+\}$/.test(piece)) return values;
  const digits = /^%(?:\[\d+\])?0(\d+)d$/.exec(piece)?.[1] ?? /^\{\d+:D(\d+)\}$/i.exec(piece)?.[1];
  if (digits === undefined) return unknown;
  const width = Number(digits);
  return isTooLong(width) ? endless : values.flatMap((value) => padded(value, width));
}

function padded(value: Value, width: number): Values {
  return value.kind === 'scalar' ? text(String(value.value).padStart(width, '0')) : unknown;
}
