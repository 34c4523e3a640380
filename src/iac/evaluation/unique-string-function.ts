import { uniqueString } from '../identity/unique-string.ts';
import { type Gap, literalOf, type NamePattern } from '../name-pattern.ts';
import { concatenate, patternOf, text, type Values } from './value.ts';

/**
 * `uniqueString` of Bicep and ARM: known where its arguments are, and for each vault where they are facts of the vault
 * itself; else thirteen letters and digits.
 */
export function uniqueStringOf(args: readonly Values[]): Values {
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
