import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../model/json.ts';
import { canonicalField } from '../catalogue/canonical-field.ts';

/** One condition of a rule file as written, and where it stands. */
export interface ConditionSite {
  readonly condition: JsonObject;
  readonly path: JsonPath;
  /** Canonical paths of the `count` fields around it, outermost first. */
  readonly counted: readonly string[];
}

/** Every condition in a value that may not be well-formed, outermost first. */
export function conditionSites(
  value: Json | undefined,
  path: JsonPath,
  resourceTypes: readonly string[],
): readonly ConditionSite[] {
  return sitesIn(value, { path, counted: [] }, resourceTypes);
}

type Place = Omit<ConditionSite, 'condition'>;

function sitesIn(
  value: Json | undefined,
  place: Place,
  resourceTypes: readonly string[],
): readonly ConditionSite[] {
  if (!isJsonObject(value)) return [];
  const { path, counted } = place;
  const within = (child: Json | undefined, ...steps: JsonPath): readonly ConditionSite[] =>
    sitesIn(child, { path: [...path, ...steps], counted }, resourceTypes);
  const listed = (key: string): readonly ConditionSite[] => {
    const items = value[key];
    return Array.isArray(items) ? items.flatMap((item: Json, index) => within(item, key, index)) : [];
  };
  const { count } = value;
  return [
    { condition: value, path, counted },
    ...listed('allOf'),
    ...listed('anyOf'),
    ...within(value['not'], 'not'),
    ...(isJsonObject(count) ? sitesInWhere(count, place, resourceTypes) : []),
  ];
}

function sitesInWhere(
  count: JsonObject,
  { path, counted }: Place,
  resourceTypes: readonly string[],
): readonly ConditionSite[] {
  const { field, where } = count;
  const known = typeof field === 'string' ? canonicalField(resourceTypes, field) : undefined;
  const inner = known !== undefined && 'path' in known ? [...counted, known.path] : counted;
  return sitesIn(where, { path: [...path, 'count', 'where'], counted: inner }, resourceTypes);
}
