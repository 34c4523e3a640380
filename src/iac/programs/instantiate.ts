import { type Budget, spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { Argument, NameScope } from '../evaluation/scope.ts';
import type { Values } from '../evaluation/value.ts';
import { declareVault, type DeclaredVault } from './declared-vault.ts';
import type { RootDeployment } from './deployments.ts';
import {
  byFirstStep,
  idsBelow,
  type ImportedId,
  type ImportedIds,
  importedIdsIn,
  passedProviders,
  type Providers,
  providersIn,
} from './inherited.ts';
import { argumentsIn, called, calledTemplate, type Instance, scopeOf } from './instance.ts';
import { turnsOf } from './iterations.ts';
import type { Evaluation, Program } from './program.ts';
import { changedBelow } from './reach.ts';
import type { ModuleCall, VaultBlock } from './template.ts';

/** The longest chain of calls that is followed. */
const deepestCall = 10;

/** The vaults of one deployment, and the resources that may be one: their type is not known. */
export interface DeployedVaults {
  readonly vaults: readonly DeclaredVault[];
  readonly untyped: ReadonlySet<VaultBlock>;
}

/**
 * Every vault of a deployment: of the template, and of the templates that it calls, with their arguments. Where
 * `budget` is used up not all of them are known.
 */
export function instantiate(
  { template: key, given }: RootDeployment,
  program: Program,
  budget: Budget,
): DeployedVaults {
  const untyped = new Set<VaultBlock>();
  const evaluation: Evaluation = { program, budget, libraries: new Map() };
  const written = program.templates.get(key);
  if (written === undefined) return { vaults: [], untyped };
  const template = { ...written, providers: new Map([...written.providers, ...(given?.providers ?? [])]) };
  const passedArguments = given === undefined ? new Map<string, Argument>() : argumentsIn(given, evaluation);
  const defaults = program.judges ? 'inForce' : 'replaced';
  const instance = { template, arguments: passedArguments, defaults } as const;
  const vaults: DeclaredVault[] = [];
  const open: Deployment[] = [
    {
      instance,
      changed: program.judges ? changedBelow(template, program) : [],
      address: '',
      template: fileOf(key),
      givenBy: given?.file === fileOf(key) ? undefined : given?.file,
      isConditional: false,
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
    const entered = { deployment: { ...next, providers }, ids, scope, evaluation, untyped };
    for (const block of blocks) if (budget.steps > 0) vaults.push(...vaultsOf(block, entered));
    if (next.depth === deepestCall && calls.length > 0 && program.judges) budget.metEndless = true;
    if (next.depth === deepestCall) continue;
    for (const call of calls) if (budget.steps > 0) open.push(...deploymentsOf(call, entered));
  }
  return { vaults, untyped };
}

/** The file of a template by its key, or its folder. */
function fileOf(key: string): string {
  return key.replace(/^terraform:|#\d+$/g, '');
}

interface Deployment {
  readonly instance: Instance;
  readonly changed: readonly string[];
  /** The address of what is in it begins with it. */
  readonly address: string;
  /** The file, or for Terraform the folder, of the template that is deployed. */
  readonly template: string;
  readonly givenBy: string | undefined;
  /** True where it depends on something unknown whether it is deployed. */
  readonly isConditional: boolean;
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
  /** Blocks that may declare a vault are added to it. */
  readonly untyped: Set<VaultBlock>;
}

function vaultsOf(
  block: VaultBlock,
  { deployment, ids: imported, scope, evaluation, untyped }: DeploymentContext,
): readonly DeclaredVault[] {
  const { resourceGroup, isGiven, changed, template, givenBy } = deployment;
  const subscription =
    (block.provider === undefined ? undefined : deployment.providers.get(block.provider)) ??
    deployment.subscription;
  return turnsOf(block, scope).flatMap(({ iteration, key, isConditional }) => {
    spend(iteration.budget, 1 + block.properties.size / 10);
    const ids = idsBelow(imported, { name: block.address, loop: block.loop, iteration });
    const around = {
      subscription,
      resourceGroup,
      resourceIds: ids.map(({ id }) => id),
      isGiven,
      template,
      address: `${deployment.address}${block.address}${key}`,
      givenBy,
      isConditional: isConditional || deployment.isConditional,
      judges: evaluation.program.judges,
      changed,
    };
    const declared = declareVault(block, iteration, around);
    if (declared === undefined) untyped.add(block);
    return declared || [];
  });
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
  const separator = name.startsWith('module.') ? '.' : '/';
  return turnsOf(call, scope).map(({ iteration, key, isConditional }) => ({
    instance: called(call, template, iteration),
    changed: deployment.changed,
    address: `${deployment.address}${name}${key}${separator}`,
    template: deployment.template,
    givenBy: deployment.givenBy,
    isConditional: isConditional || deployment.isConditional,
    subscription: subscription === undefined ? deployment.subscription : evaluate(subscription, iteration),
    resourceGroup:
      resourceGroup === undefined ? deployment.resourceGroup : evaluate(resourceGroup, iteration),
    providers: passedProviders(call, deployment.providers),
    importedIds: idsBelow(ids, { name, loop, iteration }),
    isGiven: deployment.isGiven,
    depth: deployment.depth + 1,
  }));
}
