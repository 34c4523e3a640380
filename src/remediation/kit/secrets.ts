import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

/**
 * Takes out of an event subscription what may hold a secret: of the address of a webhook, all but the host, since a path
 * may hold a token as a query does; and the values of delivery attributes that are secret. Azure gives neither in full.
 * Source: https://learn.microsoft.com/rest/api/eventgrid/controlplane/event-subscriptions/get
 */
export function withoutSecrets(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => {
      if (value === undefined || value === null || name === 'endpointUrl') return [];
      return [[name, name === 'endpointBaseUrl' ? hostOf(value) : cleaned(value)] as const];
    }),
  );
}

function cleaned(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => cleaned(item));
  if (!isJsonObject(value)) return value;
  return withoutSecrets(value['isSecret'] === true ? { ...value, value: undefined } : value);
}

function hostOf(url: Json): string {
  if (typeof url !== 'string' || !URL.canParse(url)) return '';
  return new URL(url).origin;
}
