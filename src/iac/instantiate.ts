import { declareVault } from './declare-vault.ts';
import type { DeclaredVault } from './declared-vault.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { iterate } from './evaluation/iterate.ts';
import { type Argument, type Budget, lazy, type Scope, withNames } from './evaluation/scope.ts';
import type { Values } from './evaluation/value.ts';
import { type Instance, scopeOf, writtenAt } from './instance.ts';
import type { Loop, ModuleCall, Template } from './template.ts';

/** Work that one deployment, with all that it calls, may cost, and how deep calls may go. */
const steps = 200_000;
const deepestCall = 10;

/** Every vault of a deployment: of the template, and of the templates that it calls, with their arguments. */
export function instantiate(
  root: Instance,
  templates: ReadonlyMap<string, Template>,
): { readonly vaults: readonly DeclaredVault[]; readonly complete: boolean } {
  const budget: Budget = { steps, depth: 0 };
  const vaults: DeclaredVault[] = [];
  const open: Deployment[] = [{ instance: root, resourceGroup: undefined, depth: 0 }];
  for (let next = open.pop(); next !== undefined && budget.steps > 0; next = open.pop()) {
    const { instance, resourceGroup, depth } = next;
    const scope = scopeOf(instance, budget);
    for (const block of instance.template.vaults) {
      for (const turn of turnsOf(block.loop, scope)) {
        vaults.push(declareVault(block, turn, resourceGroup));
        budget.steps -= 1;
      }
    }
    if (depth === deepestCall) continue;
    for (const call of instance.template.calls) {
      const template = typeof call.target === 'string' ? templates.get(call.target) : call.target;
      if (template === undefined) continue;
      for (const turn of turnsOf(call.loop, scope)) {
        budget.steps -= 1;
        open.push(deploymentOf({ call, template, inherited: next }, turn));
      }
    }
  }
  return { vaults, complete: budget.steps > 0 };
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
