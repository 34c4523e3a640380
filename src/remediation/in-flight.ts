import type { JsonObject } from '../model/json.ts';
import type { VaultState } from '../model/plan.ts';
import type { Resource } from '../model/resource.ts';
import { mergePatch } from '../rules/merge-patch.ts';
import { sameJson } from './canonical-json.ts';
import { objectAt, propertiesOf, sameState, stateOf } from './state.ts';

/** A request that was sent, or about to be, of which it is not known what came of it. */
export interface InFlight {
  readonly before: VaultState;
  readonly body: JsonObject;
}

/** True when the vault has every value that was sent; Azure may have added others beside them. */
export function isInPlace({ body }: Pick<InFlight, 'body'>, resource: Resource): boolean {
  return sameJson(mergePatch(resource.body, body), resource.body);
}

/** True when the vault is as it was before the request, but for what that was to change. */
export function isOtherwiseUnchanged({ before, body }: InFlight, resource: Resource): boolean {
  const sent = new Set(Object.keys(objectAt(body, 'properties')));
  const others = Object.entries(propertiesOf(resource)).filter(([name]) => !sent.has(name));
  const old = Object.entries(before.properties).filter(([name]) => sent.has(name));
  const tags = body['tags'] === undefined ? resource.tags : before.tags;
  const reverted = {
    ...resource,
    body: { ...resource.body, properties: Object.fromEntries([...others, ...old]) },
  };
  const { hash } = stateOf(reverted, {});
  return sameState(before, {
    hash,
    properties: {},
    ...(before.tags === undefined ? {} : { tags: tags ?? {} }),
  });
}
