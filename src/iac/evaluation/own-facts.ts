import type { OwnFact } from '../name-pattern.ts';
import { type Lazy, mapOf, type Values } from './value.ts';

/**
 * `resourceGroup()` and `subscription()` without arguments: those that the vault is deployed to. `undefined` for any
 * other function.
 */
export function ownFacts(name: string): Values | undefined {
  const facts = functions.get(name.toLowerCase());
  return facts === undefined ? undefined : mapOf(facts.map(([key, fact]) => [key, ownText(fact)]));
}

const functions: ReadonlyMap<string, readonly (readonly [string, OwnFact])[]> = new Map([
  [
    'resourcegroup',
    [
      ['id', 'resourceGroupId'],
      ['name', 'resourceGroupName'],
    ],
  ],
  [
    'subscription',
    [
      ['id', 'subscriptionId'],
      ['subscriptionId', 'subscriptionGuid'],
    ],
  ],
]);

function ownText(fact: OwnFact): Lazy {
  const gap = { min: 1, max: Infinity, plain: false, origin: { kind: 'own', fact } } as const;
  return () => [{ kind: 'text', pattern: [gap] }];
}
