import type { JsonObject } from '../../model/json.ts';
import { formOfType, misfits } from '../../resource-types/form.ts';

/**
 * Paths of what a vault or managed HSM holds in a form in which Azure never writes it: judged as it stands, a list that
 * is none would read as empty, and an empty text as a setting that is off. Nothing is asked of other types; properties
 * that are no object at all, and tags, are for the reader of the row.
 */
export function findMalformed(type: string, body: JsonObject): readonly string[] {
  const form = formOfType(type);
  return form === undefined
    ? []
    : misfits(body, form).filter((path) => path !== 'properties' && path !== 'tags');
}
