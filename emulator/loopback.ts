import { createDefaultHttpClient, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { serve as listen, type HttpBindings, type ServerType } from '@hono/node-server';
import { ConnectionReset } from './faults/fault.ts';

/** The header that carries the host a request was meant for. */
const hostHeader = 'x-emulated-host';

/** An emulator, or whatever else answers requests. */
export interface Served {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Serves an emulator on 127.0.0.1 by plain HTTP, on a free port unless one is given. */
export async function serve(
  served: Served,
  options: { readonly port?: number } = {},
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  return new Promise((resolve) => {
    const server = listen(
      { fetch: loopbackHandler(served), hostname: '127.0.0.1', port: options.port ?? 0 },
      ({ port }) => resolve({ url: `http://127.0.0.1:${port}`, close: () => closeServer(server) }),
    );
  });
}

/** The handler behind a socket: gives requests their Azure host back, and breaks connections for good. */
export function loopbackHandler(served: Served) {
  return async (request: Request, env: object): Promise<Response> => {
    const url = new URL(request.url);
    url.protocol = 'https:';
    url.host = request.headers.get(hostHeader) ?? url.host;
    const { method, headers } = request;
    const body = method === 'GET' || method === 'HEAD' ? undefined : await request.text();
    try {
      return await served.fetch(new Request(url, { method, headers, ...(body !== undefined && { body }) }));
    } catch (error) {
      if (!(error instanceof ConnectionReset) || !hasSocket(env)) throw error;
      env.outgoing.destroy();
      return new Response(null, { status: 500 });
    }
  };
}

/** An HTTP client for the Azure SDKs that sends everything to a served emulator instead of Azure. */
export function loopbackHttpClient(url: string): HttpClient {
  const client = createDefaultHttpClient();
  const { origin } = new URL(url);
  return {
    sendRequest: async (request) => {
      const target = new URL(request.url);
      const redirected = createPipelineRequest({
        ...request,
        url: `${origin}${target.pathname}${target.search}`,
        allowInsecureConnection: true,
      });
      redirected.headers.set(hostHeader, target.host);
      return { ...(await client.sendRequest(redirected)), request };
    },
  };
}

/** Stops a server and its connections that are kept alive. */
export async function closeServer(server: ServerType): Promise<void> {
  if ('closeAllConnections' in server) server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

function hasSocket(env: object): env is HttpBindings {
  return 'outgoing' in env;
}
