import { spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { iterate } from '../evaluation/iterate.ts';
import { type Scope, withNames } from '../evaluation/scope.ts';
import type { Loop } from '../languages/expression.ts';

/** The scope of each turn of a loop; without a loop there is one turn. */
export function turnsOf(loop: Loop | undefined, scope: Scope): readonly Scope[] {
  if (loop === undefined) return [scope];
  const turns = iterate(evaluate(loop.over, scope), loop);
  spend(scope.budget, turns.length);
  return turns.map((names) => withNames(scope, names));
}
