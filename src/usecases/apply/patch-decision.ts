import type { RuleVerdict, StepPreview } from '../../model/apply.ts';
import type { VaultState } from '../../model/vault-state.ts';
import { type Resource } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';
import type { PlanRule, PlanStep } from '../../model/plan.ts';
import type { Rule } from '../../model/rule.ts';
import { afterChanges, changesFor } from '../../remediation/changes.ts';
import { consequencesOf } from '../../remediation/candidate.ts';
import { refuseChanges } from '../../remediation/patchable.ts';
import { isInPlace, isOtherwiseUnchanged, sameState, stateOf } from '../../remediation/state.ts';
import type { StepHistory } from '../write/step-history.ts';
import type { Decision } from '../write/procedure.ts';
import type { StepOutcome } from '../write/outcomes.ts';
import type { SelectedStep } from './selection.ts';
import * as wording from './wording.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { compileRule, judge } from '../../rules/evaluate.ts';

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
      preview: {
        before: after,
        ...meaningOf(step, body, resource),
        obstacles: step.preconditions.map(({ message }) => message),
      },
    };
  return stop(wording.notProved('the selected rules would not all pass.'));
}

/** The risks and consequences of a body: fewer than the plan names, where less is sent than it has. */
function meaningOf(
  { changes, consequences, rules }: PlanStep,
  body: JsonObject,
  resource: Resource,
): Pick<StepPreview, 'risks' | 'consequences'> {
  const risks = [...new Set(rules.map(({ risk }) => risk))];
  if (body === changes) return { risks, consequences };
  const general = consequencesOf(resource, changes, []);
  // What a rule itself advises is not known by rule: it goes with every change that affects users.
  const advice = risks.includes('disruptive') ? consequences.filter((each) => !general.includes(each)) : [];
  return { risks, consequences: [...consequencesOf(resource, body, []), ...advice] };
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

/** A step made ready: its rules compiled. */
interface ReadyStep {
  readonly step: PlanStep;
  readonly rules: readonly CompiledRule[];
}

/** The relation of a vault to a step. */
interface Assessment {
  readonly verdicts: readonly RuleVerdict[];
  /** Every rule of the step passes, or no longer applies. */
  readonly passes: boolean;
  /** The vault is as the plan saw it. */
  readonly unchanged: boolean;
}

/** Compiles the rules of a step, as the plan has them. */
function readyStep(step: PlanStep): ReadyStep {
  return { step, rules: step.rules.map((rule) => compileRule(ruleOf(rule, step), rule.parameters)) };
}

/** Judges a vault by the rules of a step, and compares it with what the plan saw. */
function assess({ step, rules }: ReadyStep, resource: Resource): Assessment {
  const verdicts = rules.map((rule) => ({ id: rule.rule.id, verdict: judge(rule, resource) }));
  return {
    verdicts,
    passes: verdicts.every(({ verdict }) => verdict === 'compliant' || verdict === 'notApplicable'),
    unchanged: sameState(step.before, stateOf(resource, step.changes)),
  };
}

/** The body to send to a vault that is as the plan saw it: the plan's own, or less for some of its rules. */
function bodyFor({ step }: ReadyStep, whole: boolean, resource: Resource): JsonObject {
  if (whole) return step.changes;
  return changesFor(
    resource,
    step.rules.map(({ patch }) => patch),
  );
}

/** A rule of a plan as the evaluator wants it; what only reports need is left empty. */
function ruleOf(rule: PlanRule, { vault }: PlanStep): Rule {
  const { id, name, title, severity, require, when } = rule;
  return {
    id,
    name,
    title,
    severity,
    description: '',
    resourceTypes: [vault.type],
    require,
    ...(when === undefined ? {} : { when }),
    parameters: {},
    unset: {},
    controls: {},
    references: [],
    examples: { pass: [], fail: [], notApplicable: [], unknown: [] },
    location: { file: 'plan', line: 1, column: 1 },
    builtIn: false,
  };
}
