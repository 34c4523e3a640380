import { createPipelineRequest, RestError } from '@azure/core-rest-pipeline';

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { AzureConnection } from './connection.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { send } from './send.ts';
import type { Session } from './session.ts';
import type { ArmSubscription } from './subscriptions.ts';

/** The oldest version that pages descendants, and one that every cloud has. */
const apiVersion = '2020-05-01';

/**
 * Every subscription anywhere below a management group, whether or not the identity may read inside. Throws
 * `AzureError` (403, 404) when the group itself may not be read.
 */
export async function listDescendants(
  connection: AzureConnection,
  session: Session,
  groupId: string,
): Promise<readonly ArmSubscription[]> {
  const path = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(groupId)}/descendants`;
  const found: ArmSubscription[] = [];
  let url: string | undefined = `${connection.cloud.armEndpoint}${path}?api-version=${apiVersion}`;
  while (url !== undefined) {
    const page: Page = await readPage(connection, session, { url, groupId });
    found.push(...subscriptionsOf(page.list));
    url = page.next;
  }
  return found;
}

interface Page {
  readonly list: JsonObject;
  readonly next: string | undefined;
}

async function readPage(
  connection: AzureConnection,
  session: Session,
  { url, groupId }: { readonly url: string; readonly groupId: string },
): Promise<Page> {
  return send(connection, session, {
    operation: `read what is below management group ${groupId}`,
    governed: false,
    run: async () => {
      const { pipeline, httpClient } = connection.raw;
      const request = createPipelineRequest({ url, method: 'GET', abortSignal: session.signal });
      const response = await pipeline.sendRequest(httpClient, request);
      const { status, bodyAsText } = response;
      if (status !== 200) throw new RestError(`status ${status}`, { statusCode: status, request, response });
      const list = parse(bodyAsText ?? '');
      return { value: { list, next: nextUrl(list, connection.cloud.armEndpoint) } };
    },
  });
}

function parse(body: string): JsonObject {
  const parsed = parseJson(body);
  if (!isJsonObject(parsed) || !Array.isArray(parsed['value']))
    throw new MalformedAnswer('the answer is not a list');
  return parsed;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function subscriptionsOf(page: JsonObject): readonly ArmSubscription[] {
  const rows = page['value'];
  return Array.isArray(rows) ? rows.flatMap(toSubscription) : [];
}

function toSubscription(row: Json): readonly ArmSubscription[] {
  if (!isJsonObject(row)) return [];
  const { type, name, properties } = row;
  if (typeof type !== 'string' || typeof name !== 'string' || !type.toLowerCase().endsWith('/subscriptions'))
    return [];
  const displayName = isJsonObject(properties) ? properties['displayName'] : undefined;
  return [{ id: name, name: typeof displayName === 'string' ? displayName : name }];
}

/** A token is never sent to another host than the one that gave the link. */
function nextUrl(page: JsonObject, endpoint: string): string | undefined {
  const next = page['nextLink'];
  if (typeof next !== 'string' || next === '') return undefined;
  if (new URL(next, endpoint).host !== new URL(endpoint).host)
    throw new MalformedAnswer('the next page is on another host');
  return new URL(next, endpoint).href;
}
