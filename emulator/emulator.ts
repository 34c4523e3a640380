import { setTimeout as delay } from 'node:timers/promises';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { answerArm } from './arm.ts';
import { issueToken } from './authentication.ts';
import { answerVault, isSilent, isVaultHost } from './data-plane/answer.ts';
import { injectAfter } from './faults/after.ts';
import { injectBefore } from './faults/before.ts';
import type { Fault } from './faults/fault.ts';
import { createFaultRegistry } from './faults/registry.ts';
import { inMemoryHttpClient } from './http-client.ts';
import { answerIdentity, isIdentityHost } from './identity.ts';
import type { Tenant } from './tenant.ts';
import { createWorld, type EmulatorOptions, type World } from './world.ts';

/** One request as it came, and how it was answered; status 0 is a connection that was reset. */
export interface RequestRecord {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, else text; undefined when there is none. */
  readonly body: unknown;
  readonly status: number;
  readonly at: number;
}

/** An Azure in memory. */
export interface Emulator {
  readonly fetch: (request: Request) => Promise<Response>;
  /** For the `httpClient` option of the SDK clients. */
  readonly httpClient: HttpClient;
  readonly credential: TokenCredential;
  /** Every request so far, in the order of the answers. */
  readonly requests: RequestRecord[];
  readonly inject: (fault: Fault) => void;
  readonly tenant: Tenant;
}

/** Starts an Azure in memory over a tenant, which may be changed while it runs. */
export function emulator(tenant: Tenant, options: EmulatorOptions = {}): Emulator {
  const world = createWorld(tenant, options);
  const faults = createFaultRegistry();
  const requests: RequestRecord[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const text = await request.text();
    const record = {
      method: request.method,
      host: url.host,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: parse(text),
      at: world.now(),
    };
    try {
      if (options.latencyMs !== undefined) await delay(options.latencyMs);
      const hits = faults.take(record);
      if (isSilent(url, world)) {
        requests.push({ ...record, status: 0 });
        return await new Promise<Response>(() => undefined);
      }
      const response = await answer({ request, text, body: record.body }, hits, world);
      requests.push({ ...record, status: response.status });
      return response;
    } catch (error) {
      requests.push({ ...record, status: 0 });
      throw error;
    }
  };
  return {
    fetch,
    httpClient: inMemoryHttpClient(fetch),
    credential: credentialOf(world),
    requests,
    inject: (fault) => faults.inject(fault),
    tenant,
  };
}

interface Incoming {
  readonly request: Request;
  readonly text: string;
  readonly body: unknown;
}

async function answer(incoming: Incoming, hits: readonly Fault[], world: World): Promise<Response> {
  const url = new URL(incoming.request.url);
  for (const fault of hits) {
    const early = await injectBefore(fault, url.pathname, world);
    if (early !== undefined) return early;
  }
  let response = await answerHost(incoming, world);
  for (const fault of hits) response = await injectAfter(fault, response);
  return response;
}

async function answerHost({ request, text, body }: Incoming, world: World): Promise<Response> {
  const { hostname } = new URL(request.url);
  if (isIdentityHost(hostname)) return answerIdentity(request, text, world);
  return isVaultHost(hostname) ? answerVault(request, world) : answerArm(request, body, world);
}

function credentialOf(world: World): TokenCredential {
  return {
    getToken: async (scopes) => {
      const [scope = ''] = [scopes].flat();
      const { token, lifetimeMs } = issueToken(world, scope.replace(/\/?\.default$/, ''));
      // The SDK keeps tokens by the real clock, whatever the emulator's says.
      return { token, expiresOnTimestamp: Date.now() + lifetimeMs };
    },
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return text;
  }
}
