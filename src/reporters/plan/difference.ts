import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { VaultState } from '../../model/vault-state.ts';

/** One value that a step changes; `undefined` is unset. */
export interface Change {
  readonly field: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The body of a request, and the values that it replaces. */
interface SentChanges {
  readonly before: Pick<VaultState, 'properties' | 'tags'>;
  readonly changes: JsonObject;
}

/** The changes of a step, value by value: of an object that is sent whole, only the values that differ. */
export function valueChanges({ before, changes }: SentChanges): readonly Change[] {
  const properties = changes['properties'];
  const named = isJsonObject(properties) ? Object.keys(properties) : [];
  return [
    ...named.flatMap((name) => compare(name, before.properties[name], at(properties, name))),
    ...(changes['tags'] === undefined ? [] : compare('tags', before.tags, changes['tags'])),
  ];
}

function compare(field: string, before: Json | undefined, after: Json | undefined): readonly Change[] {
  if (!isJsonObject(after)) {
    const same = JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
    return same ? [] : [{ field, before, after }];
  }
  const known: JsonObject = isJsonObject(before) ? before : {};
  const keys = new Set([...Object.keys(known), ...Object.keys(after)]);
  return [...keys].flatMap((key) => compare(`${field}.${key}`, known[key], after[key]));
}

function at(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) ? value[key] : undefined;
}
