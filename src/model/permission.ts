/** The rights that a role grants at some scope, as Azure's patterns: `actions` without those that match `notActions`. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}
