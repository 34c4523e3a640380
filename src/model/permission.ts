/** What a role grants at some scope, in Azure's patterns: `actions`, less what `notActions` takes away from them. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}
