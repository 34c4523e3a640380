import { isAtOrBelow, parsePath, type Step } from '../../model/field-path.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import type { GraphColumn } from '../../resource-types/resource-type.ts';
import { and, type Kql, never, or, test } from './expression.ts';
import { columnPath, memberPath } from './literal.ts';
import { jsonNamesKey, jsonShowsKey } from './text.ts';
import type { KqlValue } from './value.ts';

/** The target of a path: in a dynamic column, a column of text, nothing, or out of what a query can see. */
export type Place = RowPlace | { readonly kind: 'missing' } | { readonly kind: 'outside' };

/** A place in a row; `path` is KQL. */
export interface RowPlace {
  readonly kind: 'dynamic' | 'text';
  readonly path: string;
  /** The name of the tag that is there. */
  readonly tag?: string;
  readonly isColumn?: true;
  /** The member of a column that the place is, or is in: its name may be there in another letter case. */
  readonly member?: { readonly column: string; readonly name: string; readonly path: string };
}

/** The path of a `count` around a condition, and the element that it stands at. */
export interface Scope {
  readonly path: string;
  readonly element: Place;
}

/** The context of a condition: the resource types of its rule, and the elements of the `count`s around it, outermost first. */
export interface ConditionContext {
  readonly types: readonly string[];
  readonly scopes: readonly Scope[];
}

/** True for a field of an element that a surrounding `count` stands at, and not of the resource. */
export function isInElement(path: string, { scopes }: ConditionContext): boolean {
  return scopes.some((scope) => isAtOrBelow(path, scope.path));
}

/** Finds where a field starts, and the steps that lead on from there, as the evaluator does. */
export function locate(
  path: string,
  scopes: readonly Scope[],
): { readonly start: Place; readonly steps: readonly Step[] } {
  const scope = scopes.findLast((scope) => isAtOrBelow(path, scope.path));
  if (scope !== undefined) return { start: scope.element, steps: parsePath(path.slice(scope.path.length)) };
  const [root, ...steps] = parsePath(path);
  return { start: root?.kind === 'key' ? column(root.key) : { kind: 'outside' }, steps };
}

/** The member of a place. */
export function memberOf(place: Place, key: string): Place {
  if (place.kind === 'text') return { kind: 'missing' };
  if (place.kind !== 'dynamic') return place;
  const path = memberPath(place.path, key);
  if (place.path === 'tags') return { kind: 'dynamic', path, tag: key };
  if (place.isColumn === true)
    return { kind: 'dynamic', path, member: { column: place.path, name: key, path } };
  return { ...place, path };
}

/** The value at a place in a row. */
export function valueAt(place: RowPlace): KqlValue {
  const { kind, path, tag } = place;
  if (kind === 'text') {
    return {
      raw: path,
      text: path,
      present: test(`isnotempty(${path})`),
      absent: test(`isempty(${path})`),
      caseKept: columns.get(path) !== 'lowered',
      absentAs: '',
    };
  }
  const absent = test(`isnull(${path})`);
  const respelt = tag === undefined ? isRespelt(place) : and([absent, jsonShowsKey('tostring(tags)', tag)]);
  return {
    raw: path,
    text: `tostring(${path})`,
    present: isPresent(place, respelt),
    absent,
    caseKept: true,
    ...(path === 'tags' ? { absentAs: {} } : {}),
    ...(respelt === never ? {} : { respelt }),
  };
}

/** A name that is there in any letter case says as much of a member of a column as its value. */
function isPresent({ path, member, tag }: RowPlace, respelt: Kql): Kql {
  if (path === member?.path) return jsonNamesKey(`tostring(${member.column})`, member.name);
  const isThere = test(`isnotnull(${path})`);
  return tag === undefined ? or([isThere, respelt]) : isThere;
}

/** Rows in which the evaluator finds a value that a path in KQL does not lead to: its name is spelt in another letter case. */
function isRespelt({ member }: RowPlace): Kql {
  if (member === undefined) return never;
  return and([test(`isnull(${member.path})`), jsonNamesKey(`tostring(${member.column})`, member.name)]);
}

/** Rows without a list that KQL can see, but with its name: spelt in another letter case, or with a value of another type. */
export function isDoubtfulList({ path, member }: RowPlace): Kql {
  if (member === undefined) return never;
  const isNone = test(`isnull(array_length(${path}))`);
  return and([isNone, jsonNamesKey(`tostring(${member.column})`, member.name)]);
}

/** The columns that a scan reads; of others the evaluator would see nothing. */
const columns: ReadonlyMap<string, GraphColumn> = new Map(
  resourceTypes.flatMap(({ resourceGraph }) => Object.entries(resourceGraph?.columns ?? {})),
);

function column(name: string): Place {
  const holds = columns.get(name);
  if (holds === 'text' || holds === 'lowered') return { kind: 'text', path: name };
  if (holds !== 'dynamic') return { kind: 'outside' };
  return { kind: 'dynamic', path: columnPath(name), isColumn: true };
}
