import { type Budget, spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { Argument, NameScope } from '../evaluation/scope.ts';
import { scalarOf, type Values } from '../evaluation/value.ts';
import type { Expression } from '../languages/expression.ts';
import { declareVault, type DeclaredVault } from './declared-vault.ts';
import type { RootDeployment } from './deployments.ts';
import { byFirstStep, idsBelow, type ImportedId, type ImportedIds, importedIdsIn } from './imported-ids.ts';
import { argumentsIn, called, calledTemplate, type Instance, scopeOf } from './instance.ts';
import { iterationsOf } from './iterations.ts';
import type { Evaluation, Program } from './program.ts';
import type { ModuleCall, Template, VaultBlock } from './template.ts';

/** The longest chain of calls that is followed. */
const deepestCall = 10;

/**
 * Every vault of a deployment: of the template, and of the templates that it calls, with their arguments. Where
 * `budget` is used up not all of them are known.
 */
export function instantiate(
  { template: key, given }: RootDeployment,
  program: Program,
  budget: Budget,
): readonly DeclaredVault[] {
  const evaluation: Evaluation = { program, budget, libraries: new Map() };
  const written = program.templates.get(key);
  if (written === undefined) return [];
  const template = { ...written, providers: new Map([...written.providers, ...(given?.providers ?? [])]) };
  const passedArguments = given === undefined ? new Map<string, Argument>() : argumentsIn(given, evaluation);
  const instance = { template, arguments: passedArguments, defaults: 'replaced' } as const;
  const vaults: DeclaredVault[] = [];
  const open: Deployment[] = [
    {
      instance,
      subscription: given?.subscription && evaluate(given.subscription, scopeOf(instance, evaluation)),
      resourceGroup: undefined,
      providers: new Map(),
      importedIds: [],
      isGiven: given !== undefined,
      depth: 0,
    },
  ];
  for (let next = open.pop(); next !== undefined && budget.steps > 0; next = open.pop()) {
    const scope = scopeOf(next.instance, evaluation);
    const { vaults: blocks, calls, importBlocks } = next.instance.template;
    const ids = byFirstStep([...next.importedIds, ...importedIdsIn(importBlocks, scope)]);
    const providers = providersIn(next.instance.template, scope, next.providers);
    const entered = { deployment: { ...next, providers }, ids, scope, evaluation };
    for (const block of blocks) if (budget.steps > 0) vaults.push(...vaultsOf(block, entered));
    if (next.depth === deepestCall) continue;
    for (const call of calls) if (budget.steps > 0) open.push(...deploymentsOf(call, entered));
  }
  return vaults;
}

interface Deployment {
  readonly instance: Instance;
  /** The target that the calls on the way write; `undefined` where they do not. */
  readonly subscription: Values | undefined;
  readonly resourceGroup: Values | undefined;
  readonly providers: Providers;
  /** ARM ids of what is in it. */
  readonly importedIds: readonly ImportedId[];
  /** True where a parameter file of the checkout says how it is deployed. */
  readonly isGiven: boolean;
  readonly depth: number;
}

/** A deployment while what it declares is worked out. */
interface DeploymentContext {
  readonly deployment: Deployment;
  readonly ids: ImportedIds;
  readonly scope: NameScope;
  readonly evaluation: Evaluation;
}

function vaultsOf(
  block: VaultBlock,
  { deployment, ids: imported, scope }: DeploymentContext,
): readonly DeclaredVault[] {
  const { resourceGroup, isGiven } = deployment;
  const subscription =
    (block.provider === undefined ? undefined : deployment.providers.get(block.provider)) ??
    deployment.subscription;
  return iterationsOf(block.loop, scope).flatMap((iteration) => {
    spend(iteration.budget, 1 + block.properties.size / 10);
    if (isNeverDeployed(block.condition, iteration)) return [];
    const ids = idsBelow(imported, { name: block.address, loop: block.loop, iteration });
    const resourceIds = ids.map(({ id }) => id);
    return declareVault(block, iteration, { subscription, resourceGroup, resourceIds, isGiven }) ?? [];
  });
}

/** True where a condition can only be false. */
function isNeverDeployed(condition: Expression | undefined, scope: NameScope): boolean {
  if (condition === undefined) return false;
  const values = evaluate(condition, scope);
  return values.length > 0 && values.every((value) => scalarOf([value]) === false);
}

function deploymentsOf(
  call: ModuleCall,
  { deployment, ids, scope, evaluation }: DeploymentContext,
): readonly Deployment[] {
  const { templates } = evaluation.program;
  const declaresNone = typeof call.target === 'string' && !templates.has(call.target);
  const template = declaresNone ? undefined : calledTemplate(call, evaluation);
  if (template === undefined) return [];
  const { loop, subscription, resourceGroup, symbol: name } = call;
  const iterations = iterationsOf(loop, scope).filter(
    (iteration) => !isNeverDeployed(call.condition, iteration),
  );
  return iterations.map((iteration) => ({
    instance: called(call, template, iteration),
    subscription: subscription === undefined ? deployment.subscription : evaluate(subscription, iteration),
    resourceGroup:
      resourceGroup === undefined ? deployment.resourceGroup : evaluate(resourceGroup, iteration),
    providers: passedProviders(call, deployment.providers),
    importedIds: idsBelow(ids, { name, loop, iteration }),
    isGiven: deployment.isGiven,
    depth: deployment.depth + 1,
  }));
}

/**
 * The subscriptions that Terraform's providers work in, by their names in a module; `undefined` where the code leaves that
 * to the environment of the run.
 */
type Providers = ReadonlyMap<string, Values | undefined>;

/** The providers of a module in one deployment: those that it was passed, and its own. */
function providersIn({ providers }: Template, scope: NameScope, passed: Providers): Providers {
  const own = [...providers].map(([name, { subscription, loop }]) => {
    const values = iterationsOf(loop, scope).flatMap((iteration) =>
      subscription === undefined ? [] : evaluate(subscription, iteration),
    );
    return [name, written(values)] as const;
  });
  return new Map([...passed, ...own]);
}

/** A subscription that is null or empty is one that is not written. */
function written(values: Values): Values | undefined {
  const held = values.filter((value) => ![null, ''].some((none) => scalarOf([value]) === none));
  return held.length === 0 ? undefined : held;
}

/**
 * The providers that a call passes to its module. Without `providers` it inherits those without an alias, with it only
 * those that are named there; source: https://developer.hashicorp.com/terraform/language/modules/develop/providers.
 */
function passedProviders({ providers: passed }: ModuleCall, held: Providers): Providers {
  if (passed === undefined) return new Map([...held].filter(([name]) => !name.includes('.')));
  return new Map([...passed].map(([name, own]) => [name, held.get(own)]));
}
