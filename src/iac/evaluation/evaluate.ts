import type { Expression, ForExpression } from '../languages/expression.ts';
import { breadthOf, costOf, spend } from './budget.ts';
import { loadedValues, loadOf } from './data.ts';
import { callFunction } from './functions.ts';
import { isCertainLoop, isCutOff, iterate } from './iterate.ts';
import { heldEntries, listWithSpreads } from './merge.ts';
import { type NameScope, withNames } from './scope.ts';
import { expanded, withUncertainElements } from './uncertain-elements.ts';
import {
  alternatives,
  concatenate,
  isClosed,
  keyOf,
  lazy,
  type Lazy,
  listOf,
  mapOf,
  opened,
  orUnknown,
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
      return listWithSpreads(expression.items, inside);
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
  if (owner.kind !== 'list') return unknown;
  const found = (owner.items[Number(key)] ?? (() => unknown))();
  return isClosed(owner) ? found : orUnknown(found);
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

function argumentOf(part: Expression, scope: NameScope): readonly Values[] {
  return part.kind === 'expansion' ? expanded(evaluate(part.of, scope)) : [evaluate(part, scope)];
}

/** `copyIndex()`, `copyIndex(1)`, `copyIndex('vaults')` and `copyIndex('vaults', 1)`. */
function copyIndex(parts: readonly Expression[], scope: NameScope): Values {
  const args = parts.map((part) => evaluate(part, scope)[0]);
  const offset = args.find((value) => value?.kind === 'scalar');
  const name = args.flatMap((value) => (value?.kind === 'text' ? (keyOf(value) ?? []) : []))[0];
  const index = scope.reference(`copyIndex(${name?.toLowerCase() ?? ''})`) ?? unknown;
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
  const { held, isOpen } = heldEntries(entries, (value) => evaluate(value, scope));
  const placeOf = (name: string) => {
    const entry = entries.findLast(({ key }) => key === name);
    return entry === undefined ? undefined : locate?.(entry.at);
  };
  const made = locate === undefined ? mapOf(held) : mapOf(held, placeOf);
  return isOpen ? opened(made) : made;
}

function evaluateFor(expression: ForExpression, scope: NameScope): Values {
  const { over, key, value } = expression;
  const values = evaluate(over, scope);
  const iterations = iterate(values, { ...expression, keyedByItem: false });
  spend(scope.budget, iterations.length);
  if (isCutOff(values)) scope.budget.metEndless = true;
  const kept = iterations.flatMap((names) => keptIteration(withNames(scope, names), expression));
  const scopes = kept.map(({ iteration }) => iteration);
  let isCertain = isCertainLoop(values) && kept.every((one) => one.isCertain);
  if (key === undefined) {
    const list = listOf(scopes.map((iteration) => lazy(() => evaluate(value, iteration))));
    return isCertain ? list : opened(list);
  }
  let isOpen = false;
  const entries = scopes.map((iteration, index): readonly [string, Lazy] => {
    const [first, ...others] = evaluate(key, iteration);
    const name = first === undefined ? undefined : keyOf(first);
    isOpen ||= name === undefined;
    isCertain &&= others.length === 0;
    return [name ?? `\u0000${index}`, lazy(() => evaluate(value, iteration))];
  });
  const map = mapOf(entries);
  if (!isCertain) return withUncertainElements(map);
  return isOpen ? opened(map) : map;
}

/** An iteration, unless the condition of the loop leaves it out; it is not certain where the condition is not decided. */
function keptIteration(
  iteration: NameScope,
  { condition }: ForExpression,
): readonly { readonly iteration: NameScope; readonly isCertain: boolean }[] {
  const decided = condition === undefined ? true : scalarOf(evaluate(condition, iteration));
  return decided === false ? [] : [{ iteration, isCertain: decided === true }];
}
