import { isAtOrBelow, parsePath, type Step } from '../../model/field-path.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import type { GraphColumn } from '../../resource-types/resource-type.ts';
import { and, type Kql, never, or, test } from './expression.ts';
import { memberPath } from './literal.ts';
import { jsonNamesKey, jsonShowsKey } from './text.ts';
import type { KqlValue } from './value.ts';

/** Where a path leads: into a dynamic column, to a column of text, to nothing, or out of what a query can see. */
export type Place = SeenPlace | { readonly kind: 'missing' } | { readonly kind: 'unseen' };

/** A place in a row; `path` is KQL. */
export interface SeenPlace {
  readonly kind: 'dynamic' | 'text';
  readonly path: string;
  /** The name of the tag that is there. */
  readonly tag?: string;
  /** What holds the place and is searched as text for other spellings of `key`: a column, or the list around an element. */
  readonly root?: string;
  /** The name of the member that is there. */
  readonly key?: string;
  /** The object that a member stands in, where it is not the root. */
  readonly parent?: string;
}

/** The path of a `count` around a condition, and the element that it stands at. */
export interface Scope {
  readonly path: string;
  readonly element: Place;
}

/** Finds where a field starts, and the steps that lead on from there, as the evaluator does. */
export function locate(
  path: string,
  scopes: readonly Scope[],
): { readonly start: Place; readonly steps: readonly Step[] } {
  const scope = scopes.findLast((scope) => isAtOrBelow(path, scope.path));
  if (scope !== undefined) return { start: scope.element, steps: parsePath(path.slice(scope.path.length)) };
  const [root, ...steps] = parsePath(path);
  return { start: root?.kind === 'key' ? column(root.key) : { kind: 'unseen' }, steps };
}

/** The member of a place. */
export function memberOf(place: Place, key: string): Place {
  if (place.kind === 'dynamic') {
    const path = memberPath(place.path, key);
    if (place.path === 'tags') return { kind: 'dynamic', path, tag: key };
    const { root, path: parent } = place;
    if (root === undefined) return { kind: 'dynamic', path };
    return { kind: 'dynamic', path, root, key, ...(place.key === undefined ? {} : { parent }) };
  }
  return place.kind === 'text' ? { kind: 'missing' } : place;
}

/** What is at a place in a row. */
export function valueAt(place: SeenPlace): KqlValue {
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
  const found = mayBeElsewhere(place);
  return {
    raw: path,
    text: `tostring(${path})`,
    present: found ?? test(`isnotnull(${path})`),
    absent,
    caseKept: true,
    ...(path === 'tags' ? { absentAs: {} } : {}),
    ...(tag === undefined ? {} : { respelt: and([absent, jsonShowsKey('tostring(tags)', tag)]) }),
    ...(found === undefined ? {} : { respelt: and([absent, found]) }),
  };
}

/**
 * Where the evaluator may find a value that a path in KQL does not lead to: the name is there in another letter case,
 * or what should hold it is no object, so that it cannot be read. Holds wherever the value is present, too.
 */
function mayBeElsewhere({ root, key, parent }: SeenPlace): Kql | undefined {
  if (root === undefined || key === undefined) return undefined;
  const isOdd =
    parent === undefined ? never : and([test(`isnotnull(${parent})`), test(`isnull(bag_keys(${parent}))`)]);
  return or([jsonNamesKey(`tostring(${root})`, key), isOdd]);
}

/** Where a list is none as far as KQL can see, and its name is there: spelt in another letter case, or of another type. */
export function isOddList({ path, root, key }: SeenPlace): Kql {
  if (root === undefined || key === undefined) return never;
  return and([test(`isnull(array_length(${path}))`), jsonNamesKey(`tostring(${root})`, key)]);
}

/** The columns that a scan reads; of others the evaluator would see nothing. */
const columns: ReadonlyMap<string, GraphColumn> = new Map(
  resourceTypes.flatMap(({ resourceGraph }) => Object.entries(resourceGraph?.columns ?? {})),
);

function column(name: string): Place {
  const holds = columns.get(name);
  if (holds === 'text' || holds === 'lowered') return { kind: 'text', path: name };
  if (holds !== 'dynamic') return { kind: 'unseen' };
  return { kind: 'dynamic', path: name, ...(name === 'tags' ? {} : { root: name }) };
}
