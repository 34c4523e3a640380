import type { OperatorCompiler, OperatorContext, Table } from '../context.ts';
import { columnsOf, items, nameOf, part, unsupported, type Syntax } from '../syntax.ts';
import type { Row, Rows } from '../value.ts';
import { refuseParameters } from './rows.ts';

const kinds = ['innerunique', 'inner', 'leftouter', 'fullouter'] as const;
type Kind = (typeof kinds)[number];

/** `join`: `innerunique` by default, on columns that are equal; null keys match nothing. */
export const compileJoin: OperatorCompiler = (node, context) => {
  refuseParameters(node, ['kind']);
  const plan = planOf(node, context);
  return (rows) => join(rows, plan);
};

interface Plan {
  readonly kind: Kind;
  readonly right: Table;
  readonly keys: readonly (readonly [left: string, right: string])[];
  /** The right table's columns under the names that the binder gave them in the result. */
  readonly renamed: readonly (readonly [from: string, to: string])[];
}

function planOf(node: Syntax, context: OperatorContext): Plan {
  const right = context.table(part(node, 'Expression'));
  const clause = part(node, 'ConditionClause');
  if (clause.kind !== 'JoinOnClause') throw unsupported(clause);
  const added = columnsOf(node).slice(context.input.length);
  if (added.length !== right.columns.length) throw unsupported(node);
  return {
    kind: kindOf(node),
    right,
    keys: items(clause, 'Expressions').flatMap(keysOf),
    renamed: right.columns.map(({ name }, index) => [name, added[index]?.name ?? name] as const),
  };
}

function kindOf(node: Syntax): Kind {
  const parameter = items(node, 'Parameters').find((one) => part(one, 'Name').name === 'kind');
  const text = parameter === undefined ? 'innerunique' : part(parameter, 'Expression').text;
  const kind = kinds.find((one) => one === text);
  if (kind === undefined) throw unsupported(node, `is a join of the kind '${text}', which is not supported`);
  return kind;
}

function keysOf(condition: Syntax): readonly (readonly [string, string])[] {
  if (condition.kind === 'AndExpression') {
    return [...keysOf(part(condition, 'Left')), ...keysOf(part(condition, 'Right'))];
  }
  if (condition.kind === 'NameReference') return [[nameOf(condition), nameOf(condition)]];
  if (condition.kind !== 'EqualExpression') throw unsupported(condition);
  const sides = [part(condition, 'Left'), part(condition, 'Right')];
  const left = sides.find((side) => part(side, 'Expression').name === '$left');
  const right = sides.find((side) => part(side, 'Expression').name === '$right');
  if (left === undefined || right === undefined) throw unsupported(condition);
  return [[nameOf(part(left, 'Selector')), nameOf(part(right, 'Selector'))]];
}

function* join(rows: Rows, plan: Plan): Rows {
  const matches = indexed(plan);
  const seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(
      row,
      plan.keys.map(([left]) => left),
    );
    if (plan.kind === 'innerunique' && key !== undefined) {
      if (seen.has(key)) continue;
      seen.add(key);
    }
    const found = key === undefined ? undefined : matches.get(key);
    if (found !== undefined) found.used = true;
    if (found !== undefined) for (const right of found.rows) yield { ...row, ...renamed(right, plan) };
    else if (plan.kind === 'leftouter' || plan.kind === 'fullouter') yield row;
  }
  if (plan.kind === 'fullouter') yield* leftOver(matches, plan);
}

interface Match {
  readonly rows: Row[];
  used: boolean;
}

function indexed(plan: Plan): ReadonlyMap<string, Match> {
  const index = new Map<string, Match>();
  let unmatched = 0;
  for (const row of plan.right.rows()) {
    const key =
      keyOf(
        row,
        plan.keys.map(([, right]) => right),
      ) ?? `null ${unmatched++}`;
    const match = index.get(key) ?? { rows: [], used: false };
    match.rows.push(row);
    index.set(key, match);
  }
  return index;
}

function* leftOver(matches: ReadonlyMap<string, Match>, plan: Plan): Rows {
  for (const match of matches.values())
    if (!match.used) for (const row of match.rows) yield renamed(row, plan);
}

function keyOf(row: Row, names: readonly string[]): string | undefined {
  const values = names.map((name) => row[name] ?? null);
  return values.includes(null) ? undefined : JSON.stringify(values);
}

function renamed(row: Row, plan: Plan): Row {
  return Object.fromEntries(plan.renamed.map(([from, to]) => [to, row[from]]));
}
