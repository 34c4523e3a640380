import { HostNotFound } from '../faults/fault.ts';
import { textOf } from '../key-vault/store.ts';
import { matchPath } from '../operation.ts';
import type { World } from '../world.ts';
import { refuseNetwork, refuseRight, refuseToken, rightTo } from './guards.ts';
import { type Collection, type Plane, propertiesOf } from './objects.ts';
import { planeOperations } from './operations.ts';
import { planeError } from './refusals.ts';

const hostForm = /^([a-z0-9-]+)\.(vault\.azure\.net|vault\.usgovcloudapi\.net|vault\.azure\.cn)$/i;

/** The hosts at which the data planes of vaults are emulated. */
export function isVaultHost(host: string): boolean {
  return hostForm.test(host);
}

/** True for a data plane that takes a request and never answers it. */
export function isSilent(url: URL, world: World): boolean {
  return isVaultHost(url.hostname) && planeOf(url, world)?.network === 'silent';
}

/** Answers a request to the data plane of a vault: its network, the token, the firewall, the right, then the operation. */
export function answerVault(request: Request, world: World): Response {
  const url = new URL(request.url);
  const plane = planeOf(url, world);
  if (plane === undefined || plane.network === 'unresolved') throw new HostNotFound(url.hostname);
  const audience = `https://${url.hostname.replace(/^[^.]+\./, '')}`;
  return (
    refuseToken(request, audience, world) ??
    refuseNetwork(plane, world) ??
    refuseVersion(url, world) ??
    answerOperation({ request, url, plane }, world)
  );
}

interface Incoming {
  readonly request: Request;
  readonly url: URL;
  readonly plane: Plane;
}

function answerOperation({ request, url, plane }: Incoming, world: World): Response {
  for (const { method, path, right, handle } of planeOperations) {
    if (method !== request.method) continue;
    const params = matchPath(path, url.pathname) ?? {};
    const collection = collectionOf(params);
    if (collection === undefined) continue;
    const { name } = params;
    const refusal = refuseRight(plane, { ...rightTo(right, collection), collection, name }, world);
    return refusal ?? handle({ plane, url, collection, name: name ?? '' }, world);
  }
  return planeError(world, { status: 404, code: 'NotFound', message: 'The resource does not exist.' });
}

/** A list is of live or of deleted objects; all else is about the ones or about the others. */
function collectionOf({
  collection = '',
  deletedCollection,
  name,
}: Readonly<Record<string, string>>): Collection | undefined {
  const segment = (deletedCollection ?? collection).toLowerCase();
  const isDeleted = segment.startsWith('deleted');
  if (name !== undefined && isDeleted !== (deletedCollection !== undefined)) return undefined;
  return (['secrets', 'keys', 'certificates'] as const).find(
    (one) => one === segment.replace(/^deleted/, ''),
  );
}

/** Stable versions, and those that the clients in use send. */
const versions: ReadonlySet<string> = new Set(
  '2016-10-01 7.0 7.1 7.2 7.3 7.4 7.5 7.6-preview.2 7.6 2025-07-01 2026-04-01'.split(' '),
);

function refuseVersion(url: URL, world: World): Response | undefined {
  const version = url.searchParams.get('api-version');
  if (version !== null && versions.has(version)) return undefined;
  const message =
    version === null ? 'api-version must be specified' : `api-version '${version}' is not supported`;
  return planeError(world, { status: 400, code: 'BadParameter', message });
}

/** The data plane of the live vault whose address this is. */
function planeOf({ origin, hostname }: URL, { tenant }: World): Plane | undefined {
  const resources = Array.isArray(tenant.resources) ? tenant.resources : tenant.resources();
  for (const vault of resources) {
    if (!/\/vaults$/i.test(textOf(vault, 'type'))) continue;
    const uri = textOf(propertiesOf(vault), 'vaultUri');
    if (!URL.canParse(uri) || new URL(uri).hostname !== hostname.toLowerCase()) continue;
    const name = textOf(vault, 'name').toLowerCase();
    tenant.dataPlanes ??= {};
    const known = (tenant.dataPlanes[name] ??= { objects: [] });
    return { ...known, origin, vault };
  }
  return undefined;
}
