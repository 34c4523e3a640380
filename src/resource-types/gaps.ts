import { parsePath } from '../model/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { formOfType, misfits } from './form.ts';
import { knownType } from './known-type.ts';

/**
 * The paths in a body of which nothing is known: values that do not fit the form of its type, and fields that are missing
 * though they are never unset.
 */
export function gapsOfBody(resourceType: string, body: JsonObject): readonly string[] {
  const form = formOfType(resourceType);
  if (form === undefined) return [];
  const { neverUnset = [] } = knownType(resourceType) ?? {};
  const missing = neverUnset.filter((path) => !isThere(body, path));
  return [...misfits(body, form), ...missing];
}

function isThere(body: JsonObject, path: string): boolean {
  const found = parsePath(path).reduce<Json | undefined>(
    (at, step) => (step.kind === 'key' && isJsonObject(at) ? at[step.key] : undefined),
    body,
  );
  return found !== undefined && found !== null;
}
