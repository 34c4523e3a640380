import type { Subscription } from './source.ts';

/** Finds out what subscriptions are called, and which management groups stand above them. */
export interface SubscriptionLookup {
  /** By id in lower case; one of which nothing could be read is absent. Never throws for Azure's no. */
  find(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Subscription>>;
}
