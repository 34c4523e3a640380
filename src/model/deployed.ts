import type { Finding, FindingResource } from './finding.ts';
import type { Location } from './location.ts';

/**
 * The state in Azure of a resource that code declares. `notDeployed`: all was read, and nothing has its name. `notKnown`: nothing
 * that was read is certain to be it.
 */
export type DeployedToday =
  | { readonly state: 'deployed'; readonly id: string; readonly findings: readonly Finding[] }
  | { readonly state: 'notDeployed' | 'notKnown'; readonly reason: string };

/** A declared resource, and what is in Azure of it. */
export type DeclaredToday = DeployedToday & {
  readonly declared: FindingResource;
  readonly declaredAt: Location;
};

/** Finds the resources of Azure that each declared one may be, by its id in lower case: several where nothing decides. */
export type MatchDeployed = (
  deployed: readonly FindingResource[],
) => ReadonlyMap<string, readonly FindingResource[]>;
