import { isTooLong } from './budget.ts';
import { type Gap, literalOf, type NamePattern } from './name-pattern.ts';
import { uniqueString } from './unique-string.ts';
import { concatenate, numberOf, patternOf, scalarOf, text, unknown, type Values } from './value.ts';

type TextFunction = (args: readonly Values[]) => Values;

/** Functions whose text nobody writes, by their names in lower case. */
export const inventedText: Readonly<Record<string, TextFunction>> = {
  uniquestring: uniqueStringOf,
  'invented()': invented,
  guid: () => gap(36, false),
  newguid: () => gap(36, false),
  uuid: () => gap(36, false),
};

function gap(length: number, plain: boolean): Values {
  return [{ kind: 'text', pattern: [{ min: length, max: length, plain }] }];
}

/** What is invented when the code runs: so many characters, and so many again; letters and digits, if not special. */
function invented([length, special, again]: readonly Values[]): Values {
  const [count, more] = [numberOf(length), again === undefined ? 0 : numberOf(again)];
  if (count === undefined || more === undefined) return unknown;
  const isPlain = special !== undefined && scalarOf(special) === false;
  return isTooLong(count + more) || count < 0 ? unknown : gap(count + more, isPlain);
}

/**
 * `uniqueString` of Bicep and ARM: known where its arguments are, and for each vault where they are facts of the vault
 * itself; else thirteen letters and digits.
 */
function uniqueStringOf(args: readonly Values[]): Values {
  const joined = concatenate(args.flatMap((values, index) => (index === 0 ? [values] : [text('-'), values])));
  return joined.flatMap((value): Values => {
    const of = patternOf(value);
    const literal = literalOf(of);
    return literal === undefined ? [{ kind: 'text', pattern: [gapOf(of)] }] : text(uniqueString(literal));
  });
}

const length = 13;

function gapOf(of: NamePattern): Gap {
  const gap: Gap = { min: length, max: length, plain: true, base32: true };
  const isOwn = of.every((part) => typeof part === 'string' || part.origin?.kind === 'own');
  return isOwn ? { ...gap, origin: { kind: 'hash', of, start: 0, end: length } } : gap;
}
