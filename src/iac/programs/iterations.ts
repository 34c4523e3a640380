import { spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { iterate } from '../evaluation/iterate.ts';
import { type NameScope, withNames } from '../evaluation/scope.ts';
import type { Loop } from '../languages/expression.ts';

/** The scope of each iteration of a loop; without a loop there is one iteration. */
export function iterationsOf(loop: Loop | undefined, scope: NameScope): readonly NameScope[] {
  if (loop === undefined) return [scope];
  const iterations = iterate(evaluate(loop.over, scope), loop);
  spend(scope.budget, iterations.length);
  return iterations.map((names) => withNames(scope, names));
}
