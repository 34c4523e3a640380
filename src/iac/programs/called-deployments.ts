import { evaluate } from '../evaluation/evaluate.ts';
import type { Argument, NameScope } from '../evaluation/scope.ts';
import { isClosed, isNull, scalarOf, unknown, type Values } from '../evaluation/value.ts';
import type { Location } from '../../model/location.ts';
import { idsBelow, type ImportedId, type ImportedIds, passedProviders, type Providers } from './inherited.ts';
import { turnsOf } from './iterations.ts';
import type { Evaluation, Instance } from './program.ts';
import { unfollowedBelow } from './reach.ts';
import type { ModuleCall, UnfollowedCall, VaultBlock } from './template.ts';
import type { TemplateData } from './template-data.ts';

/** A template as it is deployed once, with what surrounds it. */
export interface Deployment {
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
export interface DeploymentContext {
  readonly deployment: Deployment;
  readonly ids: ImportedIds;
  readonly scope: NameScope;
  readonly evaluation: Evaluation;
  /** Blocks that may declare a vault are added to the one, and calls that cannot be followed to the other. */
  readonly untyped: Set<VaultBlock>;
  readonly unfollowed: UnfollowedCall[];
  /** Enters the template of a call; `undefined` where that is not in this checkout. */
  readonly enter: (call: ModuleCall, iteration: NameScope) => Instance | UnfollowedCall | undefined;
}

/** The deployments of what a call deploys: one for each iteration of its loop. What cannot be followed is added to `unfollowed`. */
export function deploymentsOf(
  call: ModuleCall,
  { deployment, ids, scope, evaluation, unfollowed, enter }: DeploymentContext,
): readonly Deployment[] {
  const { loop, resourceGroup, symbol: name } = call;
  const separator = name.startsWith('module.') ? '.' : '/';
  return turnsOf(call, scope).flatMap(({ iteration, key, isConditional }): readonly Deployment[] => {
    const instance = enter(call, iteration);
    if (instance === undefined) return [];
    if ('target' in instance) {
      unfollowed.push(instance);
      return [];
    }
    // What a template that is a value links to is known only now.
    if (typeof call.target !== 'string' && 'document' in call.target)
      unfollowed.push(...unfollowedBelow(instance.template, evaluation.program));
    return [
      {
        ...deployment,
        instance,
        address: `${deployment.address}${name}${key}${separator}`,
        isConditional: isConditional || deployment.isConditional,
        subscription: subscriptionOf(call, deployment, iteration),
        resourceGroup:
          resourceGroup === undefined ? deployment.resourceGroup : evaluate(resourceGroup, iteration),
        providers: passedProviders(call, deployment.providers),
        importedIds: idsBelow(ids, { name, loop, iteration }),
        depth: deployment.depth + 1,
      },
    ];
  });
}

/** The subscription that a call names, or that of its provider. */
function subscriptionOf(
  { subscription, provider }: ModuleCall,
  { providers, subscription: around }: Deployment,
  iteration: NameScope,
): Values | undefined {
  if (subscription !== undefined) return evaluate(subscription, iteration);
  return (provider === undefined ? undefined : providers.get(provider)) ?? around;
}

/** The arguments that a deployment gives the template in it, and what the parameters are that it gives none. */
export function argumentsOfData(
  { parameters, parametersLink }: TemplateData,
  scope: NameScope,
  at: Location,
): { readonly arguments: ReadonlyMap<string, Argument>; readonly defaults: 'inForce' | 'unknown' } {
  const given = evaluate(parameters, scope);
  const [only, ...others] = given;
  const isNone = given.length > 0 && given.every(isNull);
  const entries = only?.kind === 'map' && others.length === 0 ? [...only.entries] : [];
  const placeOf = only?.kind === 'map' ? only.placeOf : undefined;
  const isWhole = isNone || (only !== undefined && others.length === 0 && isClosed(only));
  const isLinked = !evaluate(parametersLink, scope).every(isNull);
  return {
    arguments: new Map(
      entries.map(([name, element]) => [
        name.toLowerCase(),
        { at: placeOf?.(name) ?? at, values: () => valueIn(element()) },
      ]),
    ),
    defaults: isWhole && !isLinked ? 'inForce' : 'unknown',
  };
}

/** The value in `{ value }`; a reference to a secret is one that is decided elsewhere. */
function valueIn(values: Values): Values {
  const [only, ...others] = values;
  return (only?.kind === 'map' && others.length === 0 ? only.entries.get('value')?.() : undefined) ?? unknown;
}

/** The name of what a deployment links to, as far as it is written. */
export function linkedName({ link }: TemplateData, scope: NameScope): string | undefined {
  const [only] = evaluate(link, scope);
  const names =
    only?.kind === 'map' ? ['uri', 'id'].map((key) => only.entries.get(key)?.() ?? []) : [only ? [only] : []];
  return names.map(scalarOf).find((name): name is string => typeof name === 'string');
}
