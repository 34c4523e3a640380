import type { JsonObject } from '../model/json.ts';
import { objectAt } from './state.ts';

/** Names of what a body replaces as a whole: objects and lists, of which only what is sent stays. */
export function wholeValues(changes: JsonObject): readonly string[] {
  const values = { ...objectAt(changes, 'properties'), tags: changes['tags'] };
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? [name] : [],
  );
}
