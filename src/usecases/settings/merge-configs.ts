import type { Config } from '../../model/config.ts';

/**
 * Lays configurations over each other, the last one on top. One overrides those below it as flags override a file: single
 * values and most lists are replaced, the target as a whole; `policies` and `excludeRules` add up; parameters and
 * severities are overridden one by one. Limits on writes and on purges stay: each of them holds.
 */
export function mergeConfigs(layers: readonly [Config, ...Config[]]): Config {
  const [first, ...others] = layers.map((config, layer) => ({
    ...config,
    parametersByScope: config.parametersByScope.map((one) => ({ ...one, layer })),
  }));
  if (first === undefined) return layers[0];
  const below = layers.slice(0, -1).map(({ file }) => file);
  return { ...others.reduce<Config>(layOver, first), below };
}

function layOver(below: Config, above: Config): Config {
  return {
    ...withoutTarget(below, above),
    ...above,
    ...addedLists(below, above),
    places: { ...withoutTarget(below, above).places, ...above.places },
    parameters: [...below.parameters, ...above.parameters],
    parametersByScope: [...below.parametersByScope, ...above.parametersByScope],
    severities: [...above.severities, ...below.severities],
    paths: [...below.paths, ...above.paths],
    writes: [...below.writes, ...above.writes],
    ...stricterPurge(below, above),
  };
}

/** The keys of which any replaces all. */
export const targetKeys = ['subscriptions', 'managementGroups', 'inventory'] as const;

/** A configuration without its target, where the one above it has another: all that is said of it is replaced. */
function withoutTarget(below: Config, above: Config): Config {
  if (targetKeys.every((key) => above[key] === undefined)) return below;
  const { subscriptions: _, managementGroups: __, inventory: ___, inventoryComplete: ____, ...rest } = below;
  const { include, ...others } = rest;
  const kept = above.inventory === undefined && include !== undefined ? { ...others, include } : others;
  return { ...kept, places: Object.fromEntries(Object.entries(below.places).filter(([key]) => key in kept)) };
}

function addedLists(below: Config, above: Config): Pick<Config, 'policies' | 'excludeRules'> {
  const policies = [...(below.policies ?? []), ...(above.policies ?? [])];
  const excludeRules = [...(below.excludeRules ?? []), ...(above.excludeRules ?? [])];
  return {
    ...(policies.length === 0 ? {} : { policies }),
    ...(excludeRules.length === 0 ? {} : { excludeRules }),
  };
}

function stricterPurge({ deleted: one }: Config, { deleted: other }: Config): Pick<Config, 'deleted'> {
  const strictest = one?.purge === 'never' ? one : (other ?? one);
  return strictest === undefined ? {} : { deleted: strictest };
}
