import type { RuleVerdict } from '../../model/apply.ts';
import type { VaultState } from '../../model/vault-state.ts';
import type { Resource } from '../../model/resource.ts';
import { assess, bodyFor, isInPlace, isOtherwiseUnchanged, readyStep } from '../../remediation/assess.ts';
import { afterChanges } from '../../remediation/changes.ts';
import { refuseChanges } from '../../remediation/patchable.ts';
import { sameState, stateOf } from '../../remediation/state.ts';
import type { StepHistory } from '../write/step-history.ts';
import type { Decision } from '../write/procedure.ts';
import type { StepOutcome } from '../write/outcomes.ts';
import type { SelectedStep } from './selection.ts';
import * as wording from './wording.ts';

/** Compares a vault with its step. `history` is what is known of earlier requests, of this run and of others. */
export function decidePatch(selected: SelectedStep, resource: Resource, history: StepHistory): Decision {
  const { step } = selected;
  const ready = readyStep(step);
  const { passes, unchanged, verdicts } = assess(ready, resource);
  const after = stateOf(resource, step.changes);
  const stop = (stepOutcome: StepOutcome) => ({ kind: 'stop', stepOutcome, verdicts, after }) as const;
  const doneAt = rulesVerifiedAt(selected, history);
  if (doneAt !== undefined && passes) return { ...stop(wording.verifiedBefore(doneAt)), isKnown: true };
  if (doneAt !== undefined) return stop(wording.undone(doneAt, verdicts));
  if (passes) return stop(passing(resource, history));
  if (!unchanged && !isOwn(after, history) && !isOurOwnState(resource, history)) {
    const { last } = history;
    const isOurs = last?.outcome === 'stillFailing' && last.after?.hash === after.hash;
    return stop(isOurs ? wording.stillFailing(verdicts) : wording.drifted(step, after));
  }
  const body = bodyFor(ready, selected.whole && unchanged, resource);
  const fault = refuseChanges(body, step.vault.type);
  if (fault !== undefined) return stop(wording.notProved(fault));
  if (Object.keys(body).length === 0) return stop(wording.stillFailing(verdicts));
  if (assess(ready, afterChanges(resource, body)).passes)
    return {
      kind: 'send',
      action: { kind: 'patch', vault: step.vault, body },
      before: after,
      verdicts,
    };
  return stop(wording.notProved('the selected rules would not all pass.'));
}

/** A request of ours was the last that changed the vault. */
function isOwn(state: VaultState, { ownState }: StepHistory): boolean {
  return ownState !== undefined && sameState(ownState, state);
}

/** A vault that needs nothing more: by a request of ours, or by someone else's. */
function passing(resource: Resource, { inFlight }: StepHistory): StepOutcome {
  if (inFlight === undefined || !isInPlace(inFlight, resource)) return wording.alreadyCompliant;
  return isOtherwiseUnchanged(inFlight, resource) ? wording.foundInPlace : wording.foundAmongOtherChanges;
}

/** A request whose answer never came was carried out, and nothing else has happened since. */
function isOurOwnState(resource: Resource, { inFlight }: StepHistory): boolean {
  return inFlight !== undefined && isInPlace(inFlight, resource) && isOtherwiseUnchanged(inFlight, resource);
}

/** The time at which earlier runs verified everything selected of a step; `undefined` when they did not. */
export function rulesVerifiedAt({ step }: SelectedStep, { verified }: StepHistory): string | undefined {
  const times = step.rules.map(({ id }) => verified.get(id));
  return times.every((at) => at !== undefined) ? times.at(-1) : undefined;
}

/** The verdicts of a step's rules on a vault. */
export function verdictsOn(selected: SelectedStep, resource: Resource): readonly RuleVerdict[] {
  return assess(readyStep(selected.step), resource).verdicts;
}

/** True when the vault passes every rule of the step. */
export function passesAllRules(selected: SelectedStep, resource: Resource): boolean {
  return assess(readyStep(selected.step), resource).passes;
}
