import type { FindingResource } from '../../model/finding.ts';
import {
  type Gap,
  joinPatterns,
  literalOf,
  type NamePattern,
  type OwnFact,
} from '../evaluation/name-pattern.ts';
import { uniqueString } from '../evaluation/unique-string.ts';

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
