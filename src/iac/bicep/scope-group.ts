import { type Expression, elementNamed } from '../syntax/expression.ts';

/** The place that a `scope` names, as far as it is written. */
interface WrittenScope {
  readonly subscription?: Expression;
  readonly resourceGroup?: Expression;
}

/** Reads `scope: resourceGroup('rg')`, `resourceGroup(subscription, 'rg')`, `subscription(id)`, or a symbol. */
export function readScope(scope: Expression | undefined): WrittenScope {
  if (scope?.kind === 'reference') return { resourceGroup: elementNamed(scope, 'name') };
  if (scope?.kind !== 'call') return {};
  const [first, second] = scope.arguments;
  if (first === undefined) return {};
  const name = scope.name.toLowerCase();
  if (name === 'subscription') return { subscription: first };
  if (name !== 'resourcegroup') return {};
  return second === undefined ? { resourceGroup: first } : { subscription: first, resourceGroup: second };
}
