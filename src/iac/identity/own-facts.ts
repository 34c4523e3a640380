import type { FindingResource } from '../../model/finding.ts';
import {
  type Gap,
  joinPatterns,
  literalOf,
  type NamePattern,
  type OwnFact,
} from '../evaluation/name-pattern.ts';
import { uniqueString } from '../evaluation/unique-string.ts';
import type { DeclaredVault } from '../programs/declared-vault.ts';
import { matchesName } from './match-name.ts';

/** The own facts of one resource, in one spelling of its resource group. */
type OwnTexts = Readonly<Record<OwnFact, string>>;

/** The fewest characters of a hash that cannot be a coincidence. */
const fewestHashed = 4;

/** The pattern with the names and ids of this resource's own resource group and subscription, in lower case. */
export function withOwnFacts(pattern: NamePattern, resource: FindingResource): NamePattern {
  const [texts] = spellings(resource);
  return joinPatterns(pattern.map((part) => [ownText(part, texts)])).map((part) =>
    typeof part === 'string' ? part.toLowerCase() : part,
  );
}

/** True where the hash of a vault's own facts is in its name, and long enough to prove it. */
export function canBeProved(pattern: NamePattern): boolean {
  return pattern.reduce((sum, part) => sum + hashedIn(part), 0) >= fewestHashed;
}

/**
 * True when the resource has the very name that the hash of its own facts gives it. The contrary proves little: Azure
 * hashes the letters of a resource group as its creator wrote them, which its answers do not keep, and a vault
 * may have been moved to another group since.
 */
export function isProvedByHash(pattern: NamePattern, resource: FindingResource): boolean {
  if (!canBeProved(pattern)) return false;
  const name = resource.name.toLowerCase();
  return spellings(resource).some((texts) => {
    const filled = joinPatterns(pattern.map((part) => [textOf(part, texts)]));
    return literalOf(filled)?.toLowerCase() === name;
  });
}

function hashedIn(part: string | Gap): number {
  return typeof part !== 'string' && part.origin?.kind === 'hash' ? part.max : 0;
}

function textOf(part: string | Gap, texts: OwnTexts): string | Gap {
  if (typeof part === 'string' || part.origin?.kind !== 'hash') return ownText(part, texts);
  const { of, start, end } = part.origin;
  const joined = literalOf(joinPatterns(of.map((inner) => [ownText(inner, texts)])));
  return joined === undefined ? part : uniqueString(joined).slice(start, end);
}

function ownText(part: string | Gap, texts: OwnTexts): string | Gap {
  return typeof part !== 'string' && part.origin?.kind === 'own' ? texts[part.origin.fact] : part;
}

function spellings({
  id,
  subscriptionId,
  resourceGroup,
}: FindingResource): readonly [OwnTexts, ...OwnTexts[]] {
  const guid = subscriptionId.toLowerCase();
  const spelling = (resourceGroupName: string): OwnTexts => ({
    resourceGroupName,
    resourceGroupId: `/subscriptions/${guid}/resourceGroups/${resourceGroupName}`,
    subscriptionId: `/subscriptions/${guid}`,
    subscriptionGuid: guid,
  });
  const inId = /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? resourceGroup;
  return [
    spelling(inId),
    ...[resourceGroup, resourceGroup.toLowerCase(), resourceGroup.toUpperCase()].map(spelling),
  ];
}

/**
 * The fit of the text with the resource: `literal` where one of the values is it, `open` where one may be, `none` where no
 * value is, `unwritten` where none is written.
 */
type Fit = 'literal' | 'open' | 'none' | 'unwritten';

/** True where the declaration puts the vault elsewhere: into another subscription, resource group, or region. */
export function contradicts(declared: DeclaredVault, resource: FindingResource): boolean {
  const elsewhere = fitOf(declared.subscriptions, resource.subscriptionId.toLowerCase()) === 'none';
  return elsewhere || groupFit(declared, resource) === 'none' || locationFit(declared, resource) === 'none';
}

/** The fit of the resource groups that are written. */
export function groupFit({ resourceGroups }: DeclaredVault, { resourceGroup }: FindingResource): Fit {
  return fitOf(resourceGroups, resourceGroup.toLowerCase());
}

/** The fit of the locations that are written. A resource whose location was not read contradicts none. */
export function locationFit({ locations }: DeclaredVault, { location }: FindingResource): Fit {
  return location === '' ? 'unwritten' : fitOf(locations, location.toLowerCase().replaceAll(' ', ''));
}

/** True where a tag that is written is not the resource's, or has another value there. */
export function tagsDiffer({ tags }: DeclaredVault, resource: FindingResource): boolean {
  if (resource.tags === undefined || tags.size === 0) return false;
  const own = new Map(
    Object.entries(resource.tags).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]),
  );
  return [...tags].some(([name, value]) => own.get(name) !== value.toLowerCase());
}

function fitOf(patterns: readonly NamePattern[], actual: string): Fit {
  if (patterns.length === 0) return 'unwritten';
  const fitting = patterns.filter((pattern) => matchesName(pattern, actual));
  if (fitting.length === 0) return 'none';
  return fitting.some((pattern) => literalOf(pattern) !== undefined) ? 'literal' : 'open';
}
