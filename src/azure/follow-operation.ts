import { isJsonObject } from '../model/json.ts';
import type { Refusal } from '../model/refusal.ts';
import { isTransientStatus, mostFailures } from '../model/retry.ts';
import type { WriteAnswer } from '../model/arm-ports.ts';
import { redact } from '../reporters/text/redaction.ts';
import { type ArmExchange, exchangeWithArm } from './arm-exchange.ts';
import type { AzureConnection } from './connection.ts';
import { readErrorBody } from './error-body.ts';
import { refusal } from './refusal.ts';

/** A long-running operation that Azure has accepted. */
interface AcceptedOperation {
  readonly requestId: string;
  /** The address at which Azure reports the state of the operation. */
  readonly location: string;
}

/** The pace of following an operation; `signal` ends it. */
export interface FollowOptions {
  /** The pause between polls, where Azure asks for none: the 202 of a purge has no `Retry-After`. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

/**
 * Follows a long-running operation to its end, which its own body tells: an operation that has failed is answered with
 * 200 and `{"status": "Failed"}`, which the SDK's poller takes for success.
 */
export async function followOperation(
  connection: AzureConnection,
  { requestId, location }: AcceptedOperation,
  { pollMs, signal }: FollowOptions,
): Promise<WriteAnswer> {
  const { clock, cloud } = connection;
  const unfollowed: WriteAnswer = { kind: 'accepted', requestId, followed: false };
  if (!isOnHostOf(location, cloud.armEndpoint)) return unfollowed;
  const until = clock.now() + followForMs;
  for (let failures = 0; !signal.aborted && clock.now() < until;) {
    const poll = await exchangeWithArm(connection, { method: 'GET', url: location, signal });
    const state = stateOf(poll);
    if (state.kind === 'succeeded') return { kind: 'accepted', requestId, followed: true };
    if (state.kind === 'failed') return { kind: 'failedLater', refusal: { ...state.refusal, requestId } };
    failures = poll.kind === 'refused' ? failures + 1 : 0;
    if (state.kind !== 'running' || failures > mostFailures) return unfollowed;
    await clock.sleep(Math.max(pollMs, state.retryAfterMs), signal);
  }
  return unfollowed;
}

/** An operation that takes longer is looked at in its target instead. */
const followForMs = 30 * 60_000;

/** A token is never sent to another host. */
function isOnHostOf(location: string, endpoint: string): boolean {
  return URL.canParse(location) && new URL(location).host === new URL(endpoint).host;
}

type OperationState =
  | { readonly kind: 'running'; readonly retryAfterMs: number }
  | { readonly kind: 'succeeded' | 'unknown' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

function stateOf(poll: ArmExchange): OperationState {
  if (poll.kind === 'refused') return stateOfRefused(poll.refusal);
  const { status, body, retryAfterMs } = poll;
  if (status === 204) return { kind: 'succeeded' };
  if (status === 202) return { kind: 'running', retryAfterMs };
  if (!isJsonObject(body)) return { kind: 'unknown' };
  const word = body['status'];
  // Without a status, the answer is the resource that the operation was about.
  if (typeof word !== 'string' || /^succeeded$/i.test(word)) return { kind: 'succeeded' };
  if (!/^(failed|cancell?ed)$/i.test(word)) return { kind: 'running', retryAfterMs };
  const { code, message } = readErrorBody(JSON.stringify(body));
  const said = { code: code || word, message: redact(message || `the operation ended as ${word}`) };
  return { kind: 'failed', refusal: refusal({ status: 200, ...said }) };
}

function stateOfRefused(refused: Refusal): OperationState {
  const { status, retryAfterMs = 0 } = refused;
  if (status === 429 || isTransientStatus(status)) return { kind: 'running', retryAfterMs };
  // A refusal to tell is not the operation's own word: what it was about must tell.
  return { kind: 'unknown' };
}
