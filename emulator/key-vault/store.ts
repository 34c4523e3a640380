import type { JsonObject } from '../../src/model/json.ts';
import { readableResources } from '../rights/readable.ts';
import type { World } from '../world.ts';

/** The resource with that id that the principal may read. */
export function findResource(world: World, id: string): JsonObject | undefined {
  const subscription = id.split('/')[2]?.toLowerCase() ?? '';
  for (const one of readableResources(world.tenant, new Set([subscription]))) {
    if (sameId(one, id)) return one;
  }
  return undefined;
}

/** Keeps a resource in place of the one with its id, or adds it. Resource Graph may learn of it later. */
export function keepResource(world: World, resource: JsonObject): void {
  const { tenant, options } = world;
  if (!Array.isArray(tenant.resources)) throw new Error('resources that are made anew cannot be written');
  const id = textOf(resource, 'id');
  const index = tenant.resources.findIndex((one) => sameId(one, id));
  const before = tenant.resources[index];
  if (before === undefined) tenant.resources.push(resource);
  else tenant.resources[index] = resource;
  if (options.graphLags !== true || before === undefined) return;
  tenant.stale ??= new Map();
  if (!tenant.stale.has(id.toLowerCase())) tenant.stale.set(id.toLowerCase(), before);
}

/** A text member of a body; empty where there is none. */
export function textOf(resource: JsonObject, key: string): string {
  const value = resource[key];
  return typeof value === 'string' ? value : '';
}

function sameId(resource: JsonObject, id: string): boolean {
  return textOf(resource, 'id').toLowerCase() === id.toLowerCase();
}
