import type { CompiledRule } from '../condition/compiled.ts';
import { judge } from '../evaluate.ts';
import { allVariants, everyVariant } from '../scopes/in-force.ts';
import { and, type Kql, never, or, partsOf, render, isAlways, renderPart } from './expression.ts';
import {
  filtersOf,
  typeTest,
  whenPair,
  unreadableProperties,
  groupByTypes,
  unlessUnsure,
  type TypeGroup,
  typesOf,
} from './prefilter.ts';
import { shorterNames } from './literal.ts';
import type { PushedDown, RowFilter, RowsWanted, ScopeToCount, Tally } from '../../model/rows-wanted.ts';
import { graphColumns } from '../../resource-types/known-type.ts';

/**
 * Pushes rules down to Resource Graph. On a row that is not kept every rule is decided: it is compliant, or by its
 * `when` not applicable. A row of which KQL cannot say whether `when` holds is therefore kept as well. The rows that are
 * asked must be of one of `types`; those in scopes are counted, too. The KQL is made when it is first asked for, which a scan of an inventory never does.
 */
export function pushDown(
  rules: readonly CompiledRule[],
  types: readonly string[],
  scopesOf: ScopesOf = () => [],
): PushedDown {
  let made: PushedDown | undefined;
  const pushedDown = (): PushedDown => (made ??= toKql(rules, types, scopesOf));
  return {
    get where() {
      return pushedDown().where;
    },
    get tallies() {
      return pushedDown().tallies;
    },
  };
}

type ScopesOf = (type: string) => readonly ScopeToCount[];

function toKql(rules: readonly CompiledRule[], types: readonly string[], scopesOf: ScopesOf): PushedDown {
  const filters = filtersOf(rules, allVariants);
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
    ...scopesOf(type).map(({ scope, where }) =>
      Object.assign(tally(type, `${dropped(type)} and (${where})`), { scope }),
    ),
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

interface RowsChoice {
  readonly all: boolean;
  readonly filter?: RowFilter | undefined;
  readonly scopesOf?: ScopesOf;
}

/** The rows that rules about resources of some types need; `all`: every row, though no rule can fail on it. */
export function rowsWanted(
  rules: readonly CompiledRule[],
  types: readonly string[],
  { all, filter, scopesOf }: RowsChoice,
): RowsWanted {
  const pushedDown = all ? undefined : pushDown(rules, types, scopesOf);
  const variants = rules.flatMap((rule) => everyVariant(rule).rules);
  return {
    ...(pushedDown === undefined ? {} : { pushedDown: unlessUnsure(pushedDown, filter) }),
    ...(filter === undefined ? {} : { filter }),
    isUndecided: (resource) =>
      filter?.keeps(resource) !== false &&
      variants.some((rule) => rule.appliesTo(resource.type) && judge(rule, resource) === 'unknown'),
  };
}

/**
 * The rules as one query, laid out for a person: it can be pasted into the portal's Resource Graph Explorer. Its rows are
 * those that the rules may fail on, or cannot decide. A scan asks for a few rows more (`pushDown`): those that it
 * could not count instead of reading, because KQL cannot say whether a `when` holds, or whose properties or tags cannot
 * be read.
 */
export function prefilterQuery(rules: readonly CompiledRule[]): string {
  const types = [...new Set(rules.flatMap(typesOf))].toSorted();
  const groups = groupByTypes(rules).map(groupLines);
  const filter = groups.flatMap((lines, index) => (index === 0 ? lines : prefixFirst(lines, 'or ')));
  return [
    'resources',
    ...(rules.length === 0
      ? ['| where false']
      : [`| where ${render(typeTest(types))}`, `| ${shorterNames}`, '| where', ...filter]),
    `| project ${graphColumns.join(', ')}`,
    '| order by id asc',
    '',
  ].join('\n');
}

function groupLines({ ofTypes, rules }: TypeGroup): readonly string[] {
  if (isAlways(or(rules.map(({ keeps }) => keeps)))) return [`  ${render(ofTypes)}`, ...comments(rules)];
  const byText = new Map<string, { readonly keeps: Kql; readonly rules: TypeGroup['rules'] }>();
  for (const one of rules) {
    const same = byText.get(render(one.keeps))?.rules ?? [];
    byText.set(render(one.keeps), { keeps: one.keeps, rules: [...same, one] });
  }
  const alternatives = [...byText.values()].flatMap(({ keeps, rules }) =>
    comments(rules).concat(prefixFirst(layOut(keeps, '    '), 'or ')),
  );
  return [`  (${render(ofTypes)} and (`, `    ${render(unreadableProperties)}`, ...alternatives, '  ))'];
}

/** Ids and names come from rule files: nothing of them may end the comment. */
function comments(rules: TypeGroup['rules']): readonly string[] {
  return rules.map(
    ({ rule: { rule } }) => `    // ${`${rule.id} ${rule.name}`.replaceAll(/[^A-Za-z0-9 ._-]/g, '?')}`,
  );
}

const width = 110;

/** A condition over lines that a person can read: what does not fit on one is broken at its `and`s or `or`s. */
function layOut(kql: Kql, indent: string): readonly string[] {
  const line = `${indent}${renderPart(kql)}`;
  if (line.length <= width || kql.kind === 'constant' || kql.kind === 'test') return [line];
  const { kind, parts } = kql;
  const inner = parts.flatMap((part, index) => {
    const lines = layOut(part, `${indent}  `);
    return index === 0 ? lines : prefixFirst(lines, `${kind} `);
  });
  return [`${indent}(`, ...inner, `${indent})`];
}

/** Puts a word before the first of some lines, after its indent. */
function prefixFirst(lines: readonly string[], word: string): readonly string[] {
  return lines.map((line, index) => (index === 0 ? line.replace(/^ */, (indent) => indent + word) : line));
}
