import { compareText } from '../../model/compare-text.ts';
import { groupsBy } from '../../model/groups-by.ts';
import type { ManualItem, Plan, PlanStep } from '../../model/plan.ts';
import { severityRank } from '../../model/severity.ts';
import { type Change, valueChanges } from './difference.ts';

/** A sentence, and the things that it is about. */
export interface Shared<T> {
  readonly text: string;
  readonly about: readonly T[];
}

/** Steps that make the same changes for the same rules. */
export interface StepGroup {
  readonly steps: readonly PlanStep[];
  /** Of the first step, and so of all. */
  readonly first: PlanStep;
  readonly changes: readonly Change[];
  readonly consequences: readonly Shared<PlanStep>[];
  readonly preconditions: readonly Shared<PlanStep>[];
}

/** The steps of a plan, those that do the same together, in the order of the plan. */
export function stepGroups({ steps }: Plan): readonly StepGroup[] {
  return groupsBy(steps, sameChanges).map((same) => {
    const [first] = same;
    return {
      steps: same,
      first,
      changes: valueChanges(first),
      consequences: shared(same, ({ consequences }) => consequences),
      preconditions: shared(same, ({ preconditions }) => preconditions.map(({ message }) => message)),
    };
  });
}

/** A text that is the same for steps that do the same. */
function sameChanges(step: PlanStep): string {
  return JSON.stringify([step.vault.type.toLowerCase(), valueChanges(step), step.rules.map(({ id }) => id)]);
}

/** Findings of one rule that are fixed by hand in the same way. */
export interface ManualGroup {
  readonly items: readonly ManualItem[];
  readonly rule: ManualItem['rule'];
  readonly reasons: readonly Shared<ManualItem>[];
  readonly runbook: readonly string[];
}

/** The findings to fix by hand, by rule, the most severe first: a runbook is the same for every vault. */
export function manualGroups({ manual }: Plan): readonly ManualGroup[] {
  return groupsBy(manual, ({ rule, runbook }) => JSON.stringify([rule.id, runbook]))
    .map((items) => {
      const [{ rule, runbook }] = items;
      return { items, rule, runbook, reasons: shared(items, ({ reason }) => [reason]) };
    })
    .toSorted(
      (a, b) =>
        severityRank(a.rule.severity) - severityRank(b.rule.severity) || compareText(a.rule.id, b.rule.id),
    );
}

/** Each sentence once, with the things that it is about. */
export function shared<T>(
  things: readonly T[],
  textsOf: (thing: T) => readonly string[],
): readonly Shared<T>[] {
  const about = new Map<string, T[]>();
  for (const thing of things)
    for (const text of textsOf(thing)) {
      const known = about.get(text);
      if (known === undefined) about.set(text, [thing]);
      else known.push(thing);
    }
  return Array.from(about, ([text, all]) => ({ text, about: all }));
}
