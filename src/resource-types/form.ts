import { isJsonObject, type Json } from '../model/json.ts';
import { parsePath, type Step } from '../model/field-path.ts';
import { resourceTypes } from './index.ts';
import type { FieldType } from './resource-type.ts';

/** The kind of a value where there is one, with the forms of its parts, or of each of its elements. */
export interface Form {
  readonly type: 'string' | 'boolean' | 'integer' | 'object' | 'array';
  readonly parts: ReadonlyMap<string, Form>;
  readonly each?: Form;
  /** The texts that are known to stand there, though Azure may add more. */
  readonly values?: readonly string[] | undefined;
}

/** The form of a resource type in any letter case: all that its known fields say. `undefined` for other types. */
export function formOfType(resourceType: string): Form | undefined {
  return forms.get(resourceType) ?? forms.get(resourceType.toLowerCase());
}

/** The form of what stands at a path; `undefined` where nothing is known of it. */
export function formAt(form: Form, path: string): Form | undefined {
  return parsePath(path).reduce<Form | undefined>(
    (at, step) => (step.kind === 'each' ? at?.each : at?.parts.get(step.key)),
    form,
  );
}

/**
 * The form of a field of any of some resource types, with all the parts that it has in them; `undefined` where it is known
 * of none, `mixed` where they differ.
 */
export function formOfPath(path: string, resourceTypes: readonly string[]): Form | 'mixed' | undefined {
  const known = resourceTypes.map(formOfType).flatMap((form) => (form && formAt(form, path)) ?? []);
  return known.length === 0 ? undefined : (unite(known) ?? 'mixed');
}

function unite(known: readonly Form[]): Form | undefined {
  const [first] = known;
  if (first === undefined || known.some(({ type }) => type !== first.type)) return undefined;
  const parts = new Map<string, Form>();
  for (const name of new Set(known.flatMap((form) => [...form.parts.keys()]))) {
    const part = unite(known.flatMap((form) => form.parts.get(name) ?? []));
    if (part === undefined) return undefined;
    parts.set(name, part);
  }
  const elements = known.flatMap(({ each }) => each ?? []);
  const each = unite(elements);
  if (each === undefined && elements.length > 0) return undefined;
  const words = known.map(({ values }) => values ?? []);
  const values = words.every((some) => some.length > 0) ? [...new Set(words.flat())] : undefined;
  return { type: first.type, parts, values, ...(each === undefined ? {} : { each }) };
}

/** True for a value that Azure may write there, or leave out: of the kind, and with parts of theirs. */
export function fits(value: Json | undefined, { type, parts, each }: Form): boolean {
  if (value === undefined || value === null) return true;
  if (type === 'boolean') return typeof value === 'boolean' || isText(value, /^(?:true|false)$/iu);
  if (type === 'integer') return typeof value === 'number' || isText(value, /^-?\d+(?:\.\d+)?$/u);
  if (type === 'string') return typeof value === 'string';
  if (type === 'array')
    return (
      Array.isArray(value) &&
      (each === undefined || value.every((one: Json) => one !== null && fits(one, each)))
    );
  if (!isJsonObject(value)) return false;
  for (const name in value) {
    const part = parts.get(name);
    if (part !== undefined && !fits(value[name], part)) return false;
  }
  return true;
}

/**
 * The paths of values that do not fit. A fault in a list is reported for the whole list, and where that is part of an
 * object, for the object: what counts elements cannot do without any of them.
 */
export function misfits(value: Json | undefined, form: Form, path = ''): readonly string[] {
  if (fits(value, form)) return [];
  if (form.type !== 'object' || !isJsonObject(value)) return [path];
  const found: string[] = [];
  for (const [name, part] of form.parts) {
    const below = misfits(value[name], part, path === '' ? name : `${path}.${name}`);
    found.push(...(below.length > 0 && part.type === 'array' && path.includes('.') ? [path] : below));
  }
  return [...new Set(found)];
}

/** Templates, CSV and Terraform write `true` and `90` as text, which Azure Policy compares alike. */
function isText(value: Json, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

interface Growing {
  type: Form['type'];
  readonly parts: Map<string, Growing>;
  each?: Growing;
  values?: readonly string[];
}

function grow(fields: readonly (readonly [string, FieldType])[]): Form {
  const root = growing();
  for (const [path, type] of fields) {
    const at = parsePath(path).reduce(below, root);
    at.type = typeof type === 'string' ? type : 'string';
    if (typeof type !== 'string') at.values = type;
  }
  return root;
}

function growing(): Growing {
  return { type: 'object', parts: new Map() };
}

function below(form: Growing, step: Step): Growing {
  if (step.kind === 'each') return (form.each ??= growing());
  const known = form.parts.get(step.key) ?? growing();
  form.parts.set(step.key, known);
  return known;
}

/** The forms of all types, by their names as Azure spells them and in lower case. */
export const forms: ReadonlyMap<string, Form> = new Map(
  resourceTypes.flatMap(({ type, fields }) => {
    const form = grow(Object.entries(fields));
    return [type.toLowerCase(), type].map((name): [string, Form] => [name, form]);
  }),
);

/**
 * A regular expression that the JSON text of a value has to match as a whole to be of a form: names in Azure's spelling,
 * values of the kind that Azure writes, no others. `undefined` where the form leaves open what may be there. What does not
 * match is for the evaluator. RE2, the expressions of Rust (Kusto has changed from one to the other) and JavaScript read it alike.
 *
 * A text may end too early here, at an escaped quote. Nothing is mistaken for well-formed by that: a quote that begins a
 * text in the pattern follows a bracket, a comma or a colon, and an escaped one follows its backslash.
 */
export function patternOfForm({ type, parts, each }: Form): string | undefined {
  if (type === 'string') return '"[^"]*"';
  if (type === 'boolean') return '(true|false)';
  if (type === 'integer') return '-?[0-9]+';
  if (type === 'object') return objectPattern(parts);
  const element = each === undefined ? undefined : patternOfForm(each);
  return element === undefined ? undefined : `\\[(${element}|,)*]`;
}

function objectPattern(parts: Form['parts']): string | undefined {
  const namesBy = new Map<string, string[]>();
  for (const [name, part] of parts) {
    const pattern = memberPattern(part);
    if (pattern === undefined || !/^\w+$/.test(name)) return undefined;
    namesBy.set(pattern, [...(namesBy.get(pattern) ?? []), name]);
  }
  const members = Array.from(namesBy, ([pattern, [first = '', ...rest]]) => {
    return `"${rest.length === 0 ? first : `(${[first, ...rest].join('|')})`}":${pattern}`;
  });
  if (members.length === 0) return undefined;
  return parts.size === 1 ? `\\{(${members.join('')})?}` : `\\{(${members.join('|')}|,)*}`;
}

/** A list or a flag may be null, which the evaluator takes for unset. A text that is null is left to the evaluator. */
function memberPattern(form: Form): string | undefined {
  // JSON has no other bare words than `true`, `false` and `null`.
  if (form.type === 'boolean') return '[a-z]+';
  const pattern = patternOfForm(form);
  return pattern === undefined || form.type !== 'array' ? pattern : `(${pattern}|null)`;
}
