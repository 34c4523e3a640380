import { type JsonObject, sameJson } from '../model/json.ts';
import type { Resource } from '../model/resource.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';
import { judge } from '../rules/evaluate.ts';
import type { Candidate, Rejection } from './candidate.ts';
import { afterChanges, changesOf } from './changes.ts';
import { refuseChanges } from './patchable.ts';

/** The contents of one step, and the failing rules that remain. */
export interface Rounds {
  readonly kept: readonly Candidate[];
  readonly changes: JsonObject;
  readonly rejected: readonly Rejection[];
}

/** Finds a patch that fixes a failed rule on a vault, or the reason why there is none. */
type Propose = (compiled: CompiledRule, resource: Resource) => Candidate | Rejection;

/** `rules` are all that the step may not break, `wanted` those of them that it is to fix. */
export interface RoundsRequest {
  readonly rules: readonly CompiledRule[];
  readonly wanted: readonly CompiledRule[];
  readonly propose: Propose;
}

/**
 * Proves round after round, each on the vault as the rounds before would leave it, until nothing more is kept: what a
 * second plan would propose after the first is in the first already.
 */
export function proveInRounds(resource: Resource, { rules, wanted, propose }: RoundsRequest): Rounds {
  const rejections = new Map<string, Rejection>();
  let kept: readonly Candidate[] = [];
  for (;;) {
    const changes = changesOf(resource, kept);
    const after = afterChanges(resource, changes);
    const proposals = wanted
      .filter((compiled) => judge(compiled, after) === 'nonCompliant')
      .map((compiled) => propose(compiled, after));
    const proof = prove(after, proposals.filter(isCandidate), rules);
    for (const rejection of [...proposals.filter(isRejection), ...proof.rejected])
      rejections.set(rejection.compiled.rule.id, rejection);
    const next = [...kept, ...proof.kept];
    if (proof.kept.length === 0) return { kept, changes, rejected: left(rejections, kept) };
    if (!holds(resource, next)) {
      for (const { compiled } of proof.kept)
        rejections.set(compiled.rule.id, { compiled, reason: secondStep });
      return { kept, changes, rejected: left(rejections, kept) };
    }
    kept = next;
  }
}

const secondStep = 'It can only be fixed once the step for the same resource is applied: plan again then.';

function holds(resource: Resource, kept: readonly Candidate[]): boolean {
  const changes = changesOf(resource, kept);
  const after = afterChanges(resource, changes);
  return (
    refuseChanges(changes, resource.type) === undefined &&
    kept.every(({ compiled }) => judge(compiled, after) === 'compliant')
  );
}

function left(rejections: ReadonlyMap<string, Rejection>, kept: readonly Candidate[]): readonly Rejection[] {
  const fixed = new Set(kept.map(({ compiled }) => compiled.rule.id));
  return [...rejections.values()].filter(({ compiled }) => !fixed.has(compiled.rule.id));
}

function isCandidate(proposal: Candidate | Rejection): proposal is Candidate {
  return 'patch' in proposal;
}

function isRejection(proposal: Candidate | Rejection): proposal is Rejection {
  return 'reason' in proposal;
}

/** The candidates that passed the proof, and those that did not with the reason. */
interface Proof {
  readonly kept: readonly Candidate[];
  /** The body that fixes all of `kept` at once. */
  readonly changes: JsonObject;
  readonly rejected: readonly Rejection[];
}

/**
 * Keeps those candidates of one vault that hold together: each of their rules passes on the vault as all of them would
 * leave it, and no other rule that did not fail before fails after. Whatever conflicts is left to a person, both sides.
 */
function prove(resource: Resource, candidates: readonly Candidate[], rules: readonly CompiledRule[]): Proof {
  let kept = candidates;
  const rejected: Rejection[] = [];
  for (;;) {
    const faults = faultsIn(resource, kept, rules);
    if (faults.size === 0) return { kept, changes: changesOf(resource, kept), rejected };
    for (const [{ compiled }, reason] of faults) rejected.push({ compiled, reason });
    kept = kept.filter((candidate) => !faults.has(candidate));
  }
}

type Faults = ReadonlyMap<Candidate, string>;

function faultsIn(resource: Resource, kept: readonly Candidate[], rules: readonly CompiledRule[]): Faults {
  const conflicts = pairConflicts(resource, kept);
  if (conflicts.size > 0) return conflicts;
  const together = togetherFault(resource, kept);
  if (together !== undefined) return new Map(kept.map((candidate) => [candidate, together]));
  return damage(resource, kept, rules);
}

/** Two patches conflict when their order matters, or when one rule fails once both are applied. */
function pairConflicts(resource: Resource, kept: readonly Candidate[]): Faults {
  return new Map(
    kept.flatMap((candidate) => {
      const conflicting = kept.filter((other) => other !== candidate && conflict(resource, candidate, other));
      return conflicting.length === 0 ? [] : [[candidate, conflictReason(conflicting)] as const];
    }),
  );
}

function conflict(resource: Resource, first: Candidate, second: Candidate): boolean {
  const changes = changesOf(resource, [first, second]);
  if (!sameJson(changes, changesOf(resource, [second, first]))) return true;
  const after = afterChanges(resource, changes);
  return [first, second].some(({ compiled }) => judge(compiled, after) !== 'compliant');
}

function conflictReason(conflicting: readonly Candidate[]): string {
  const others = conflicting.map(({ compiled: { rule } }) => `${rule.id} ${rule.name}`).join(', ');
  return `Its patch and that of ${others} undo each other; decide which rule takes precedence.`;
}

function togetherFault(resource: Resource, kept: readonly Candidate[]): string | undefined {
  const changes = changesOf(resource, kept);
  const after = afterChanges(resource, changes);
  const failed = kept.find(({ compiled }) => judge(compiled, after) !== 'compliant');
  if (failed !== undefined)
    return `The patches of ${names(kept)} do not hold together: ${failed.compiled.rule.id} would fail.`;
  return kept.length === 0 ? undefined : refuseChanges(changes, resource.type);
}

/** Rules that did not fail before and would fail after, attributed to the patches that break them. */
function damage(resource: Resource, kept: readonly Candidate[], rules: readonly CompiledRule[]): Faults {
  const after = afterChanges(resource, changesOf(resource, kept));
  const faults = new Map<Candidate, string>();
  for (const compiled of rules) {
    if (!compiled.appliesTo(resource.type) || judge(compiled, resource) === 'nonCompliant') continue;
    if (judge(compiled, after) !== 'nonCompliant') continue;
    const { rule } = compiled;
    const reason = `With its patch ${rule.id} ${rule.name}, which is met now, would fail.`;
    for (const cause of causes(resource, kept, compiled)) faults.set(cause, reason);
  }
  return faults;
}

function causes(resource: Resource, kept: readonly Candidate[], broken: CompiledRule): readonly Candidate[] {
  const alone = kept.filter(
    (candidate) => judge(broken, afterChanges(resource, changesOf(resource, [candidate]))) === 'nonCompliant',
  );
  return alone.length === 0 ? kept : alone;
}

function names(candidates: readonly Candidate[]): string {
  return candidates.map(({ compiled }) => compiled.rule.id).join(', ');
}
