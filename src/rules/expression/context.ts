import type { Json } from '../../model/json.ts';
import { isAtOrBelow } from '../../model/field-path.ts';
import { compileField, type Field, type Subject } from '../condition/field.ts';
import type { ParameterValues } from '../condition/template.ts';
import { type Computation, notKnown } from './value.ts';

/** The surroundings of an expression. */
export interface ExpressionContext {
  readonly parameters: ParameterValues;
  /** The `count`s around it, outermost first: the path of the array, or what `valueScope` makes of a name. */
  readonly counted: readonly string[];
  /** The version of the API in force, where the rule is about known types. */
  readonly apiVersion?: string | undefined;
  /** Finds the path of a field by its name in Azure Policy: absent where no resource of the rule has it. */
  readonly pathOf: (name: string) => string | undefined | typeof notKnown;
}

/** A value that is known once and for all, or one that is worked out for each resource. */
export type CompiledValue =
  | { readonly kind: 'constant'; readonly value: Computation }
  | { readonly kind: 'computed'; readonly read: (subject: Subject) => Computation };

/** The value for a resource. */
export function valueFor(value: CompiledValue, subject: Subject): Computation {
  return value.kind === 'constant' ? value.value : value.read(subject);
}

/** The entry of a `count` of a list that is no field, among the paths of those that are. */
export function valueScope(name: string): string {
  return `current('${name.toLowerCase()}')`;
}

/** A value that is known once and for all. */
export function constant(value: Computation): CompiledValue {
  return { kind: 'constant', value };
}

/** A call that needs all of its arguments; worked out at once where all are constant. */
export function withAll(
  parts: readonly CompiledValue[],
  work: (values: readonly Json[]) => Computation,
): CompiledValue {
  return asNeeded(parts, (read) => {
    const values: Json[] = [];
    for (const index of parts.keys()) {
      const value = read(index);
      if (value === notKnown) return notKnown;
      values.push(value);
    }
    return work(values);
  });
}

/** A call that reads the arguments that it needs. */
export function asNeeded(
  parts: readonly (CompiledValue | undefined)[],
  work: (read: (index: number) => Computation) => Computation,
): CompiledValue {
  const reader =
    (subject: Subject) =>
    (index: number): Computation => {
      const part = parts[index];
      if (part === undefined) return notKnown;
      return part.kind === 'constant' ? part.value : part.read(subject);
    };
  const read = (subject: Subject): Computation => work(reader(subject));
  return parts.every((part) => part?.kind === 'constant')
    ? constant(read(nothing))
    : { kind: 'computed', read };
}

const nothing: Subject = { body: {}, gaps: [], elements: [] };

/** The field of that name; `undefined` where no resource of the rule has it, and `unknown` where it is not known. */
export function fieldNamed(
  name: string,
  { pathOf, counted }: Pick<ExpressionContext, 'pathOf' | 'counted'>,
): Field | undefined | typeof notKnown {
  const path = pathOf(name);
  return typeof path === 'string' ? compileField(path, counted) : path;
}

/** The value of a field for which what is not there is `missing`; of `[*]` a list, unless a count stands at one element. */
function fieldValue(field: Field | undefined | typeof notKnown, missing: Json): CompiledValue {
  if (field === notKnown) return constant(notKnown);
  if (field === undefined) return constant(missing);
  return {
    kind: 'computed',
    read(subject) {
      if (field.isUnknown(subject)) return notKnown;
      if (field.collection) return field.readAll(subject).map((value) => value ?? null);
      return field.read(subject) ?? missing;
    },
  };
}

/** `field('…[*]')` is a list, also of the one element that a count stands at. */
export function listed(field: Field | undefined | typeof notKnown): CompiledValue {
  const value = fieldValue(field, '');
  if (field === notKnown || field?.path.includes('[*]') !== true || field.collection) return value;
  return withAll([fieldValue(field, null)], (elements) => elements);
}

/** `current('name')` is the element that the count of that name stands at; of an alias, what the element has there. */
export function currentValue(name: string, context: ExpressionContext): CompiledValue {
  const scope = context.counted.lastIndexOf(valueScope(name));
  if (scope !== -1) return elementAt(scope, context);
  const field = fieldNamed(name, context);
  return fieldValue(field === notKnown || field === undefined ? notKnown : field, null);
}

/** The element that a count stands at; not known where a part of it could not be read. */
export function elementAt(scope: number, { counted }: Pick<ExpressionContext, 'counted'>): CompiledValue {
  const path = counted[scope] ?? '';
  return {
    kind: 'computed',
    read: ({ elements, gaps }) =>
      gaps.some((gap) => isAtOrBelow(gap, path)) ? notKnown : (elements[scope] ?? null),
  };
}

/** A field that every resource has, of which Azure Policy has no alias; not known where it is missing. */
export function scopeField(path: string, { counted }: Pick<ExpressionContext, 'counted'>): CompiledValue {
  const field = compileField(path, counted);
  return {
    kind: 'computed',
    read: (subject) => (field.isUnknown(subject) ? notKnown : (field.read(subject) ?? notKnown)),
  };
}
