import type { ExpressionCompiler } from '../context.ts';
import { toText } from '../conversion.ts';
import { literalOf } from '../literal.ts';
import { regexOf } from '../regex.ts';
import { items, part, unsupported } from '../syntax.ts';
import { fold } from '../value.ts';

/** Says something of a text and another that it is looked for in. */
export type TextTest = (text: string, other: string) => boolean;

/** The tests behind the operators, by the parser's name of the case-sensitive kind. */
export const textTests = {
  equals: (text, other) => text === other,
  contains: (text, other) => text.includes(other),
  startsWith: (text, other) => text.startsWith(other),
  endsWith: (text, other) => text.endsWith(other),
  has: (text, other) => hasTerm(text, other, { start: true, end: true }),
  hasPrefix: (text, other) => hasTerm(text, other, { start: true, end: false }),
  hasSuffix: (text, other) => hasTerm(text, other, { start: false, end: true }),
} satisfies Record<string, TextTest>;

/** How an operator differs from its plain form: `!contains` is negated, `contains_cs` minds the case. */
export interface TextOptions {
  readonly negated?: boolean;
  readonly caseSensitive?: boolean;
}

/** An operator on two texts; a dynamic is read as its text, null as the empty one. */
export function textOperator(test: TextTest, options: TextOptions = {}): ExpressionCompiler {
  const { negated = false, caseSensitive = false } = options;
  return (node, compiler) => {
    const [left, right] = [part(node, 'Left'), part(node, 'Right')];
    const [text, other] = [compiler.compile(left), compiler.compile(right)];
    const read = caseSensitive
      ? toText
      : (value: Parameters<typeof toText>[0], type: string) => fold(toText(value, type));
    const constant = literalOf(right);
    if (constant !== undefined) {
      const sought = read(constant, right.type ?? '');
      return (row) => test(read(text(row), left.type ?? ''), sought) !== negated;
    }
    return (row) => test(read(text(row), left.type ?? ''), read(other(row), right.type ?? '')) !== negated;
  };
}

/** `has_any` and `has_all` over a list of literals or a dynamic array literal. */
export function termList(every: boolean): ExpressionCompiler {
  return (node, compiler) => {
    const left = part(node, 'Left');
    const text = compiler.compile(left);
    const terms = items(part(node, 'Right'), 'Expressions').flatMap((item) => {
      const value = literalOf(item);
      if (value === undefined) throw unsupported(item, 'must be a constant here');
      return Array.isArray(value) ? value : [value];
    });
    const sought = terms.map((term) => fold(toText(term, 'dynamic')));
    return (row) => {
      const folded = fold(toText(text(row), left.type ?? ''));
      return every
        ? sought.every((term) => textTests.has(folded, term))
        : sought.some((term) => textTests.has(folded, term));
    };
  };
}

/** `matches regex`. */
export const compileMatchesRegex: ExpressionCompiler = (node, compiler) => {
  const left = part(node, 'Left');
  const pattern = literalOf(part(node, 'Right'));
  if (typeof pattern !== 'string') throw unsupported(node, 'needs a constant regular expression');
  const regex = regexOf(pattern);
  const text = compiler.compile(left);
  return (row) => regex.test(toText(text(row), left.type ?? ''));
};

// A term is a maximal run of letters and digits (Kusto, "What is a term?").
function hasTerm(
  text: string,
  term: string,
  edges: { readonly start: boolean; readonly end: boolean },
): boolean {
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const starts = !edges.start || !isWordAt(text, at - 1) || !isWordAt(term, 0);
    const ends = !edges.end || !isWordAt(text, at + term.length) || !isWordAt(term, term.length - 1);
    if (starts && ends) return true;
    if (term === '') return true;
  }
  return false;
}

function isWordAt(text: string, index: number): boolean {
  const character = text[index];
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
