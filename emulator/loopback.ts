import { createDefaultHttpClient, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { serve as listen } from '@hono/node-server';
import { closeServer, hostHeader, socketHandler, type Served } from './connection.ts';

/** Serves an emulator on 127.0.0.1 by plain HTTP, on a free port unless one is given. */
export async function serve(
  served: Served,
  options: { readonly port?: number } = {},
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  return new Promise((resolve) => {
    const server = listen(
      { fetch: socketHandler(served), hostname: '127.0.0.1', port: options.port ?? 0 },
      ({ port }) => resolve({ url: `http://127.0.0.1:${port}`, close: () => closeServer(server) }),
    );
  });
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
