import { type Resource, propertiesOf } from '../../model/resource.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { VaultAddress, VaultRead, VaultReader } from '../../model/arm-ports.ts';
import { mostFailures, outOfTime, pauseBeforeRetry, type RetryOptions } from '../../model/retry.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import type { StepOutcome } from './outcomes.ts';

/** Times that a request is sent at most. */
export const attempts = mostFailures + 1;

/** Reads a vault from ARM, and again when Azure throttles, fails or does not answer. */
export async function readWithRetry(
  reader: VaultReader,
  vault: VaultAddress,
  patience: RetryOptions,
): Promise<VaultRead> {
  return retryRead((signal) => reader.readVault(vault, signal), vault, patience);
}

interface Failed {
  readonly kind: 'failed';
  readonly refusal: Refusal;
}

/** Repeats a read of something about a vault when Azure throttles, fails or does not answer. */
export async function retryRead<Read extends { readonly kind: 'found' | 'notFound' }>(
  read: (signal: AbortSignal) => Promise<Read | Failed>,
  vault: Pick<VaultAddress, 'id' | 'type'>,
  patience: RetryOptions,
): Promise<Read | Failed> {
  const until = requestDeadline(patience);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await read(patience.signal);
    if (answer.kind !== 'failed' || attempt === attempts) return answer;
    const refusal = withinTime(answer.refusal, { attempt, until }, patience);
    if (!explainRefusal(refusal, vault, 'read').transient) return { kind: 'failed', refusal };
    await pause(refusal, attempt, patience);
    if (patience.signal.aborted) return answer;
  }
}

/** The outcome of a write whose target could not be read. */
export function unread(refusal: Refusal, target: Pick<VaultAddress, 'id' | 'type'>): StepOutcome {
  const { outcome, cause, hint } = explainRefusal(refusal, target, 'read');
  return { outcome, cause, hint };
}

/** The deadline of a request that begins now, in milliseconds since 1970. */
export function requestDeadline({ clock, requestTimeoutMs }: RetryOptions): number {
  return clock.now().getTime() + requestTimeoutMs;
}

/** A refusal that says so where the pause before another attempt does not fit into the time of the request. */
export function withinTime(
  refusal: Refusal,
  { attempt, until }: { readonly attempt: number; readonly until: number },
  { clock, requestTimeoutMs }: RetryOptions,
): Refusal {
  const fits = clock.now().getTime() + pauseMs(refusal, attempt) < until;
  return fits ? refusal : { ...refusal, outOfTime: outOfTime(refusal.retryAfterMs ?? 0, requestTimeoutMs) };
}

/** Reads a vault that Azure is changing again until it is through, for some minutes or until `stopPolling` aborts. */
export async function readWhenStable(
  reader: VaultReader,
  vault: VaultAddress,
  patience: RetryOptions & { readonly stopPolling: AbortSignal },
): Promise<VaultRead> {
  const { clock, stopPolling } = patience;
  for (let poll = 1; ; poll += 1) {
    const read = await readWithRetry(reader, vault, patience);
    if (read.kind !== 'found' || !isUpdating(read.resource) || poll === maxPolls || stopPolling.aborted)
      return read;
    await clock.sleep(Math.min(1000 * 2 ** (poll - 1), 10_000), stopPolling);
  }
}

/** About ten minutes. */
const maxPolls = 62;

/** True while Azure carries out a change of the vault. */
export function isUpdating(resource: Resource): boolean {
  const state = propertiesOf(resource)['provisioningState'];
  return typeof state === 'string' && /^(updating|provisioning)$/i.test(state);
}

/** Waits before another attempt: as long as Azure asks, and longer with every attempt. */
export async function pause(
  refusal: Refusal | undefined,
  attempt: number,
  { clock, signal }: Pick<RetryOptions, 'clock' | 'signal'>,
): Promise<void> {
  await clock.sleep(pauseMs(refusal, attempt), signal);
}

/** Without chance: one vault is changed by one request at a time. */
function pauseMs(refusal: Refusal | undefined, attempt: number): number {
  return pauseBeforeRetry(attempt, refusal?.retryAfterMs ?? 0, 1);
}
