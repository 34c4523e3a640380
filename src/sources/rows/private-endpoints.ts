import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

const nestedNames = ['privateEndpoint', 'privateLinkServiceConnectionState', 'provisioningState'];

/**
 * `az keyvault show` prints the connections of a private endpoint flattened; ARM and Resource Graph nest them below
 * `properties`. Brings ARM's nested shape into being; what is nested already stays as it is.
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
