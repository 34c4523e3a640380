import { spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { isCertainLoop, isCutOff, iterate } from '../evaluation/iterate.ts';
import { type NameScope, withNames } from '../evaluation/scope.ts';
import { scalarOf, type Values } from '../evaluation/value.ts';
import type { Expression, Loop } from '../languages/expression.ts';
import { knownValue } from './known-value.ts';

/** The scope of each iteration of a loop; without a loop there is one iteration. */
export function iterationsOf(loop: Loop | undefined, scope: NameScope): readonly NameScope[] {
  if (loop === undefined) return [scope];
  const over = evaluate(loop.over, scope);
  const iterations = iterate(over, loop);
  if (isCutOff(over)) scope.budget.metEndless = true;
  spend(scope.budget, iterations.length);
  return iterations.map((names) => withNames(scope, names));
}

/** One time that a block or call is deployed, or may be. */
export interface Turn {
  readonly iteration: NameScope;
  /** The key of the iteration in the address: `["a"]`; empty without a loop. */
  readonly key: string;
  readonly isConditional: boolean;
}

/** Every time that a block or call is deployed, or may be: for each iteration of its loop, unless its condition can only be false. */
export function turnsOf(
  { loop, condition }: { readonly loop?: Loop; readonly condition?: Expression },
  scope: NameScope,
): readonly Turn[] {
  const isCertain = loop === undefined || isCertainLoop(evaluate(loop.over, scope));
  return iterationsOf(loop, scope).flatMap((iteration, index): readonly Turn[] => {
    const decided = condition === undefined ? true : truthOf(evaluate(condition, iteration));
    if (decided === false) return [];
    const key = loop === undefined ? '' : keyOfTurn(loop, iteration, index);
    return [{ iteration, key, isConditional: !isCertain || decided === undefined }];
  });
}

function keyOfTurn({ keyedByItem, keyName = '' }: Loop, iteration: NameScope, index: number): string {
  if (!keyedByItem) return `[${index}]`;
  const key = scalarOf(iteration.reference(keyName) ?? []);
  return key === undefined ? `[*${index}]` : `[${JSON.stringify(key)}]`;
}

/** False where a condition can only be false; `undefined` where it is not certain. */
function truthOf(values: Values): boolean | undefined {
  const known = knownValue(values);
  return known.kind === 'scalar' && typeof known.value === 'boolean' ? known.value : undefined;
}
