import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import { isManagedHsm, resourceTypes } from '../model/resource.ts';
import type { DeclaredProperty, DeclaredVault } from './declared-vault.ts';
import { candidatesIn } from './candidates.ts';
import { literalLength, literalOf, matchesName, type NamePattern } from './name-pattern.ts';
import { uniquePlaces } from './place.ts';

/** Where infrastructure code declares what a finding is about. `ambiguous`: several places would do as well. */
export type AnchorAnswer =
  | { readonly kind: 'found'; readonly location: Location }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Location[] };

/** What of a finding an anchor depends on. */
type Anchored = Pick<Finding, 'resource' | 'evidence'>;

/** Answers for one finding after the other. */
export type Anchors = (finding: Anchored) => AnchorAnswer;

/**
 * Finds the lines that declare what findings are about: of the property that the evidence names, else of the
 * declaration. The best match by id or name wins: a literal name over a pattern, more literal characters over fewer,
 * then the resource group that is written out. Where that leaves several places it says so.
 */
export function anchorsIn(declarations: readonly DeclaredVault[]): Anchors {
  const candidates = candidatesIn(declarations);
  return (finding) => {
    const type = typeOf(finding.resource.type);
    const matches = candidates(finding.resource)
      .filter((declared) => declared.type === type)
      .map((declared) => ({ declared, score: scoreOf(declared, finding) }))
      .filter(({ score }) => score[0] > 0);
    const best = bestOf(matches);
    return best.length === 0 ? { kind: 'none' } : placeOf(best, finding);
  };
}

function placeOf(best: readonly DeclaredVault[], finding: Anchored): AnchorAnswer {
  const candidates = uniquePlaces(best.map((declared) => locationIn(declared, finding).location));
  const [location] = candidates.length === 1 ? candidates : withinOneDeclaration(best, finding);
  return location === undefined ? { kind: 'ambiguous', candidates } : { kind: 'found', location };
}

/** Compared from left to right: identity, resource group. An identity of 0 is no match. */
type Score = readonly [identity: number, resourceGroup: number];

interface Match {
  readonly declared: DeclaredVault;
  readonly score: Score;
}

function bestOf(matches: readonly Match[]): readonly DeclaredVault[] {
  let best: readonly Match[] = [];
  for (const match of matches) {
    const [held] = best;
    const order = held === undefined ? 1 : compareScores(match.score, held.score);
    if (order > 0) best = [match];
    else if (order === 0) best = [...best, match];
  }
  return best.map(({ declared }) => declared);
}

function compareScores(left: Score, right: Score): number {
  return left[0] - right[0] || left[1] - right[1];
}

function typeOf(resourceType: string): DeclaredVault['type'] | undefined {
  if (resourceType.toLowerCase() === resourceTypes.vault.toLowerCase()) return 'vault';
  return isManagedHsm(resourceType) ? 'managedHsm' : undefined;
}

function scoreOf(declared: DeclaredVault, { resource }: Anchored): Score {
  if (declared.resourceIds.includes(resource.id.toLowerCase())) return [Infinity, 0];
  const identity = bestFit(declared.names, resource.name.toLowerCase());
  if (identity === undefined) return [0, 0];
  const group = bestFit(declared.resourceGroups, resource.resourceGroup.toLowerCase());
  if (declared.resourceGroups.length > 0 && group === undefined) return [0, 0];
  return [identity, group === undefined ? 0 : Math.min(group, 1)];
}

/** How well one of the patterns tells this name; `undefined` where none fits. A literal outdoes every pattern. */
function bestFit(patterns: readonly NamePattern[], name: string): number | undefined {
  const fits = patterns
    .filter((pattern) => matchesName(pattern, name))
    .map((pattern) => (literalOf(pattern) === undefined ? literalLength(pattern) : 1e6));
  return fits.length === 0 ? undefined : Math.max(...fits);
}

/** The property that the evidence names, or the nearest that is written around it; else the declaration. */
function locationIn(
  { properties, declaration }: DeclaredVault,
  { evidence }: Anchored,
): Pick<DeclaredProperty, 'location' | 'own'> {
  for (const { field } of evidence) {
    for (const path of pathsAround(field)) {
      const property = properties.get(path.toLowerCase());
      if (property !== undefined) return property;
    }
  }
  return { location: declaration, own: declaration };
}

/** From `count(properties.accessPolicies[*].permissions)` outwards to, but not with, `properties`. */
function pathsAround(field: string): readonly string[] {
  const inner = field.replace(/^count\((.*)\)$/su, '$1').replaceAll(/\[[^\]]*\]/gu, '');
  const segments = inner.split('.');
  return segments.slice(1).map((_, index) => segments.slice(0, segments.length - index).join('.'));
}

/**
 * One declaration that is deployed in several ways, none of which is known to be this one: the line that a parameter
 * file or call gives, where all agree, else the line in the declaration that all share.
 */
function withinOneDeclaration(best: readonly DeclaredVault[], finding: Anchored): readonly Location[] {
  if (uniquePlaces(best.map(({ declaration }) => declaration)).length > 1) return [];
  const found = best.map((declared) => locationIn(declared, finding));
  const own = uniquePlaces(found.map((property) => property.own));
  const [shared] = own;
  if (own.length !== 1 || shared === undefined) return [];
  const handedOver = uniquePlaces(found.map(({ location }) => location)).filter(
    (place) => uniquePlaces([place, shared]).length === 2,
  );
  return handedOver.length === 1 ? handedOver : own;
}
