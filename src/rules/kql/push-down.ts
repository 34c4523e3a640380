import type { CompiledRule } from '../evaluate.ts';
import { conditionPair } from './condition.ts';
import { and, type Kql, or, partsOf, render } from './expression.ts';
import { filtersOf, typeTest, withoutProperties } from './prefilter.ts';

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
 * `when` not applicable. A row of which KQL cannot say whether `when` holds is therefore kept as well. The rows that are
 * asked must be of one of `types`.
 */
export function pushDown(rules: readonly CompiledRule[], types: readonly string[]): PushedDown {
  const tallies = types.flatMap((type): readonly Tally[] => [
    { type, where: dropped(type) },
    ...rules.flatMap((rule): readonly Tally[] => {
      if (rule.when === undefined || !rule.appliesTo(type)) return [];
      const { mayHold } = conditionPair(rule.when, []);
      return [{ type, ruleId: rule.rule.id, where: `${dropped(type)} and not(${render(mayHold)})` }];
    }),
  ]);
  return { where: render(keptRows(rules, types)), tallies };
}

/** Rows that a rule may fail on. What is asked of every type alike is asked once, and of no type. */
function keptRows(rules: readonly CompiledRule[], types: readonly string[]): Kql {
  const filters = filtersOf(rules);
  const asked = new Map<string, { readonly kql: Kql; readonly types: readonly string[] }>();
  for (const type of types.map((type) => type.toLowerCase())) {
    const about = filters.filter((_, index) => rules[index]?.appliesTo(type) === true);
    for (const kql of about.length === 0 ? [] : partsOf(or([withoutProperties, ...about]), 'or')) {
      const text = render(kql);
      asked.set(text, { kql, types: [...(asked.get(text)?.types ?? []), type] });
    }
  }
  const groups = new Map<string, { readonly types: readonly string[]; readonly parts: readonly Kql[] }>();
  for (const one of asked.values()) {
    const key = one.types.join(' ');
    groups.set(key, { types: one.types, parts: [...(groups.get(key)?.parts ?? []), one.kql] });
  }
  return or(
    [...groups.values()].map((group) =>
      group.types.length === types.length ? or(group.parts) : and([typeTest(group.types), or(group.parts)]),
    ),
  );
}

function dropped(type: string): string {
  return `not(kept) and ${render(typeTest([type.toLowerCase()]))}`;
}
