import type { DeclaredPlaces } from './declared-places.ts';
import { type JsonObject, objectAt } from './json.ts';

/** One Azure resource as a source read it, before any judgement. */
export interface Resource {
  /** The ARM id, in the letter case of the source. */
  readonly id: string;
  readonly name: string;
  /** In Azure's own spelling where purgeproof knows the type, else as read. Compare case-insensitively. */
  readonly type: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The source has left out the tags, as an export of some columns does: there may be some. */
  readonly tagsLeftOut?: true;
  /** The whole row (id, name, type, tags, sku, properties, …): what conditions read. */
  readonly body: JsonObject;
  /** Paths that could not be read, such as `properties`; they and all below them are unknown, not unset. */
  readonly gaps: readonly string[];
  /** The places in infrastructure code; absent for what was not read from there. */
  readonly declared?: DeclaredPlaces;
}

/** The properties of a resource, as Azure has them; empty where there are none. */
export function propertiesOf({ body }: Pick<Resource, 'body'>): JsonObject {
  return objectAt(body, 'properties');
}
