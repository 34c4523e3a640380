import { isJsonObject, type Json, type JsonObject, objectAt } from '../model/json.ts';
import { formAt, formOfType } from '../resource-types/form.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { ResourceType } from '../resource-types/resource-type.ts';

/** The reason why nothing of a type is changed; `undefined` where ARM reads and changes it. */
export function refuseType(type: string): string | undefined {
  if (knownType(type)?.operations !== undefined) return undefined;
  return `purgeproof does not change resources of type ${type}.`;
}

/** The reason why a request with these changes must not be sent; `undefined` when it may. */
export function refuseChanges(changes: JsonObject, type: string): string | undefined {
  const known = knownType(type);
  if (known?.operations === undefined) return refuseType(type);
  const stray = Object.keys(changes).find((key) => key !== 'properties' && key !== 'tags');
  if (stray !== undefined) return `"${stray}" of a ${known.words.one} cannot be changed by a PATCH request.`;
  const { tags } = changes;
  if (tags !== undefined && !areTags(tags))
    return 'Tags can only be sent as names with text values: Azure leaves alone what is null.';
  for (const [name, value] of Object.entries(objectAt(changes, 'properties'))) {
    const reason = refuseProperty(name, value, known);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function refuseProperty(name: string, value: Json | undefined, known: ResourceType): string | undefined {
  const change = known.properties.get(name)?.change;
  if (name === known.retention)
    return `The retention period of a ${known.words.one} is set when it is created.`;
  if (change === undefined || change === 'creation')
    return `"properties.${name}" cannot be changed by a PATCH request.`;
  if (change === 'trueOnly' && value !== true)
    return `"properties.${name}" can only be set to true: Azure refuses anything else.`;
  if (value === null || value === undefined)
    return `A PATCH request cannot unset "properties.${name}": Azure leaves alone what is null.`;
  if (hasNull(value))
    return `A null inside "properties.${name}" cannot be sent: Azure does not say what it makes of it.`;
  const unknown = name === 'networkAcls' ? unknownNetworkKey(value, known) : undefined;
  return unknown === undefined
    ? undefined
    : `"properties.networkAcls.${unknown}" is not known, so the firewall cannot be sent whole without loss.`;
}

/** ARM replaces `networkAcls` whole, so a key that we do not know could not be kept. */
function unknownNetworkKey(value: Json, { type }: ResourceType): string | undefined {
  if (!isJsonObject(value)) return '';
  const form = formOfType(type);
  const keys = form === undefined ? undefined : formAt(form, 'properties.networkAcls')?.parts;
  return Object.keys(value).find((key) => keys?.has(key) !== true);
}

function areTags(tags: Json): boolean {
  return isJsonObject(tags) && Object.values(tags).every((value) => typeof value === 'string');
}

function hasNull(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => item === null || hasNull(item));
  return isJsonObject(value) && Object.values(value).some((member) => member === null || hasNull(member));
}
