import { isJsonObject, type JsonPath } from '../../model/json.ts';
import { canonicalField, type KnownField } from '../catalogue/canonical-field.ts';
import { isAtOrBelow } from '../../model/field-path.ts';
import type { ConditionSite } from './condition-sites.ts';
import type { Mistake } from '../../documents/document.ts';

/** The field that a condition names, if it names a known one, and what is wrong with the name. */
export interface FieldCheck {
  readonly field?: KnownField;
  readonly mistakes: readonly Mistake[];
}

/** Checks the field, or the counted array, that a condition is about. */
export function checkFieldOf(site: ConditionSite, resourceTypes: readonly string[]): FieldCheck {
  const { condition, path, counted } = site;
  const { field, count } = condition;
  if (typeof field === 'string')
    return checkName(field, { path: [...path, 'field'], counted, resourceTypes });
  if (!isJsonObject(count) || typeof count['field'] !== 'string') return { mistakes: [] };
  const place = { path: [...path, 'count', 'field'], counted, resourceTypes };
  const { field: known, mistakes } = checkName(count['field'], place);
  if (known === undefined || known.path.endsWith('[*]')) return { mistakes };
  const hint = known.type === 'array' ? `; write "${known.path}[*]"` : '';
  return {
    mistakes: [...mistakes, { path: place.path, message: `a count needs an array that ends in [*]${hint}` }],
  };
}

/** What is wrong with the name of a field, in words; `undefined` when it is a field. */
export function fieldFault(resourceTypes: readonly string[], written: string): string | undefined {
  const found = canonicalField(resourceTypes, written);
  if ('path' in found) return undefined;
  return found.suggestion === undefined
    ? found.problem
    : `${found.problem}. Did you mean ${found.suggestion}?`;
}

interface Place {
  readonly path: JsonPath;
  readonly counted: readonly string[];
  readonly resourceTypes: readonly string[];
}

function checkName(written: string, { path, counted, resourceTypes }: Place): FieldCheck {
  const fault = written === '' ? undefined : fieldFault(resourceTypes, written);
  if (fault !== undefined) return { mistakes: [{ path, message: fault }] };
  const field = canonicalField(resourceTypes, written);
  if (!('path' in field)) return { mistakes: [] };
  const innermost = counted.at(-1);
  if (innermost === undefined || counted.some((array) => isAtOrBelow(field.path, array))) {
    return { field, mistakes: [] };
  }
  const message = `"${written}" lies outside the counted array; in this where, fields begin with ${innermost}`;
  return { field, mistakes: [{ path, message }] };
}
