/** A management lock. `scope` is what it stands on: a subscription, a resource group or a resource. */
export interface Lock {
  readonly scope: string;
  readonly name: string;
  readonly level: 'ReadOnly' | 'CanNotDelete';
}

/** What the caller may do somewhere, in Azure's patterns. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** What would make Azure refuse a write, where it can be read; `undefined` where it cannot. */
export interface Preconditions {
  locks(subscriptionId: string, signal: AbortSignal): Promise<readonly Lock[] | undefined>;
  permissions(vaultId: string, signal: AbortSignal): Promise<readonly Permission[] | undefined>;
}
