import type { Entry, Expression, ForExpression } from '../languages/expression.ts';
import { breadthOf, costOf, spend } from './budget.ts';
import { loadedValues, loadOf } from './data.ts';
import { callFunction } from './functions.ts';
import { iterate } from './iterate.ts';
import { overlay } from './merge.ts';
import { type NameScope, withNames } from './scope.ts';
import {
  alternatives,
  concatenate,
  keyOf,
  lazy,
  type Lazy,
  listOf,
  mapOf,
  scalarOf,
  text,
  unknown,
  type Value,
  type Values,
} from './value.ts';

/** Evaluates an expression to the values that it may have. Never throws: what is not understood is unknown. */
export function evaluate(expression: Expression, scope: NameScope): Values {
  const { budget } = scope;
  spend(budget, 1 + breadthOf(expression));
  if (budget.steps < 0 || budget.depth > deepest) return unknown;
  budget.depth += 1;
  const values = evaluateKind(expression, scope);
  budget.depth -= 1;
  spend(budget, costOf(values));
  if (values.some((value) => value.kind === 'unknown' && value.isEndless === true)) budget.metEndless = true;
  return values;
}

/** Deeper chains of references than this end as unknown, before the stack does. */
export const deepest = 200;

function evaluateKind(expression: Expression, scope: NameScope): Values {
  const inside = (part: Expression): Values => evaluate(part, scope);
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string'
        ? text(expression.value)
        : [{ kind: 'scalar', value: expression.value }];
    case 'template':
      return concatenate(expression.parts.map(inside));
    case 'parameter':
      return scope.parameter(expression.name) ?? unknown;
    case 'reference':
      return scope.reference(expression.name) ?? unknown;
    case 'member':
      return evaluateMember(expression, scope);
    case 'call':
      return evaluateCall(expression, scope);
    case 'object':
      return evaluateObject(expression, scope);
    case 'array':
      return listOf(expression.items.map((item) => lazy(() => inside(item))));
    case 'choice':
      return alternatives(chosen(expression, scope).flatMap(inside));
    case 'for':
      return evaluateFor(expression, scope);
    default:
      return unknown;
  }
}

/** The option that a condition decides for; all of them where it is not known. */
function chosen(
  { condition, options }: Extract<Expression, { kind: 'choice' }>,
  scope: NameScope,
): readonly Expression[] {
  const decided = condition === undefined ? undefined : scalarOf(evaluate(condition, scope));
  return typeof decided === 'boolean' ? options.slice(decided ? 0 : 1, decided ? 1 : 2) : options;
}

function evaluateMember({ of, key }: Extract<Expression, { kind: 'member' }>, scope: NameScope): Values {
  // `local.name`, `each.value`, `azurerm_resource_group.main`: two words that name one thing.
  if (of.kind === 'reference' && key.kind === 'literal') {
    const named = scope.reference(`${of.name}.${String(key.value)}`);
    if (named !== undefined) return named;
  }
  const keys = evaluate(key, scope).map(keyOf);
  const owners = evaluate(of, scope);
  return alternatives(owners.flatMap((owner) => keys.flatMap((name) => elementOf(owner, name))));
}

function elementOf(owner: Value, key: string | undefined): Values {
  if (key === undefined) return unknown;
  if (owner.kind === 'map') return (owner.entries.get(key) ?? (() => unknown))();
  if (owner.kind === 'list') return (owner.items[Number(key)] ?? (() => unknown))();
  return unknown;
}

function evaluateCall(
  { name, arguments: parts }: Extract<Expression, { kind: 'call' }>,
  scope: NameScope,
): Values {
  if (name.toLowerCase() === 'copyindex') return copyIndex(parts, scope);
  const args = (of: readonly Expression[]): readonly Values[] =>
    of.flatMap((part) => argumentOf(part, scope));
  const load = loadOf(name, parts);
  if (load !== undefined) return loadedValues(load, args(load.arguments), scope);
  const given = args(parts);
  return scope.call(name, given) ?? callFunction({ name, args: given, budget: scope.budget });
}

/** A list that is expanded is as many arguments as it has elements; one that is not known is one unknown argument. */
function argumentOf(part: Expression, scope: NameScope): readonly Values[] {
  if (part.kind !== 'expansion') return [evaluate(part, scope)];
  const [only, ...others] = evaluate(part.of, scope);
  if (only?.kind !== 'list' || others.length > 0) return [unknown];
  return only.items.map((item) => item());
}

function copyIndex(parts: readonly Expression[], scope: NameScope): Values {
  const offset = parts.map((part) => evaluate(part, scope)[0]).find((value) => value?.kind === 'scalar');
  const index = scope.reference('copyIndex()') ?? unknown;
  return index.map((value) =>
    value.kind === 'scalar' && offset?.kind === 'scalar'
      ? { kind: 'scalar', value: Number(value.value) + Number(offset.value) }
      : value,
  );
}

function evaluateObject(
  { entries, locate }: Extract<Expression, { kind: 'object' }>,
  scope: NameScope,
): Values {
  const held = entriesOf(entries, scope);
  if (locate === undefined) return mapOf(held);
  return mapOf(held, (name) => {
    const entry = entries.findLast(({ key }) => key === name);
    return entry === undefined ? undefined : locate(entry.at);
  });
}

/** An entry without a key is a spread, or has a computed key, which none that is written may repeat. */
function entriesOf(entries: readonly Entry[], scope: NameScope): readonly (readonly [string, Lazy])[] {
  const held = new Map<string, Lazy>();
  for (const { key, value } of entries) {
    if (key === undefined && value.kind === 'opaque') continue;
    if (key === undefined) overlay(held, evaluate(value, scope));
    else
      held.set(
        key,
        lazy(() => evaluate(value, scope)),
      );
  }
  return [...held];
}

function evaluateFor(expression: ForExpression, scope: NameScope): Values {
  const { over, key, value, condition } = expression;
  const iterations = iterate(evaluate(over, scope), { ...expression, keyedByItem: false });
  spend(scope.budget, iterations.length);
  const scopes = iterations
    .map((names) => withNames(scope, names))
    .filter((one) => condition === undefined || scalarOf(evaluate(condition, one)) !== false);
  if (key === undefined) return listOf(scopes.map((iteration) => lazy(() => evaluate(value, iteration))));
  const entries = scopes.map((iteration, index): readonly [string, Lazy] => {
    const [first] = evaluate(key, iteration);
    const name = first === undefined ? undefined : keyOf(first);
    return [name ?? `\u0000${index}`, lazy(() => evaluate(value, iteration))];
  });
  return mapOf(entries);
}
