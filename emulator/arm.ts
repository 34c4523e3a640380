import { refuseUnauthenticated } from './authentication.ts';
import { matchOperation, type Match } from './operation.ts';
import { operations } from './operations/index.ts';
import { armError, json } from './responses.ts';
import type { World } from './world.ts';

/** Answers a request to Azure Resource Manager as ARM's front door does: sign-in, API version, then the operation. */
export async function answerArm(request: Request, body: unknown, world: World): Promise<Response> {
  const unauthenticated = refuseUnauthenticated(request.headers, world);
  if (unauthenticated !== undefined) return unauthenticated;
  const url = new URL(request.url);
  const version = url.searchParams.get('api-version');
  if (version === null || version === '') return missingApiVersion();
  const match = matchOperation(operations, request.method, url.pathname);
  if (match === undefined) return notFound(url);
  if (!match.operation.apiVersions.includes(version)) return unknownApiVersion(version, match, url.pathname);
  return match.operation.handle({ url, headers: request.headers, params: match.params, body }, world);
}

function missingApiVersion(): Response {
  return armError({
    status: 400,
    code: 'MissingApiVersionParameter',
    message: 'The api-version query parameter (?api-version=) is required for all requests.',
  });
}

function unknownApiVersion(version: string, match: Match, path: string): Response {
  const supported = match.operation.apiVersions.toReversed().join(', ');
  const type = /\/providers\/Microsoft\.KeyVault\/([^/]+)/i.exec(path)?.[1];
  if (type === undefined) {
    return armError({
      status: 400,
      code: 'InvalidApiVersionParameter',
      message: `The api-version '${version}' is invalid. The supported versions are '${supported}'.`,
    });
  }
  return armError({
    status: 400,
    code: 'NoRegisteredProviderFound',
    message:
      `No registered resource provider found for API version '${version}' for type '${type}'. ` +
      `The supported api-versions are '${supported}'.`,
  });
}

function notFound(url: URL): Response {
  const namespace = /^\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?\/providers\/([^/]+)/i.exec(
    url.pathname,
  )?.[1];
  if (namespace === undefined) {
    return json(
      { Message: `No HTTP resource was found that matches the request URI '${url.href}'.` },
      { status: 404 },
    );
  }
  return armError({
    status: 404,
    code: 'InvalidResourceNamespace',
    message: `The resource namespace '${namespace}' is invalid.`,
  });
}
