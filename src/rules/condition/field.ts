import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Actual } from '../../model/rule.ts';
import { isAtOrBelow, parsePath, type Step } from '../../model/field-path.ts';

/** The subject of a condition: a body, the parts of it that could not be read, and the elements being counted. */
export interface Subject {
  readonly body: JsonObject;
  readonly gaps: readonly string[];
  /** The current element of every surrounding `count`, outermost first. */
  readonly elements: readonly Json[];
}

/** A field of the resource, or of the element that a surrounding `count` is counting. */
export interface Field {
  readonly path: string;
  /** True when the path holds `[*]`: then the field is a collection, and a comparison means every element. */
  readonly collection: boolean;
  /** True when the field, or any part of it, could not be read. */
  readonly isUnknown: (subject: Subject) => boolean;
  /** The value; `undefined` where it is missing or null. For a field without `[*]`. */
  readonly read: (subject: Subject) => Actual;
  /** The values selected by a path with `[*]`; none where the array is missing. */
  readonly readAll: (subject: Subject) => readonly Actual[];
}

/**
 * Compiles access to a field. `counted` are the paths of the surrounding `count` fields, outermost first: a path that
 * starts with one of them is read from its current element, as in Azure Policy.
 */
export function compileField(path: string, counted: readonly string[]): Field {
  const scope = counted.findLastIndex((prefix) => isAtOrBelow(path, prefix));
  const steps = parsePath(scope === -1 ? path : path.slice((counted[scope] ?? '').length));
  const start = (subject: Subject): Actual => (scope === -1 ? subject.body : subject.elements[scope]);
  const tag = scope === -1 ? tagNamed(steps) : undefined;
  return {
    path,
    collection: steps.some((step) => step.kind === 'each'),
    isUnknown: ({ gaps }) => gaps.some((gap) => isAtOrBelow(path, gap) || isAtOrBelow(gap, path)),
    read: tag ?? ((subject) => walk(start(subject), steps)),
    readAll: (subject) => select(start(subject), steps),
  };
}

/** Azure ignores letter case in the names of tags. */
function tagNamed([first, second, ...rest]: readonly Step[]): Field['read'] | undefined {
  if (first?.kind !== 'key' || first.key !== 'tags' || second?.kind !== 'key' || rest.length > 0)
    return undefined;
  const wanted = second.key.toLowerCase();
  return ({ body }) => {
    const tags = member(body, 'tags');
    if (!isJsonObject(tags)) return undefined;
    const name = Object.keys(tags).find((key) => key.toLowerCase() === wanted);
    return name === undefined ? undefined : (tags[name] ?? undefined);
  };
}

function walk(from: Actual, steps: readonly Step[]): Actual {
  let value = from;
  for (const step of steps) {
    value = step.kind === 'key' ? member(value, step.key) : undefined;
    if (value === undefined) return undefined;
  }
  return value ?? undefined;
}

/** Follows one value while there is one; arrays are only made where an array fans out again. */
function select(from: Actual, steps: readonly Step[], at = 0): readonly Actual[] {
  const step = steps[at];
  if (step === undefined) return [from];
  if (step.kind === 'key') return select(member(from, step.key), steps, at + 1);
  const items = elements(from);
  return at === steps.length - 1 ? items : items.flatMap((item) => select(item, steps, at + 1));
}

function member(value: Actual, key: string): Actual {
  return isJsonObject(value) && Object.hasOwn(value, key) ? (value[key] ?? undefined) : undefined;
}

function elements(value: Actual): readonly Actual[] {
  return Array.isArray(value) ? value : [];
}
