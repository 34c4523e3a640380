import { type Budget, spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { Argument, NameScope } from '../evaluation/scope.ts';
import {
  argumentsOfData,
  type Deployment,
  type DeploymentContext,
  deploymentsOf,
  linkedName,
} from './called-deployments.ts';
import { declareVault, type DeclaredVault } from './declared-vault.ts';
import type { RootDeployment } from './deployments.ts';
import { byFirstStep, idsBelow, importedIdsIn, providersIn } from './inherited.ts';
import { argumentsIn, called, calledTemplate, scopeOf } from './instance.ts';
import { turnsOf } from './iterations.ts';
import type { Evaluation, Instance, Program } from './program.ts';
import { changedBelow } from './reach.ts';
import type { ModuleCall, UnfollowedCall, VaultBlock } from './template.ts';

/** The longest chain of calls that is followed. */
const deepestCall = 10;

/** The vaults of one deployment, the resources that may be one, since their type is not known, and templates that are not known. */
export interface DeployedVaults {
  readonly vaults: readonly DeclaredVault[];
  readonly untyped: ReadonlySet<VaultBlock>;
  readonly unfollowed: readonly UnfollowedCall[];
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
  const [untyped, unfollowed] = [new Set<VaultBlock>(), [] as UnfollowedCall[]];
  const evaluation: Evaluation = { program, budget, libraries: new Map() };
  const written = program.templates.get(key);
  if (written === undefined) return { vaults: [], untyped, unfollowed };
  const template = { ...written, providers: new Map([...written.providers, ...(given?.providers ?? [])]) };
  const passedArguments = given === undefined ? new Map<string, Argument>() : argumentsIn(given, evaluation);
  const standard = program.judges ? 'inForce' : 'replaced';
  const defaults = given?.isPartial === true ? 'unknown' : standard;
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
    const entered: DeploymentContext = {
      deployment: { ...next, providers },
      ids,
      scope,
      evaluation,
      untyped,
      unfollowed,
      enter: (call, iteration) => enter(call, iteration, evaluation),
    };
    for (const block of blocks) if (budget.steps > 0) vaults.push(...vaultsOf(block, entered));
    if (next.depth === deepestCall && calls.length > 0 && program.judges) budget.metEndless = true;
    if (next.depth === deepestCall) continue;
    for (const call of calls) if (budget.steps > 0) open.push(...deploymentsOf(call, entered));
  }
  return { vaults, untyped, unfollowed };
}

/** The file of a template by its key, or its folder. */
function fileOf(key: string): string {
  return key.replace(/^terraform:|#\d+$/g, '');
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

/** Enters the template of a call; `undefined` where that is not in this checkout. */
function enter(
  call: ModuleCall,
  iteration: NameScope,
  evaluation: Evaluation,
): Instance | UnfollowedCall | undefined {
  const { target, at, symbol } = call;
  if (typeof target === 'string' || !('document' in target)) {
    const declaresNone = typeof target === 'string' && !evaluation.program.templates.has(target);
    const template = declaresNone ? undefined : calledTemplate(call, evaluation);
    return template && called(call, template, iteration);
  }
  const values = evaluate(target.document, iteration);
  const template = evaluation.program.readTemplateData(values, at, iteration.budget);
  if (template === undefined) return { at, target: linkedName(target, iteration), symbol };
  return { template, ...argumentsOfData(target, iteration, at) };
}
