import type { Json } from './json.ts';

/** The value of a field as a scan found it. `words` says in reports what there is instead of a value. */
export type FieldValue =
  | {
      readonly kind: 'read';
      readonly value: Json;
      /** The part of a long value that decided, for readers: `objectId …: keys, secrets`. */
      readonly words?: string;
    }
  /** `unset`, or `unset (…)` with what that means to the service. */
  | { readonly kind: 'unset'; readonly words: string }
  /** `could not be read`, or `could not be read: ` and a value of a kind that Azure never writes, as JSON. */
  | { readonly kind: 'unreadable'; readonly words: string };

/**
 * The place of a fact among alternatives of which one is enough. Facts of one group and one option go together. Both count
 * from 1, groups over all the facts of a verdict.
 */
export interface Alternative {
  readonly group: number;
  readonly option: number;
  /** The option of another group of which this group is a part. */
  readonly within?: Alternative;
}

/** One fact behind a verdict. */
export interface Evidence {
  readonly field: string;
  /** The value itself where equality is expected; else the expectation in words: `at least 90`. */
  readonly expected: Json;
  readonly actual: FieldValue;
  /** Absent where the fact alone decided. */
  readonly alternative?: Alternative;
}

/** One fact as JSON documents carry it: `state` says that `actual` is words, and not the value that was read. */
export interface EvidenceJson {
  readonly field: string;
  readonly expected: Json;
  readonly actual: Json;
  readonly state?: 'unset' | 'unreadable';
  readonly words?: string;
  readonly alternative?: Alternative;
}

/** The value that was read, or the words for what there is instead. */
export function valueOrWords(actual: FieldValue): Json {
  return actual.kind === 'read' ? actual.value : actual.words;
}

/** The value that a reader is shown, or the words for it. */
export function shownValue(actual: FieldValue): Json {
  return actual.kind === 'read' ? (actual.words ?? actual.value) : actual.words;
}

/** Writes a fact for a JSON document. */
export function evidenceToJson({ field, expected, actual, alternative }: Evidence): EvidenceJson {
  return {
    field,
    expected,
    actual: valueOrWords(actual),
    ...(actual.kind === 'read' ? wordsIn(actual) : { state: actual.kind }),
    ...(alternative === undefined ? {} : { alternative: alternativeInOrder(alternative) }),
  };
}

function alternativeInOrder({ group, option, within }: Alternative): Alternative {
  return { group, option, ...(within === undefined ? {} : { within: alternativeInOrder(within) }) };
}

function wordsIn({ words }: { readonly words?: string | undefined }): { readonly words?: string } {
  return words === undefined ? {} : { words };
}

/** Reads a fact back. Reports of version 1.0 have no `state`: there, words are read as the text that they are. */
export function evidenceFromJson(fact: EvidenceJson): Evidence {
  const { field, expected, alternative } = fact;
  return {
    field,
    expected,
    actual: actualFromJson(fact),
    ...(alternative === undefined ? {} : { alternative }),
  };
}

function actualFromJson({ actual, state, words }: EvidenceJson): FieldValue {
  if (state === undefined) return { kind: 'read', value: actual, ...wordsIn({ words }) };
  return { kind: state, words: typeof actual === 'string' ? actual : JSON.stringify(actual) };
}
