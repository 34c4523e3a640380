import { type Json, type JsonObject, isJsonObject } from '../model/json.ts';
import { parsePath } from '../model/field-path.ts';
import { resourceTypes } from './index.ts';

/** A row in Azure's spelling, and the paths where two spellings of one name held different values. */
export interface Respelled {
  readonly body: JsonObject;
  readonly conflicts: readonly string[];
}

/**
 * Brings the property names that Azure is known to use into Azure's spelling, at every depth; names in a dynamic path
 * are case-sensitive, and exports differ in case. Unknown names and everything below `tags` stay as they are. A conflict
 * inside an array is reported for the whole array.
 */
export function respell(row: JsonObject): Respelled {
  if (isSpelled(row, azureShape)) return { body: row, conflicts: [] };
  const conflicts = new Set<string>();
  const body = respellObject(row, { shape: azureShape, path: '', conflicts });
  return { body, conflicts: [...conflicts] };
}

interface Known {
  readonly name: string;
  readonly below: Shape | undefined;
}

/** Names by their spelling, and in lower case, with those of the parts of what they name. */
export interface Shape {
  readonly exact: ReadonlyMap<string, Known>;
  readonly lower: ReadonlyMap<string, Known>;
}

interface Place {
  readonly shape: Shape;
  readonly path: string;
  readonly conflicts: Set<string>;
}

/** Names of a JSON object and of all below it; an array's elements are named alike. A value has none below it. */
interface Names extends ReadonlyMap<string, Names> {}

/** The names that Azure Resource Manager and Resource Graph give to the parts of any resource type that is known. */
const azureNames: Names = namesOf(
  resourceTypes.flatMap(({ fields, otherPaths }) => Object.keys(fields).concat(otherPaths)),
);

interface Growing extends Map<string, Growing> {}

function namesOf(paths: readonly string[]): Names {
  const root: Growing = new Map();
  for (const path of paths) {
    let at = root;
    for (const step of parsePath(path)) {
      if (step.kind !== 'key') continue;
      const below: Growing = at.get(step.key) ?? new Map();
      at.set(step.key, below);
      at = below;
    }
  }
  return root;
}

/** The names of any row. */
export const azureShape = shapeOf(azureNames);

function shapeOf(names: Names): Shape {
  const known = Array.from(names, ([name, below]) => {
    return { name, below: below.size === 0 ? undefined : shapeOf(below) };
  });
  return {
    exact: new Map(known.map((one) => [one.name, one])),
    lower: new Map(known.map((one) => [one.name.toLowerCase(), one])),
  };
}

/** Azure's own answers are spelled as Azure spells: they are recognised without making anything. */
function isSpelled(value: Json | undefined, shape: Shape): boolean {
  if (Array.isArray(value)) return value.every((element: Json) => isSpelled(element, shape));
  if (!isJsonObject(value)) return true;
  for (const key in value) {
    const known = shape.exact.get(key);
    if (known === undefined ? shape.lower.has(key.toLowerCase()) : !isSpelledBelow(value[key], known))
      return false;
  }
  return true;
}

function isSpelledBelow(value: Json | undefined, { below }: Known): boolean {
  return below === undefined || isSpelled(value, below);
}

function respellObject(object: JsonObject, place: Place): JsonObject {
  const entries = new Map<string, Json | undefined>();
  let changed = false;
  for (const [key, value] of Object.entries(object)) {
    const known = place.shape.lower.get(key.toLowerCase());
    const name = known?.name ?? key;
    const path = place.path === '' ? name : `${place.path}.${name}`;
    const spelled =
      known?.below === undefined ? value : respellValue(value, { ...place, shape: known.below, path });
    changed ||= name !== key || spelled !== value;
    if (entries.has(name) && !isSame(entries.get(name), spelled)) place.conflicts.add(path);
    entries.set(name, spelled);
  }
  // Object.fromEntries defines its keys: a row that names `__proto__` stays a row.
  return changed ? Object.fromEntries(entries) : object;
}

/** Members in another order are taken for a conflict, which costs a verdict at most. */
function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function respellValue(value: Json | undefined, place: Place): Json | undefined {
  if (isJsonObject(value)) return respellObject(value, place);
  if (!Array.isArray(value)) return value;
  const elements = value.map((element: Json) =>
    isJsonObject(element) ? respellElement(element, place) : element,
  );
  return elements.some((element, index) => element !== value[index]) ? elements : value;
}

function respellElement(element: JsonObject, place: Place): JsonObject {
  const conflicts = new Set<string>();
  const spelled = respellObject(element, { ...place, conflicts });
  if (conflicts.size > 0) place.conflicts.add(place.path);
  return spelled;
}

const nestedNames = ['privateEndpoint', 'privateLinkServiceConnectionState', 'provisioningState'];

/**
 * `az keyvault show` prints the connections of a private endpoint flattened; ARM and Resource Graph nest them below
 * `properties`. Converts them to ARM's nested shape; those that are nested already are unchanged.
 */
export function nestPrivateEndpoints(body: JsonObject): JsonObject {
  const properties = body['properties'];
  if (!isJsonObject(properties)) return body;
  const connections = properties['privateEndpointConnections'];
  if (!Array.isArray(connections) || !connections.some(isFlattened)) return body;
  const nested = connections.map((connection: Json) =>
    isFlattened(connection) ? nest(connection) : connection,
  );
  return { ...body, properties: { ...properties, privateEndpointConnections: nested } };
}

function isFlattened(connection: Json): connection is JsonObject {
  return (
    isJsonObject(connection) &&
    !isJsonObject(connection['properties']) &&
    nestedNames.some((name) => connection[name] !== undefined)
  );
}

function nest(connection: JsonObject): JsonObject {
  const entries = Object.entries(connection);
  const outer = entries.filter(([name]) => !nestedNames.includes(name) && name !== 'properties');
  const inner = entries.filter(([name]) => nestedNames.includes(name));
  return { ...Object.fromEntries(outer), properties: Object.fromEntries(inner) };
}
