import type { Permission } from './permission.ts';

/** A management lock. `scope` is what it stands on: a subscription, a resource group or a resource. */
export interface Lock {
  readonly scope: string;
  readonly name: string;
  readonly level: 'ReadOnly' | 'CanNotDelete';
}

/** Conditions that would make Azure refuse a write; `undefined` where they cannot be read. */
export interface Preconditions {
  locks(subscriptionId: string, signal: AbortSignal): Promise<readonly Lock[] | undefined>;
  permissions(scope: string, signal: AbortSignal): Promise<readonly Permission[] | undefined>;
  /** Finds out if a resource group exists, by its id. */
  groupExists(id: string, signal: AbortSignal): Promise<boolean | undefined>;
}
