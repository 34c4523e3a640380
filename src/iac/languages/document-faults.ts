import type { Entry, Expression } from './expression.ts';

/** A mistake in a document, and the offset of the key or the object that it is about. */
export interface DocumentFault {
  readonly at: number;
  readonly message: string;
}

/**
 * Keys that are there twice in one object, in a language where names differ by letter case or do not: a reader keeps one of the
 * values, and nobody can tell which one is meant.
 */
export function* repeatedMembers(
  document: Expression,
  nameOf: (key: string) => string,
): Generator<DocumentFault> {
  const open: Expression[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'array') open.push(...next.items);
    if (next.kind !== 'object') continue;
    const seen = new Set<string>();
    for (const { key = '', at, value } of next.entries) {
      if (seen.has(nameOf(key)))
        yield { at, message: `the key ${JSON.stringify(key)} is repeated in one object` };
      seen.add(nameOf(key));
      open.push(value);
    }
  }
}

/** The first ones of many faults, in the order of the document. */
export function firstFaults(faults: Iterable<DocumentFault>): readonly DocumentFault[] {
  return [...faults].toSorted((one, other) => one.at - other.at).slice(0, mostFaults);
}

const mostFaults = 20;

/** The members of an object; none of anything else. */
export function entriesIn(object: Expression | undefined): readonly Entry[] {
  return object?.kind === 'object' ? object.entries : [];
}
