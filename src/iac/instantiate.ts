import { declareVault } from './declare-vault.ts';
import type { DeclaredVault } from './declared-vault.ts';
import type { Deployed } from './deployments.ts';
import { type Budget, spend } from './evaluation/budget.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { iterate } from './evaluation/iterate.ts';
import { type Argument, lazy, type Scope, withNames } from './evaluation/scope.ts';
import type { Values } from './evaluation/value.ts';
import { argumentsIn, type Instance, scopeOf, writtenAt } from './instance.ts';
import type { Loop, ModuleCall, Template } from './template.ts';

/** How deep calls may go. */
const deepestCall = 10;

/**
 * Every vault of a deployment: of the template, and of the templates that it calls, with their arguments. Where
 * `budget` is used up not all of them are known.
 */
export function instantiate(
  { template, given }: Deployed,
  templates: ReadonlyMap<string, Template>,
  budget: Budget,
): readonly DeclaredVault[] {
  const root = templates.get(template);
  if (root === undefined) return [];
  const handedOver = given === undefined ? new Map<string, Argument>() : argumentsIn(given, budget);
  const vaults: DeclaredVault[] = [];
  const open: Deployment[] = [
    {
      instance: { template: root, arguments: handedOver, open: true },
      resourceGroup: undefined,
      depth: 0,
    },
  ];
  for (let next = open.pop(); next !== undefined && budget.steps > 0; next = open.pop()) {
    const { instance, resourceGroup, depth } = next;
    const scope = scopeOf(instance, budget);
    for (const block of instance.template.vaults) {
      for (const turn of turnsOf(block.loop, scope)) {
        vaults.push(declareVault(block, turn, resourceGroup));
        spend(budget, 1 + block.properties.size / 10);
      }
    }
    if (depth === deepestCall) continue;
    for (const call of instance.template.calls) {
      const template = typeof call.target === 'string' ? templates.get(call.target) : call.target;
      if (template === undefined) continue;
      for (const turn of turnsOf(call.loop, scope)) {
        spend(budget, 1 + call.arguments.size / 10);
        open.push(deploymentOf({ call, template, inherited: next }, turn));
      }
    }
  }
  return vaults;
}

interface Deployment {
  readonly instance: Instance;
  /** Where the calls on the way say that it goes; `undefined` where they do not. */
  readonly resourceGroup: Values | undefined;
  readonly depth: number;
}

interface Called {
  readonly call: ModuleCall;
  readonly template: Template;
  readonly inherited: Deployment;
}

function deploymentOf({ call, template, inherited }: Called, scope: Scope): Deployment {
  const given = new Map<string, Argument>();
  for (const [name, written] of call.arguments) {
    const values = lazy(() => evaluate(written.value, scope));
    given.set(name, { at: writtenAt(written, scope), values });
  }
  const { resourceGroup } = call;
  return {
    instance: { template, arguments: given, open: false },
    resourceGroup: resourceGroup === undefined ? inherited.resourceGroup : evaluate(resourceGroup, scope),
    depth: inherited.depth + 1,
  };
}

function turnsOf(loop: Loop | undefined, scope: Scope): readonly Scope[] {
  if (loop === undefined) return [scope];
  return iterate(evaluate(loop.over, scope), loop).map((names) => withNames(scope, names));
}
