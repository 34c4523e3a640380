import type { JsonObject } from '../src/model/json.ts';
import { issueToken } from './authentication.ts';
import { matchPath } from './operation.ts';
import { json } from './responses.ts';
import type { World } from './world.ts';

/** The hosts at which Microsoft Entra ID is emulated. */
export function isIdentityHost(host: string): boolean {
  return /^(login\.microsoftonline\.(com|us)|login\.chinacloudapi\.cn|login\.partner\.microsoftonline\.cn|login\.windows\.net)$/i.test(
    host,
  );
}

/** Answers what an MSAL client asks when it signs in with a client secret. */
export function answerIdentity(request: Request, text: string, world: World): Response {
  const url = new URL(request.url);
  if (matchPath('/common/discovery/instance', url.pathname) !== undefined) return instanceDiscovery(world);
  const configuration = matchPath('/{tenant}/v2.0/.well-known/openid-configuration', url.pathname);
  if (configuration !== undefined)
    return json(openIdConfiguration(url.origin, configuration['tenant'] ?? ''));
  const token = matchPath('/{tenant}/oauth2/v2.0/token', url.pathname);
  if (token === undefined || request.method !== 'POST') return new Response(null, { status: 404 });
  return tokenAnswer(token['tenant'] ?? '', new URLSearchParams(text), world);
}

function instanceDiscovery(world: World): Response {
  const hosts = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'];
  return json({
    tenant_discovery_endpoint: `https://login.microsoftonline.com/${world.tenant.tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: hosts[0] ?? '', preferred_cache: 'login.windows.net', aliases: hosts }],
  });
}

function openIdConfiguration(origin: string, tenant: string): JsonObject {
  return {
    issuer: `${origin}/${tenant}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
  };
}

function tokenAnswer(tenant: string, form: URLSearchParams, world: World): Response {
  const { clientId, clientSecret } = world.principal;
  if (tenant.toLowerCase() !== world.tenant.tenantId.toLowerCase()) {
    return refusal(world, {
      number: 90002,
      error: 'invalid_request',
      message: `Tenant '${tenant}' not found.`,
    });
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return refusal(world, {
      number: 70003,
      error: 'unsupported_grant_type',
      message: 'The grant type is not supported.',
    });
  }
  if (form.get('client_id') !== clientId) {
    const message = `Application with identifier '${form.get('client_id')}' was not found in the directory.`;
    return refusal(world, { number: 700016, error: 'unauthorized_client', message });
  }
  if (form.get('client_secret') !== clientSecret) {
    const message = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`;
    return refusal(world, { number: 7_000_215, error: 'invalid_client', message });
  }
  const audience = (form.get('scope') ?? '').replace(/\/?\.default.*$/, '');
  const { token, lifetimeMs } = issueToken(world, audience);
  const seconds = Math.floor(lifetimeMs / 1000);
  return json({ token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token });
}

interface Refusal {
  readonly number: number;
  readonly error: string;
  readonly message: string;
}

function refusal(world: World, { number, error, message }: Refusal): Response {
  const [trace, correlation] = [world.newId(), world.newId()];
  const timestamp = new Date(world.now())
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z/, 'Z');
  return json(
    {
      error,
      error_description: `AADSTS${number}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    },
    { status: error === 'invalid_client' ? 401 : 400 },
  );
}
