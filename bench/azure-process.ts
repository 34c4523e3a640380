import { emulator, generateTenant, startTlsProxy } from '../emulator/index.ts';
import { defaultPrincipal } from '../emulator/tenant.ts';
import type { GenerateOptions } from '../emulator/tenants/generate.ts';

/** The size of a tenant, and how long its Azure takes to answer. */
export interface AzureSize extends GenerateOptions {
  readonly latencyMs?: number;
  /** Never refuses a request for the quota of Resource Graph. */
  readonly quota?: 'unlimited';
}

/** What one scan asked of Resource Graph, and the vaults that it was given. */
export interface Traffic {
  readonly requests: number;
  readonly vaults: number;
}

/** What the parent process is told once the emulated Azure answers. */
export interface Address {
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * The child process that is Azure: a generated tenant with the real quota, behind TLS. The argument is the tenant's
 * size as JSON. Each message that comes is answered with the traffic since the last one.
 */
async function serveAzure(): Promise<void> {
  const { latencyMs = 0, quota, ...size }: AzureSize = JSON.parse(process.argv[2] ?? '{}');
  const azure = emulator(generateTenant(size), { latencyMs, ...(quota === undefined ? {} : { quota }) });
  let traffic: Traffic = { requests: 0, vaults: 0 };
  const proxy = await startTlsProxy({
    async fetch(request) {
      if (!request.url.includes('Microsoft.ResourceGraph')) return azure.fetch(request);
      const query = (await request.text()).replace(otherNumber, 'dynamic(0))');
      const { url, method, headers } = request;
      const response = await azure.fetch(new Request(url, { method, headers, body: query }));
      const text = await response.text();
      const rows = query.includes('project id, name, type, location') ? countIn(text) : 0;
      traffic = { requests: traffic.requests + 1, vaults: traffic.vaults + rows };
      return new Response(text, { status: response.status, headers: response.headers });
    },
  });
  process.on('message', () => {
    process.send?.(traffic);
    traffic = { requests: 0, vaults: 0 };
    azure.requests.length = 0;
  });
  const { tenantId } = azure.tenant;
  const { clientId, clientSecret } = defaultPrincipal;
  const { proxyUrl, caFile } = proxy;
  process.send?.({ proxyUrl, caFile, tenantId, clientId, clientSecret } satisfies Address);
}

/** azqr has a number where the parser of Kusto's language service wants a dynamic value. Resource Graph accepts it. */
const otherNumber = /(?<=properties\.sku\.capacity, )0\)/;

/** The page's own `count` stands before its data. */
function countIn(page: string): number {
  return Number(/"count":(\d+)/.exec(page.slice(0, 200))?.[1] ?? 0);
}

await serveAzure();
