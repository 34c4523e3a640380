import { isAtOrBelowScope, scopeInId } from '../../model/arm-id.ts';
import { compareText } from '../../model/compare-text.ts';
import { isJsonObject, type Json, type JsonObject, objectAt } from '../../model/json.ts';
import type { KitItem, KitPartName, ListedPart } from '../../model/kit.ts';
import type { Resource } from '../../model/resource.ts';

/** The properties that a request may set, by part; what Azure adds by itself is no drift. */
const settable: Readonly<Record<ListedPart, readonly string[]>> = {
  roleAssignments: [
    'roleDefinitionId',
    'principalId',
    'principalType',
    'description',
    'condition',
    'conditionVersion',
    'delegatedManagedIdentityResourceId',
  ],
  diagnosticSettings: [
    'workspaceId',
    'logAnalyticsDestinationType',
    'storageAccountId',
    'eventHubAuthorizationRuleId',
    'eventHubName',
    'marketplacePartnerId',
    'serviceBusRuleId',
    'logs',
    'metrics',
  ],
  eventSubscriptions: [
    'destination',
    'deliveryWithResourceIdentity',
    'filter',
    'labels',
    'eventDeliverySchema',
    'expirationTimeUtc',
    'retryPolicy',
    'deadLetterDestination',
    'deadLetterWithResourceIdentity',
  ],
  locks: ['level', 'notes'],
};

const networkProperties = ['publicNetworkAccess', 'networkAcls'];
const connectionProperties = ['privateEndpoint', 'privateLinkServiceConnectionState'];

/**
 * Reads a row that ARM lists beside a vault. `undefined` for one that stands above the vault, which a recovery does not
 * touch. Throws nothing: a row must have been checked by `isListed`.
 */
export function toKitItem(row: JsonObject, part: ListedPart, vaultId: string): KitItem | undefined {
  const { id, name, properties } = row;
  if (typeof id !== 'string' || typeof name !== 'string' || !isJsonObject(properties)) return undefined;
  if (!isAtOrBelowScope(scopeInId(id), vaultId)) return undefined;
  return { id, name, properties: withoutSecrets(pick(properties, settable[part])) };
}

/** True for a row with everything that identifies it: any other makes the list malformed, since none may be lost. */
export function isListed({ id, name, properties }: JsonObject): boolean {
  return typeof id === 'string' && id.startsWith('/') && typeof name === 'string' && isJsonObject(properties);
}

/** The items of a part, in one order, whichever Azure gives. */
export function inOrder(items: readonly KitItem[]): readonly KitItem[] {
  return items.toSorted((a, b) => compareText(a.id.toLowerCase(), b.id.toLowerCase()));
}

/** The parts in the body of a vault; a part that the body has in a form that cannot be understood is `undefined`. */
export function itemsInBody({
  id,
  name,
  body,
  gaps,
}: Resource): ReadonlyMap<KitPartName, readonly KitItem[] | undefined> {
  const properties = objectAt(body, 'properties');
  const isGap = (...paths: readonly string[]): boolean =>
    gaps.some((gap) => gap === 'properties' || paths.some((path) => gap.startsWith(`properties.${path}`)));
  const rules = [{ id, name, properties: pick(properties, networkProperties) }];
  return new Map([
    ['networkRules', isGap(...networkProperties) ? undefined : rules],
    ['privateEndpointConnections', isGap('privateEndpointConnections') ? undefined : connections(properties)],
  ]);
}

function connections({ privateEndpointConnections: list }: JsonObject): readonly KitItem[] | undefined {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return undefined;
  const items = list.map((row: Json) => toConnection(row));
  return items.every((item) => item !== undefined) ? inOrder(items) : undefined;
}

function toConnection(row: Json): KitItem | undefined {
  if (!isJsonObject(row) || typeof row['id'] !== 'string' || !isJsonObject(row['properties']))
    return undefined;
  const { id } = row;
  const properties = pick(row['properties'], connectionProperties);
  return { id, name: id.slice(id.lastIndexOf('/') + 1), properties };
}

function pick(properties: JsonObject, names: readonly string[]): JsonObject {
  const known = names.flatMap((name) => {
    const value = properties[name];
    return value === undefined || value === null || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

/**
 * Takes out of an event subscription what may hold a secret: of the address of a webhook, all but the host, since a path
 * may hold a token as a query does; and the values of delivery attributes that are secret. Azure gives neither in full.
 * Source: https://learn.microsoft.com/rest/api/eventgrid/controlplane/event-subscriptions/get
 */
function withoutSecrets(properties: JsonObject): JsonObject {
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
