import { evaluate } from './evaluation/evaluate.ts';
import { iterate } from './evaluation/iterate.ts';
import { type Scope, withNames } from './evaluation/scope.ts';
import {
  lazy,
  type Lazy,
  listOf,
  mapOf,
  scalarOf,
  unknown,
  type Value,
  type Values,
} from './evaluation/value.ts';
import type { Loop } from './syntax/expression.ts';
import type { ModuleCall, Template } from './template.ts';

interface Called {
  readonly call: ModuleCall;
  readonly template: Template;
  /** The scope of the caller. */
  readonly scope: Scope;
  /** Gives the scope of the called template for one turn of the call. */
  readonly enter: (turn: Scope) => Scope;
}

/** The outputs of a called template: a map of them, in a loop a map or list of those of each turn. */
export function moduleOutputs({ call, template, scope, enter }: Called): Values {
  const { loop, outputsKey } = call;
  const outputsOf = (turn: Scope): Values => {
    let entered: Scope | undefined;
    const entries = [...template.outputs].map(([name, output]): readonly [string, Lazy] => [
      name,
      lazy(() => evaluate(output, (entered ??= enter(turn)))),
    ]);
    return mapOf(entries);
  };
  if (loop === undefined) return outputsOf(scope);
  const elementOf = (turn: Scope): Values =>
    outputsKey === undefined ? outputsOf(turn) : mapOf([[outputsKey, () => outputsOf(turn)]]);
  const over = oneOf(evaluate(loop.over, scope));
  const turns = over === undefined ? [] : iterate([over], loop);
  if (over === undefined || over.kind === 'unknown') return unknown;
  const elements = turns.map((names) => lazy(() => elementOf(withNames(scope, names))));
  return loop.keyedByItem ? keyed(elements, keysOf(turns, loop)) : listOf(elements);
}

/** The one thing that a loop goes over. Of several counts it is the largest: `count = var.enabled ? 1 : 0`. */
function oneOf(over: Values): Value | undefined {
  const [only] = over;
  if (over.length === 1) return only;
  const counts = over.flatMap((value) => (value.kind === 'scalar' ? [Number(value.value)] : []));
  return counts.length === over.length ? { kind: 'scalar', value: Math.max(...counts) } : undefined;
}

function keysOf(turns: readonly ReadonlyMap<string, Values>[], { keyName = '' }: Loop): readonly unknown[] {
  return turns.map((names) => scalarOf(names.get(keyName) ?? unknown));
}

function keyed(elements: readonly Lazy[], keys: readonly unknown[]): Values {
  if (keys.some((key) => typeof key !== 'string')) return unknown;
  return mapOf(elements.map((element, index) => [String(keys[index]), element]));
}
