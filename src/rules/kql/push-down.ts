import type { CompiledRule } from '../evaluate.ts';
import { conditionPair } from './condition.ts';
import { and, type Kql, never, or, render, test } from './expression.ts';
import { compilePrefilter, oddTags, typesOf, typeTest, withoutProperties } from './prefilter.ts';

/** A count to be taken of rows that no rule can fail on. */
interface Tally {
  readonly type: string;
  /** With a rule: those to which it does not apply. Without: all of them. */
  readonly ruleId?: string;
  /** KQL over the columns of `resources` and the column `kept`. */
  readonly where: string;
}

/** What Resource Graph is asked to do itself: which rows to hand over, and what to count of the others. */
export interface PushedDown {
  /** KQL over the columns of `resources`: the rows that must be judged here. */
  readonly where: string;
  /** Each is about rows where `kept`, the value of `where`, is false. */
  readonly tallies: readonly Tally[];
}

/**
 * Pushes rules down to Resource Graph. On a row that is not kept every rule is decided: it is compliant, or by its
 * `when` not applicable. A row of which KQL cannot say whether `when` holds is therefore kept as well. What the
 * source calls a gap or a problem, whatever the rules, is for the source to keep.
 */
export function pushDown(rules: readonly CompiledRule[], types: readonly string[]): PushedDown {
  const { predicate } = compilePrefilter(rules);
  const undecided = or(rules.map(applicabilityUnsure));
  const tallies = types.flatMap((type): readonly Tally[] => [
    { type, where: dropped(type) },
    ...rules.flatMap((rule): readonly Tally[] => {
      if (rule.when === undefined || !rule.appliesTo(type)) return [];
      const { mayHold } = conditionPair(rule.when, []);
      return [{ type, ruleId: rule.rule.id, where: `${dropped(type)} and not(${render(mayHold)})` }];
    }),
  ]);
  return { where: render(or([withoutProperties, oddTags, test(`(${predicate})`), undecided])), tallies };
}

function dropped(type: string): string {
  return `not(kept) and ${render(typeTest([type.toLowerCase()]))}`;
}

function applicabilityUnsure(rule: CompiledRule): Kql {
  if (rule.when === undefined) return never;
  const { mayHold, mayFail } = conditionPair(rule.when, []);
  return and([typeTest(typesOf(rule)), mayHold, mayFail]);
}
