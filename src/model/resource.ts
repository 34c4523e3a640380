import type { JsonObject } from './json.ts';

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
  /** The whole row (id, name, type, tags, sku, properties, …): what conditions read. */
  readonly body: JsonObject;
  /** Paths that could not be read, such as `properties`; they and all below them are unknown, not unset. */
  readonly gaps: readonly string[];
}
