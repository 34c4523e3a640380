import type { RuleVerdict } from '../../model/apply.ts';
import { bodyOf, type VaultRead, type VaultReader } from '../../model/arm-ports.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { sameState, stateOf } from '../../remediation/state.ts';
import { wholeValues } from '../../remediation/changes.ts';
import { interruptedBeforeVerification, sentNotVerified, type StepOutcome } from '../write/outcomes.ts';
import type {
  AcceptedWrite,
  Decision,
  Verification,
  WriteContext,
  WriteEnd,
  WriteProcedure,
  WriteRequest,
} from '../write/procedure.ts';
import { isUpdating, pause, readWithRetry, readWhenStable, unread } from '../write/read-vault.ts';
import type { StepHistory } from '../write/step-history.ts';
import { decidePatch, passesAllRules, verdictsOn } from './patch-decision.ts';
import type { SelectedStep } from './selection.ts';
import * as wording from './wording.ts';

/**
 * The write of one step of a plan: a PATCH of the vault, if it is as the plan saw it. Afterwards the vault is judged by
 * the same rules.
 */
export function patchWrite(selected: SelectedStep, vaults: VaultReader): WriteProcedure {
  const { id, vault, changes } = selected.step;
  const target: Target = { selected, vaults };
  return {
    kind: 'patch',
    step: id,
    vault,
    body: changes,
    decide: (history, context) => decide(target, history, context),
    recheck: (request, context) => recheck(target, request, context),
    explain: (refusal) => explainRefusal(refusal, vault, 'write'),
    verify: (accepted, context) => verify(target, accepted, context),
  };
}

interface Target {
  readonly selected: SelectedStep;
  readonly vaults: VaultReader;
}

async function decide(
  { selected, vaults }: Target,
  history: StepHistory,
  context: WriteContext,
): Promise<Decision> {
  const { vault } = selected.step;
  // A dry run tells how it is now; what sends must not send into a change that is under way.
  const read =
    context.journal === undefined
      ? await readWithRetry(vaults, vault, context)
      : await readWhenStable(vaults, vault, { ...context, stopPolling: context.signal });
  if (read.kind === 'notFound') return { kind: 'stop', stepOutcome: wording.vaultNotFound };
  if (read.kind === 'failed')
    return { kind: 'stop', stepOutcome: context.stopped() ?? unread(read.refusal, selected.step.vault) };
  if (context.journal !== undefined && isUpdating(read.resource))
    return { kind: 'stop', stepOutcome: context.stopped() ?? wording.stillUpdating };
  return decidePatch(selected, read.resource, history);
}

/**
 * Reads a vault right before a write that replaces a whole object, since ARM has no conditional write: what would make
 * the write take somebody else's change away. The moment that the write itself takes remains.
 */
async function recheck(
  { selected, vaults }: Target,
  { action, before }: WriteRequest,
  context: WriteContext,
): Promise<WriteEnd | undefined> {
  if (wholeValues(bodyOf(action)).length === 0) return undefined;
  const { vault, changes } = selected.step;
  const read = await readWithRetry(vaults, vault, context);
  if (read.kind === 'notFound') return { stepOutcome: wording.vaultNotFound };
  if (read.kind === 'failed')
    return { stepOutcome: context.stopped() ?? unread(read.refusal, selected.step.vault) };
  const now = stateOf(read.resource, changes);
  return sameState(before, now)
    ? undefined
    : { stepOutcome: wording.changedMeanwhile(before, now), after: now };
}

/** Reads the vault again, a few times if need be: Azure may take a moment. */
async function verify(target: Target, accepted: AcceptedWrite, context: WriteContext): Promise<Verification> {
  const { selected } = target;
  const read = accepted.isCut ? await readOnce(target) : await readUntilFixed(target, context);
  const resource = read.kind === 'found' ? read.resource : undefined;
  const verdicts = resource === undefined ? [] : verdictsOn(selected, resource);
  const isOpen = !isFixed(selected, read) && (accepted.isCut || isStillUpdating(read, context));
  return {
    stepOutcome: isOpen
      ? sentNotVerified('change', interruptedBeforeVerification)
      : outcomeAfter(selected, read, verdicts),
    verdicts,
    isOpen,
    ...(resource === undefined ? {} : { after: stateOf(resource, selected.step.changes) }),
  };
}

async function readOnce({ selected, vaults }: Target): Promise<VaultRead> {
  return vaults.readVault(selected.step.vault, new AbortController().signal);
}

async function readUntilFixed({ selected, vaults }: Target, context: WriteContext): Promise<VaultRead> {
  const { vault } = selected.step;
  const untilStable = { ...context, signal: new AbortController().signal, stopPolling: context.signal };
  let read = await readWhenStable(vaults, vault, untilStable);
  for (
    let attempt = 1;
    attempt < 4 && !isFixed(selected, read) && !isStillUpdating(read, context);
    attempt += 1
  ) {
    await pause(undefined, attempt + 1, untilStable);
    read = await readWhenStable(vaults, vault, untilStable);
  }
  return read;
}

/** Azure goes on changing the vault, and nobody waits for that any more. */
function isStillUpdating(read: VaultRead, { signal }: WriteContext): boolean {
  return signal.aborted && read.kind === 'found' && isUpdating(read.resource);
}

function isFixed(selected: SelectedStep, read: VaultRead): boolean {
  return read.kind === 'notFound' || (read.kind === 'found' && passesAllRules(selected, read.resource));
}

function outcomeAfter(
  selected: SelectedStep,
  read: VaultRead,
  verdicts: readonly RuleVerdict[],
): StepOutcome {
  if (read.kind === 'notFound') return wording.vaultNotFound;
  if (read.kind === 'failed')
    return sentNotVerified('change', unread(read.refusal, selected.step.vault).cause);
  if (passesAllRules(selected, read.resource)) return wording.verified;
  return isUpdating(read.resource)
    ? sentNotVerified('change', 'Azure is still carrying it out.')
    : wording.stillFailing(verdicts);
}
