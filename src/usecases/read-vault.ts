import { isJsonObject } from '../model/json.ts';
import type { Resource } from '../model/resource.ts';
import type { Clock } from '../model/clock.ts';
import type { Refusal } from '../model/refusal.ts';
import type { VaultAddress, VaultRead, VaultReader } from '../model/vault-writer.ts';
import { explainRefusal } from '../remediation/explain-refusal.ts';

/** What patience needs: time, and a way to lose it. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Every request is tried so many times at most. */
export const attempts = 5;

/** Reads a vault from ARM, and again when Azure throttles, fails or does not answer. */
export async function readPatiently(
  reader: VaultReader,
  vault: VaultAddress,
  patience: Patience,
): Promise<VaultRead> {
  for (let attempt = 1; ; attempt += 1) {
    const read = await reader.readVault(vault, patience.signal);
    if (read.kind !== 'failed' || attempt === attempts) return read;
    if (!explainRefusal(read.refusal, vault, 'read').transient) return read;
    await pause(read.refusal, attempt, patience);
    if (patience.signal.aborted) return read;
  }
}

/** Reads a vault that Azure is changing again until it is through, for some minutes or until `settledBy` aborts. */
export async function readSettled(
  reader: VaultReader,
  vault: VaultAddress,
  patience: Patience & { readonly settledBy: AbortSignal },
): Promise<VaultRead> {
  const { clock, settledBy } = patience;
  for (let look = 1; ; look += 1) {
    const read = await readPatiently(reader, vault, patience);
    if (read.kind !== 'found' || !isUnsettled(read.resource) || look === looks || settledBy.aborted)
      return read;
    await clock.sleep(Math.min(1000 * 2 ** (look - 1), 10_000), settledBy);
  }
}

/** About ten minutes. */
const looks = 62;

/** True while Azure carries out a change of the vault. */
export function isUnsettled({ body }: Resource): boolean {
  const properties = body['properties'];
  const state = isJsonObject(properties) ? properties['provisioningState'] : undefined;
  return typeof state === 'string' && /^(updating|provisioning)$/i.test(state);
}

/** Waits as long as Azure asks; else a second, doubled with every attempt, half a minute at most. */
export async function pause(
  refusal: Refusal | undefined,
  attempt: number,
  { clock, signal }: Patience,
): Promise<void> {
  await clock.sleep(refusal?.retryAfterMs ?? Math.min(1000 * 2 ** (attempt - 1), 30_000), signal);
}
