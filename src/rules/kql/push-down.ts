import type { CompiledRule } from '../condition/compiled.ts';
import { judge } from '../evaluate.ts';
import { and, type Kql, never, or, partsOf, render } from './expression.ts';
import { filtersOf, typeTest, whenPair, unreadableProperties } from './prefilter.ts';
import type { PushedDown, RowsWanted, Tally } from '../../model/rows-wanted.ts';

/**
 * Pushes rules down to Resource Graph. On a row that is not kept every rule is decided: it is compliant, or by its
 * `when` not applicable. A row of which KQL cannot say whether `when` holds is therefore kept as well. The rows that are
 * asked must be of one of `types`. The KQL is made when it is first asked for, which a scan of an inventory never does.
 */
export function pushDown(rules: readonly CompiledRule[], types: readonly string[]): PushedDown {
  let made: PushedDown | undefined;
  const pushedDown = (): PushedDown => (made ??= toKql(rules, types));
  return {
    get where() {
      return pushedDown().where;
    },
    get tallies() {
      return pushedDown().tallies;
    },
  };
}

function toKql(rules: readonly CompiledRule[], types: readonly string[]): PushedDown {
  const filters = filtersOf(rules);
  const keptOf = new Map(types.map((type) => [type, keptOfType(type, rules, filters)]));
  const wheres: string[] = [];
  const tally = (type: string, where: string): Pick<Tally, 'column' | 'type' | 'where'> => {
    if (!wheres.includes(where)) wheres.push(where);
    return { column: `t${wheres.indexOf(where)}`, type, where };
  };
  const tallies = types.flatMap((type): readonly Tally[] => [
    tally(type, dropped(type)),
    ...rules.flatMap((rule): readonly Tally[] => {
      if (rule.when === undefined || !rule.appliesTo(type)) return [];
      const applies = restOf(whenPair(rule).mayHold, keptOf.get(type) ?? []);
      const where = applies === never ? dropped(type) : `${dropped(type)} and not(${render(applies)})`;
      return [{ ...tally(type, where), ruleId: rule.rule.id }];
    }),
  ]);
  return { where: render(keptRows(types, keptOf)), tallies };
}

/** The rest of an alternative where none of some others holds. */
function restOf(kql: Kql, others: readonly Kql[]): Kql {
  const known = new Set(others.map(render));
  return or(partsOf(kql, 'or').filter((part) => !known.has(render(part))));
}

/** The rows of a type that some rule about it may fail on, as alternatives. */
function keptOfType(type: string, rules: readonly CompiledRule[], filters: readonly Kql[]): readonly Kql[] {
  const about = filters.filter((_, index) => rules[index]?.appliesTo(type) === true);
  return about.length === 0 ? [] : partsOf(or([unreadableProperties, ...about]), 'or');
}

/** Rows that a rule may fail on. What is asked of every type alike is asked once, and of no type. */
function keptRows(types: readonly string[], keptOf: ReadonlyMap<string, readonly Kql[]>): Kql {
  const asked = new Map<string, { readonly kql: Kql; readonly types: readonly string[] }>();
  for (const type of types) {
    for (const kql of keptOf.get(type) ?? []) {
      const text = render(kql);
      asked.set(text, { kql, types: [...(asked.get(text)?.types ?? []), type.toLowerCase()] });
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

/** The rows that rules about resources of some types need; `all`: every row, though no rule can fail on it. */
export function rowsWanted(
  rules: readonly CompiledRule[],
  types: readonly string[],
  { all }: { readonly all: boolean },
): RowsWanted {
  return {
    ...(all ? {} : { pushedDown: pushDown(rules, types) }),
    isUndecided: (resource) =>
      rules.some((rule) => rule.appliesTo(resource.type) && judge(rule, resource) === 'unknown'),
  };
}
