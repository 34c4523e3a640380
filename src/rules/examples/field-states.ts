import { parsePath, type Step } from '../../model/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Actual } from '../../model/rule.ts';
import type { FieldState } from '../../model/rule-tests.ts';
import { fits, type Form, formAt, formOfType } from '../../resource-types/form.ts';
import { knownType } from '../../resource-types/known-type.ts';

/** The states that a rule has to be shown in for a field that it reads, in the order of a report. */
export function statesToShow(path: string, resourceType: string): readonly FieldState[] {
  if (alwaysThere.has(path)) return [];
  const isTyped = formOfField(path, resourceType) !== undefined || isTagOfKnownType(path, resourceType);
  return ['unset', 'null', ...(path.endsWith('[*]') ? emptyList : []), ...(isTyped ? wrongType : [])];
}

const emptyList = ['empty'] as const;
const wrongType = ['wrongType'] as const;

/** Every source has them, as text: a resource without one is none. */
const alwaysThere = new Set(['id', 'name', 'type', 'resourceGroup', 'subscriptionId']);

/** The form of a field of a resource type; for a path that ends in `[*]`, that of an element. */
export function formOfField(path: string, resourceType: string): Form | undefined {
  const form = formOfType(resourceType);
  return form === undefined ? undefined : formAt(form, path);
}

function isTagOfKnownType(path: string, resourceType: string): boolean {
  return path.startsWith("tags['") && knownType(resourceType) !== undefined;
}

/** The states in which a body has a field: several where it has it in several elements of a list. */
export function statesOf(body: JsonObject, path: string, resourceType: string): ReadonlySet<FieldState> {
  return new Set(statesBelow(body, stepsIn(body, path), formOfField(path, resourceType)));
}

function* statesBelow(
  value: Actual,
  [step, ...rest]: readonly Step[],
  form: Form | undefined,
): Iterable<FieldState> {
  if (step === undefined) {
    if (value === undefined || value === null) yield value === null ? 'null' : 'unset';
    else yield form === undefined || fits(value, form) ? 'value' : 'wrongType';
  } else if (step.kind === 'each') yield* statesOfElements(value, rest, form);
  else if (value === undefined || value === null) yield 'unset';
  else if (isJsonObject(value)) yield* statesBelow(value[step.key], rest, form);
  // Of a tag, nothing but the whole of the tags can be of a wrong type.
  else if (form === undefined) yield 'wrongType';
}

function* statesOfElements(
  list: Actual,
  rest: readonly Step[],
  form: Form | undefined,
): Iterable<FieldState> {
  const isAll = rest.length === 0;
  if (list === undefined || list === null) {
    if (isAll) yield list === null ? 'null' : 'unset';
  } else if (!Array.isArray(list)) {
    if (isAll) yield 'wrongType';
  } else if (list.length === 0 && isAll) yield 'empty';
  else for (const one of list) yield* one === null ? (['wrongType'] as const) : statesBelow(one, rest, form);
}

/** The steps of a path, a tag by the name that the body has for it: Azure ignores letter case in those. */
function stepsIn(body: JsonObject, path: string): readonly Step[] {
  const [first, second, ...rest] = parsePath(path);
  const { tags } = body;
  if (!path.startsWith("tags['") || first === undefined || second?.kind !== 'key' || !isJsonObject(tags))
    return parsePath(path);
  const wanted = second.key.toLowerCase();
  const key = Object.keys(tags).find((name) => name.toLowerCase() === wanted) ?? second.key;
  return [first, { kind: 'key', key }, ...rest];
}

/** A body with a field in a state; of a field of elements, the first element has it so. */
export function inState(
  body: JsonObject,
  { path, state, resourceType }: Readonly<Record<'path' | 'resourceType', string>> & { state: FieldState },
): JsonObject {
  const isTag = path.startsWith("tags['");
  if (state === 'wrongType')
    return withField(body, isTag ? 'tags' : listOf(path), misfit(path, formOfField(path, resourceType)));
  const value = state === 'null' ? null : state === 'empty' ? [] : undefined;
  return withField(body, listOf(path), value);
}

function listOf(path: string): string {
  return path.endsWith('[*]') ? path.slice(0, -'[*]'.length) : path;
}

function misfit(path: string, form: Form | undefined): Json {
  if (path.endsWith('[*]') || form === undefined) return 'none';
  return { boolean: 'maybe', integer: 'ninety', string: 90, object: 'none', array: 'none' }[form.type];
}

/**
 * A body with another value in a field; `undefined` takes the field away. Objects on the way to it are made. Of a list on
 * the way, the first element gets it; a path that ends in `[*]` makes a list of this one element, or none for `undefined`.
 */
export function withField(body: JsonObject, path: string, value: Json | undefined): JsonObject {
  const changed = changedAt(body, stepsIn(body, path), value);
  return isJsonObject(changed) ? changed : body;
}

/** The same below an element of a list, which may be the value itself. */
export function changedAt(
  from: Json | undefined,
  [step, ...rest]: readonly Step[],
  value: Json | undefined,
): Json | undefined {
  if (step === undefined) return value;
  if (step.kind === 'each') {
    if (rest.length === 0) return value === undefined ? [] : [value];
    const [first, ...others]: readonly Json[] = Array.isArray(from) ? from : [];
    return [changedAt(first, rest, value) ?? {}, ...others];
  }
  const { [step.key]: old, ...others } = isJsonObject(from) ? from : {};
  const changed = changedAt(old, rest, value);
  if (!isJsonObject(from) || !Object.hasOwn(from, step.key))
    return changed === undefined ? others : { ...others, [step.key]: changed };
  return Object.fromEntries(
    Object.entries(from).flatMap(([key, each]) => {
      if (key !== step.key) return [[key, each]];
      return changed === undefined ? [] : [[key, changed]];
    }),
  );
}
