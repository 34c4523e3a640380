import { isAtOrBelow, parsePath, type Step } from '../condition/field-path.ts';
import { and, test } from './expression.ts';
import { memberPath } from './literal.ts';
import { jsonShowsKey } from './text.ts';
import type { KqlValue } from './value.ts';

/** Where a path leads: into a dynamic column, to a column of text, to nothing, or out of what a query can see. */
export type Place = SeenPlace | { readonly kind: 'missing' } | { readonly kind: 'unseen' };

/** A place in a row; `path` is KQL. */
export interface SeenPlace {
  readonly kind: 'dynamic' | 'text';
  readonly path: string;
  /** The name of the tag that is there. */
  readonly tag?: string;
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
    return { kind: 'dynamic', path, ...(place.path === 'tags' ? { tag: key } : {}) };
  }
  return place.kind === 'text' ? { kind: 'missing' } : place;
}

/** What is at a place in a row. */
export function valueAt({ kind, path, tag }: SeenPlace): KqlValue {
  if (kind === 'text') {
    return {
      raw: path,
      text: path,
      present: test(`isnotempty(${path})`),
      absent: test(`isempty(${path})`),
      caseKept: !loweredColumns.has(path),
      absentAs: '',
    };
  }
  const absent = test(`isnull(${path})`);
  return {
    raw: path,
    text: `tostring(${path})`,
    present: test(`isnotnull(${path})`),
    absent,
    caseKept: true,
    ...(path === 'tags' ? { absentAs: {} } : {}),
    ...(tag === undefined ? {} : { respelt: and([absent, jsonShowsKey('tostring(tags)', tag)]) }),
  };
}

// The columns that a scan reads; of others the evaluator would see nothing.
const textColumns = new Set([
  'id',
  'name',
  'type',
  'location',
  'resourceGroup',
  'subscriptionId',
  'tenantId',
]);
// Resource Graph writes these in lower case, while a scan takes them as they are spelled in the id.
const loweredColumns = new Set(['type', 'resourceGroup', 'subscriptionId']);
const dynamicColumns = new Set(['properties', 'sku', 'tags']);

function column(name: string): Place {
  if (textColumns.has(name)) return { kind: 'text', path: name };
  return dynamicColumns.has(name) ? { kind: 'dynamic', path: name } : { kind: 'unseen' };
}
