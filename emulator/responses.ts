import type { Json, JsonObject } from '../src/model/json.ts';
import type { World } from './world.ts';

/** A JSON answer. */
export function json(body: Json, init: { status?: number; headers?: Record<string, string> } = {}): Response {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...init.headers };
  return new Response(JSON.stringify(body), { status: init.status ?? 200, headers });
}

/** An error in ARM's shape. */
export interface ArmFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Record<string, string>;
  readonly extra?: JsonObject;
}

/** ARM's error body. */
export function armError(failure: ArmFailure): Response {
  const { status, code, message, headers, extra } = failure;
  return json(
    { error: { code, message, ...extra } },
    { status, headers: { 'x-ms-failure-cause': 'gateway', ...headers } },
  );
}

/** 403 as ARM says it when the principal lacks a right. */
export function authorizationFailed(world: World, action: string, scope: string): Response {
  const { clientId, objectId } = world.principal;
  return armError({
    status: 403,
    code: 'AuthorizationFailed',
    message:
      `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action ` +
      `'${action}' over scope '${scope}' or the scope is invalid. ` +
      'If access was recently granted, please refresh your credentials.',
  });
}

/** 404 for a subscription that is in no directory the caller knows. */
export function subscriptionNotFound(id: string): Response {
  return armError({
    status: 404,
    code: 'SubscriptionNotFound',
    message: `The subscription '${id}' could not be found.`,
  });
}

/** One page of a list, with ARM's `nextLink` when there is more. */
export function page(items: readonly JsonObject[], url: URL, size: number): Response {
  const offset = Number(url.searchParams.get('$skiptoken') ?? 0);
  const next = offset + size;
  if (next >= items.length) return json({ value: items.slice(offset) });
  const link = new URL(url);
  link.searchParams.set('$skiptoken', String(next));
  return json({ value: items.slice(offset, next), nextLink: link.href });
}
