import type { Expression } from '../syntax/expression.ts';

/** The resource group of `scope: resourceGroup('rg')` or `scope: resourceGroup(subscription, 'rg')`, or of a symbol. */
export function scopeGroup(scope: Expression | undefined): Expression | undefined {
  if (scope?.kind === 'call' && scope.name.toLowerCase() === 'resourcegroup') return scope.arguments.at(-1);
  if (scope?.kind !== 'reference') return undefined;
  return { kind: 'member', of: scope, key: { kind: 'literal', value: 'name' } };
}
