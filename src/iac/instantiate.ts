import { declareVault } from './declare-vault.ts';
import type { DeclaredVault } from './declared-vault.ts';
import type { Deployed } from './deployments.ts';
import { type Budget, spend } from './evaluation/budget.ts';
import { evaluate } from './evaluation/evaluate.ts';
import type { Argument, Scope } from './evaluation/scope.ts';
import type { Values } from './evaluation/value.ts';
import { idsBelow, type ImportedId, importedIdsIn } from './imported-ids.ts';
import { argumentsIn, called, calledTemplate, type Instance, scopeOf } from './instance.ts';
import type { Evaluation, Program } from './program.ts';
import type { ModuleCall, VaultBlock } from './template.ts';
import { turnsOf } from './turns.ts';

/** How deep calls may go. */
const deepestCall = 10;

/**
 * Every vault of a deployment: of the template, and of the templates that it calls, with their arguments. Where
 * `budget` is used up not all of them are known.
 */
export function instantiate(
  { template: key, given }: Deployed,
  program: Program,
  budget: Budget,
): readonly DeclaredVault[] {
  const evaluation: Evaluation = { program, budget, libraries: new Map() };
  const template = program.templates.get(key);
  if (template === undefined) return [];
  const handedOver = given === undefined ? new Map<string, Argument>() : argumentsIn(given, evaluation);
  const instance = { template, arguments: handedOver, open: true };
  const vaults: DeclaredVault[] = [];
  const open: Deployment[] = [
    { instance, resourceGroup: undefined, importedIds: [], isGiven: given !== undefined, depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined && budget.steps > 0; next = open.pop()) {
    const scope = scopeOf(next.instance, evaluation);
    const own = importedIdsIn(next.instance.template.importBlocks, scope);
    const deployment = { ...next, importedIds: [...next.importedIds, ...own] };
    for (const block of next.instance.template.vaults) vaults.push(...vaultsOf(block, scope, deployment));
    if (next.depth === deepestCall) continue;
    for (const call of next.instance.template.calls) {
      open.push(...deploymentsOf(call, scope, { deployment, evaluation }));
    }
  }
  return vaults;
}

interface Deployment {
  readonly instance: Instance;
  /** Where the calls on the way say that it goes; `undefined` where they do not. */
  readonly resourceGroup: Values | undefined;
  /** ARM ids of what is in it. */
  readonly importedIds: readonly ImportedId[];
  /** True where a parameter file of the checkout says how it is deployed. */
  readonly isGiven: boolean;
  readonly depth: number;
}

function vaultsOf(
  block: VaultBlock,
  scope: Scope,
  { resourceGroup, importedIds, isGiven }: Deployment,
): readonly DeclaredVault[] {
  return turnsOf(block.loop, scope).map((turn) => {
    spend(turn.budget, 1 + block.properties.size / 10);
    const ids = idsBelow(importedIds, { name: block.address, loop: block.loop, turn });
    const resourceIds = ids.map(({ id }) => id);
    return declareVault(block, turn, { resourceGroup, resourceIds, isGiven });
  });
}

function deploymentsOf(
  call: ModuleCall,
  scope: Scope,
  { deployment, evaluation }: { readonly deployment: Deployment; readonly evaluation: Evaluation },
): readonly Deployment[] {
  const { templates } = evaluation.program;
  const declaresNone = typeof call.target === 'string' && !templates.has(call.target);
  const template = declaresNone ? undefined : calledTemplate(call, evaluation);
  if (template === undefined) return [];
  const { loop, resourceGroup, symbol: name } = call;
  return turnsOf(loop, scope).map((turn) => ({
    instance: called(call, template, turn),
    resourceGroup: resourceGroup === undefined ? deployment.resourceGroup : evaluate(resourceGroup, turn),
    importedIds: idsBelow(deployment.importedIds, { name, loop, turn }),
    isGiven: deployment.isGiven,
    depth: deployment.depth + 1,
  }));
}
