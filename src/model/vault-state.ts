import type { JsonObject } from './json.ts';

/** The state of a vault when it was planned, or before and after a write. */
export interface VaultState {
  /** Lower-case hex SHA-256 of all `properties` but `provisioningState`: any change of them is drift. */
  readonly hash: string;
  /** The values of the properties that the step changes, as read; a property that was unset is absent. */
  readonly properties: JsonObject;
  /** All tags; only where the step changes tags. */
  readonly tags?: JsonObject;
}
