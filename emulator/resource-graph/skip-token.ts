import { createHash } from 'node:crypto';
import { isJsonObject } from '../../src/model/json.ts';
import { badRequest } from './errors.ts';
import type { GraphRequest } from './request.ts';

/** What a query is recognised by: its text and its scope. A token is good for no other. */
export function fingerprintOf(request: GraphRequest): string {
  const { query, subscriptions, managementGroups, authorizationScopeFilter } = request;
  const parts = [query, subscriptions ?? null, managementGroups ?? null, authorizationScopeFilter];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** The opaque token for the page that starts at an offset. */
export function createSkipToken(offset: number, fingerprint: string): string {
  return Buffer.from(JSON.stringify({ offset, fingerprint })).toString('base64url');
}

/** Where the page of a token starts. Throws GraphError (400) when the token is of another query or of nobody. */
export function readSkipToken(token: string, fingerprint: string): number {
  const content = parse(Buffer.from(token, 'base64url').toString());
  const offset =
    isJsonObject(content) && content['fingerprint'] === fingerprint ? content['offset'] : undefined;
  if (typeof offset !== 'number') throw invalidSkipToken();
  return offset;
}

/** The error for a token that is not, or no longer, good. */
export function invalidSkipToken(): ReturnType<typeof badRequest> {
  return badRequest(
    'InvalidSkipToken',
    'The skip token is invalid or has expired. Send the query again without it.',
  );
}

function parse(text: string): unknown {
  try {
    const content: unknown = JSON.parse(text);
    return content;
  } catch {
    return undefined;
  }
}
