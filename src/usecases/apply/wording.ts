import type { RuleVerdict } from '../../model/apply.ts';
import { type JsonObject, sameJson } from '../../model/json.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { VaultState } from '../../model/vault-state.ts';
import type { StepOutcome } from '../write/outcomes.ts';
import { recoverHint } from '../../remediation/explanations.ts';

export const verified: StepOutcome = {
  outcome: 'verified',
  cause: 'It was read again after the change and passes every rule of the step.',
  hint: '',
};

export const foundInPlace: StepOutcome = {
  outcome: 'verified',
  cause: 'A request that was never answered has taken effect: it passes every rule of the step.',
  hint: '',
};

export const foundAmongOtherChanges: StepOutcome = {
  outcome: 'verified',
  cause: `${foundInPlace.cause} Other properties have changed since the request was sent.`,
  hint: 'If that was not you, see its Activity Log.',
};

export const alreadyCompliant: StepOutcome = {
  outcome: 'alreadyCompliant',
  cause: 'It already passes every rule of the step: someone fixed it after the plan was made.',
  hint: '',
};

export const notSelected: StepOutcome = { outcome: 'skipped', cause: 'It was not selected.', hint: '' };

/** A person was asked, and this was not among what was shown. */
export const notAgreedTo: StepOutcome = {
  outcome: 'conflict',
  cause: 'Nothing was sent: what would be sent now is not what you were asked about.',
  hint: 'Run the same command again.',
};

export const vaultNotFound: StepOutcome = {
  outcome: 'notFound',
  cause: 'It no longer exists.',
  hint: recoverHint,
};

export const stillUpdating: StepOutcome = {
  outcome: 'conflict',
  cause: 'Nothing was sent: Azure is still carrying out a change to it.',
  hint: 'Apply the same plan with the same journal again once that change has finished.',
};

/** The outcome of a step that an earlier run verified. */
export function verifiedBefore(at: string): StepOutcome {
  return { outcome: 'verified', cause: `It was applied and verified on ${at}, and still passes.`, hint: '' };
}

/** The outcome of a step that an earlier run verified, and that was undone since. */
export function undone(at: string, verdicts: readonly RuleVerdict[]): StepOutcome {
  return {
    outcome: 'drifted',
    cause: `It was applied and verified on ${at}, and ${failingIn(verdicts)} fails again: someone changed it back.`,
    hint: 'See its Activity Log for who changed it, then make a new plan.',
  };
}

/** The change could not be proved on the vault as it is. */
export function notProved(reason: string): StepOutcome {
  return { outcome: 'failed', cause: `Nothing was sent: ${reason}`, hint: 'Make a new plan.' };
}

/** Accepted, and without effect. */
export function stillFailing(verdicts: readonly RuleVerdict[]): StepOutcome {
  return {
    outcome: 'stillFailing',
    cause: `Azure accepted the change, but ${failingIn(verdicts)} still fails.`,
    hint: 'Something, such as a policy or a deployment, may be changing it back: see its Activity Log.',
  };
}

function failingIn(verdicts: readonly RuleVerdict[]): string {
  const failing = verdicts.filter(({ verdict }) => verdict === 'nonCompliant' || verdict === 'unknown');
  return failing.map(({ id }) => id).join(', ');
}

/** Someone changed the vault since it was planned. */
export function drifted({ before }: PlanStep, now: VaultState): StepOutcome {
  const changed = changedNames(before.properties, now.properties);
  const what = changed.length === 0 ? 'properties that the step does not touch' : changed.join(', ');
  return {
    outcome: 'drifted',
    cause: `It was changed since the plan was made (${what}), so the plan may no longer be right.`,
    hint: 'Make a new plan and review it.',
  };
}

/** Someone changed the vault between its reading and the write. */
export function changedMeanwhile(before: VaultState, now: VaultState): StepOutcome {
  const changed = changedNames(before.properties, now.properties);
  const what = changed.length === 0 ? 'other properties' : changed.join(', ');
  return {
    outcome: 'drifted',
    cause: `Nothing was sent: it was changed (${what}) right before the write, which would have undone that.`,
    hint: 'Make a new plan and review it.',
  };
}

function changedNames(before: JsonObject, now: JsonObject): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => !sameJson(before[name], now[name]));
}
