import type { JsonObject } from '../model/json.ts';
import type { Resource } from '../model/resource.ts';
import { type CompiledRule, judge } from '../rules/evaluate.ts';
import type { Candidate, Rejection } from './candidate.ts';
import { afterChanges, changesOf } from './changes.ts';
import { refuseChanges } from './patchable.ts';
import { prove } from './prove.ts';

/** The contents of one step, and the failing rules that remain. */
export interface Rounds {
  readonly kept: readonly Candidate[];
  readonly changes: JsonObject;
  readonly rejected: readonly Rejection[];
}

/** Looks at a failed rule on a vault: a patch that fixes it, or why there is none. */
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

const secondStep = 'It can only be fixed once the step for this vault is applied: plan again then.';

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
