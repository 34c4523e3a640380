import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Resource } from '../model/resource.ts';

/** A resource of which only `body` is known, such as an example in a rule; `type` is its type unless the body says. */
export function exampleResource(type: string, body: JsonObject): Resource {
  return {
    id: textOf(body['id']),
    name: textOf(body['name']),
    type: textOf(body['type'], type),
    subscriptionId: textOf(body['subscriptionId']),
    resourceGroup: textOf(body['resourceGroup']),
    location: textOf(body['location']),
    tags: tagsOf(body['tags']),
    body,
    gaps: [],
  };
}

function textOf(value: Json | undefined, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}

function tagsOf(value: Json | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(isJsonObject(value) ? value : {});
  return Object.fromEntries(entries.map(([key, tag]) => [key, textOf(tag)]));
}
