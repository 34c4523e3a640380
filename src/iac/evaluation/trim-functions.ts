import { holdsPath } from '../checkout/checkout-path.ts';
import { literalOf, type NamePattern } from './name-pattern.ts';
import { alternatives, listOf, patternOf, scalarOf, text, unknown, type Values } from './value.ts';

type TextFunction = (args: readonly Values[]) => Values;
type Edge = (part: string) => string;

const trimSpace: TextFunction = ([of]) =>
  atEdges(
    of,
    (part) => part.trimStart(),
    (part) => part.trimEnd(),
  );

/** Functions that take a text apart or shorten it at its ends, by their names in lower case. */
export const trimFunctions: Readonly<Record<string, TextFunction>> = {
  trimspace: trimSpace,
  // With one argument Bicep's and ARM's, which trims blanks; with two Terraform's, which trims a set of characters.
  trim: (args) => (args.length < 2 ? trimSpace(args) : trimSet(args)),
  chomp: ([of]) => atEdges(of, same, (part) => part.replace(/[\r\n]+$/, '')),
  trimprefix: ([of, prefix]) => without(of, prefix, 'prefix'),
  trimsuffix: ([of, suffix]) => without(of, suffix, 'suffix'),
  split,
  basename: ([of]) => lastSegment(of),
  dirname: ([of]) => withoutLastSegment(of),
};

function same(part: string): string {
  return part;
}

/** Changes the literal stretches at both ends; a gap there is a gap still. */
function atEdges(of: Values | undefined, atStart: Edge, atEnd: Edge): Values {
  return alternatives(
    (of ?? unknown).map((value) => {
      const pattern = patternOf(value);
      return {
        kind: 'text',
        pattern: pattern.map((part, index) => {
          if (typeof part !== 'string') return part;
          const started = index === 0 ? atStart(part) : part;
          return index === pattern.length - 1 ? atEnd(started) : started;
        }),
      };
    }),
  );
}

function trimSet([of, characters]: readonly Values[]): Values {
  const set = characters === undefined ? undefined : scalarOf(characters);
  if (typeof set !== 'string') return unknown;
  return atEdges(
    of,
    (part) => part.slice(runOf(part, set)),
    (part) => part.slice(0, part.length - runOf(part.split('').toReversed().join(''), set)),
  );
}

/** The number of characters of a set that a text begins with. */
function runOf(part: string, set: string): number {
  let length = 0;
  while (length < part.length && set.includes(part.charAt(length))) length += 1;
  return length;
}

/** Only for text without gaps: a gap at the end may or may not end with it. */
function without(of: Values | undefined, affix: Values | undefined, side: 'prefix' | 'suffix'): Values {
  const removed = affix === undefined ? undefined : scalarOf(affix);
  if (typeof removed !== 'string' || removed === '') return unknown;
  return alternatives(
    (of ?? unknown).flatMap((value): Values => {
      const literal = literalOf(patternOf(value));
      if (literal === undefined) return unknown;
      if (side === 'prefix')
        return text(literal.startsWith(removed) ? literal.slice(removed.length) : literal);
      return text(literal.endsWith(removed) ? literal.slice(0, -removed.length) : literal);
    }),
  );
}

/** A text of this length and more is not a name, nor part of one. */
const longestSplit = 1000;

/**
 * `split("-", text)` of Terraform, `split(text, '-')` of Bicep and ARM: distinguished by which of the two holds the other.
 */
function split([left, right]: readonly Values[]): Values {
  const [one, two] = [left, right].map((values) => (values === undefined ? undefined : scalarOf(values)));
  if (typeof one !== 'string' || typeof two !== 'string' || one === two) return unknown;
  const [whole, separator] = one.includes(two) ? [one, two] : [two, one];
  if (separator === '' || !whole.includes(separator) || whole.length > longestSplit) return unknown;
  if (holdsPath(whole)) return unknown;
  return listOf(whole.split(separator).map((part) => () => text(part)));
}

/** The folder of a path without gaps; of a path of one segment, which a path of the checkout is not, it is `.`. */
function withoutLastSegment(of: Values | undefined): Values {
  return alternatives(
    (of ?? unknown).flatMap((value): Values => {
      const path = literalOf(patternOf(value));
      const slash = path?.lastIndexOf('/') ?? -1;
      if (path === undefined || (slash === -1 && holdsPath(path))) return unknown;
      return text(slash === -1 ? '.' : path.slice(0, slash));
    }),
  );
}

function lastSegment(of: Values | undefined): Values {
  return alternatives(
    (of ?? unknown).flatMap((value): Values => {
      const pattern: NamePattern = patternOf(value);
      const last = pattern.at(-1);
      if (typeof last === 'string' && !last.includes('/') && holdsPath(last)) return unknown;
      const path = typeof last === 'string' ? last.replace(/\/+$/, '') : '';
      const isKnown = pattern.length === 1 || path.includes('/');
      return isKnown && path !== '' ? text(path.slice(path.lastIndexOf('/') + 1)) : unknown;
    }),
  );
}
