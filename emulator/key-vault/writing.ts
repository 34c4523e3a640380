import type { JsonObject } from '../../src/model/json.ts';
import type { OperationRequest } from '../operation.ts';
import type { World } from '../world.ts';
import type { KeyVaultType } from './paths.ts';

/** A write to one vault or managed HSM. */
export interface Writing {
  readonly request: OperationRequest;
  readonly world: World;
  readonly type: KeyVaultType;
  readonly method: 'PATCH' | 'PUT';
}

/** What became of a write: an answer in its place, or the resource as it is now kept. */
export type WriteOutcome = { readonly refused: Response } | { readonly resource: JsonObject };
