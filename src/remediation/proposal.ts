import type { JsonObject } from '../model/json.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';

/** A failed rule whose patch, alone, fixes the vault. */
export interface Candidate {
  readonly compiled: CompiledRule;
  readonly patch: JsonObject;
}

/** A failed rule that no request can fix. */
export interface Rejection {
  readonly compiled: CompiledRule;
  readonly reason: string;
}
