import type { ServerResponse } from 'node:http';
import type { HttpBindings, ServerType } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { ConnectionReset, HostNotFound } from './faults/fault.ts';

/** An emulator, or whatever else answers requests. */
export interface Served {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The header that carries the host a request was meant for, where the socket's own host is the loopback's. */
export const hostHeader = 'x-emulated-host';

/**
 * The handler behind a socket, for @hono/node-server: gives requests the Azure host that they were meant for, and
 * breaks the connection where a fault says so.
 */
export function socketHandler(served: Served) {
  return async (request: Request, env: object): Promise<Response> => {
    if (!isNode(env)) throw new TypeError('not a Node server');
    try {
      const response = await served.fetch(await addressed(request));
      return await whole(response, env.outgoing);
    } catch (error) {
      if (!(error instanceof ConnectionReset || error instanceof HostNotFound)) throw error;
      env.outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
  };
}

/** Stops a server, and its connections that are kept alive. */
export async function closeServer(server: ServerType): Promise<void> {
  if ('closeAllConnections' in server) server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

async function addressed(request: Request): Promise<Request> {
  const url = new URL(request.url);
  url.protocol = 'https:';
  url.host = request.headers.get(hostHeader) ?? url.host;
  if (request.headers.has(hostHeader) && !/:\d+$/.test(request.headers.get(hostHeader) ?? '')) url.port = '';
  const { method, headers } = request;
  const body = method === 'GET' || method === 'HEAD' ? undefined : await request.text();
  return new Request(url, { method, headers, ...(body !== undefined && { body }) });
}

/** Reads the body ahead. When it breaks, what there is of it is sent under a length that it does not have. */
async function whole(response: Response, outgoing: ServerResponse): Promise<Response> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
  } catch (error) {
    if (!(error instanceof ConnectionReset)) throw error;
    const part = Buffer.concat(chunks);
    outgoing.writeHead(response.status, {
      ...Object.fromEntries(response.headers),
      'content-length': part.length * 2 + 1,
    });
    outgoing.write(part, () => outgoing.destroy());
    return RESPONSE_ALREADY_SENT;
  }
  const { status, headers } = response;
  return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), { status, headers });
}

function isNode(env: object): env is HttpBindings {
  return 'incoming' in env && 'outgoing' in env;
}
