import type { Json } from './json.ts';

/** The value of a field as a scan found it. `words` says in reports what there is instead of a value. */
export type FieldValue =
  | { readonly kind: 'read'; readonly value: Json }
  /** `unset`, or `unset (…)` with what that means to the service. */
  | { readonly kind: 'unset'; readonly words: string }
  /** `could not be read`, or `could not be read: ` and a value of a kind that Azure never writes, as JSON. */
  | { readonly kind: 'unreadable'; readonly words: string };

/** One fact behind a verdict. */
export interface Evidence {
  readonly field: string;
  /** The value itself where equality is expected; else the expectation in words: `at least 90`. */
  readonly expected: Json;
  readonly actual: FieldValue;
}

/** One fact as JSON documents carry it: `state` says that `actual` is words, and not the value that was read. */
export interface EvidenceJson {
  readonly field: string;
  readonly expected: Json;
  readonly actual: Json;
  readonly state?: 'unset' | 'unreadable';
}

/** The value that was read, or the words for what there is instead. */
export function valueOrWords(actual: FieldValue): Json {
  return actual.kind === 'read' ? actual.value : actual.words;
}

/** Writes a fact for a JSON document. */
export function evidenceToJson({ field, expected, actual }: Evidence): EvidenceJson {
  const fact = { field, expected, actual: valueOrWords(actual) };
  return actual.kind === 'read' ? fact : { ...fact, state: actual.kind };
}

/** Reads a fact back. Reports of version 1.0 have no `state`: there, words are read as the text that they are. */
export function evidenceFromJson({ field, expected, actual, state }: EvidenceJson): Evidence {
  if (state === undefined) return { field, expected, actual: { kind: 'read', value: actual } };
  const words = typeof actual === 'string' ? actual : JSON.stringify(actual);
  return { field, expected, actual: { kind: state, words } };
}
