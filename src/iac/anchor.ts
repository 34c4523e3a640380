import type { Finding, FindingResource } from '../model/finding.ts';
import { elementAround } from '../model/declared-places.ts';
import type { Location } from '../model/location.ts';
import { groupFit } from './identity/own-facts.ts';
import { bestOf, candidatesIn, identityEvidence, type Match, nameFor, ranks } from './identity/evidence.ts';
import type { DeclaredProperty, DeclaredVault } from './programs/declared-vault.ts';
import { vaultTypeOf } from './vault-type.ts';

/** The place at which infrastructure code declares the subject of a finding. `ambiguous`: several places fit equally well. */
export type AnchorAnswer =
  | { readonly kind: 'found'; readonly location: Location }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Location[] };

/** The parts of a finding that its anchor depends on. */
type AnchoredFinding = Pick<Finding, 'resource' | 'evidence'>;

/** Answers for one finding after the other. */
export type Anchors = (finding: AnchoredFinding) => AnchorAnswer;

/**
 * Finds the lines that declare what findings are about: of the property that the evidence names, else of the
 * declaration. The declaration with the strongest evidence wins; several of equal strength are reported. `resources` are
 * all that there are; where not all are known, none is taken for the only one that invented characters fit.
 */
export function anchorsIn(
  declarations: readonly DeclaredVault[],
  resources: readonly FindingResource[] | undefined,
): Anchors {
  const candidates = candidatesIn(declarations);
  const fitsOthers = inventedFor(resources);
  return (finding) => {
    const { resource } = finding;
    const type = vaultTypeOf(resource.type);
    const possible = candidates(resource).filter((declared) => declared.type === type);
    const best = bestOf(possible, resource);
    const [one] = best;
    if (one === undefined || (one.evidence.rank === ranks.invented && fitsOthers(one.declared)))
      return { kind: 'none' };
    return placeOf({ best, possible, finding });
  };
}

/**
 * Tells whether invented characters of a declaration fit several resources, or may: it cannot be all of them, and nothing
 * says which of them it is.
 */
function inventedFor(
  resources: readonly FindingResource[] | undefined,
): (declared: DeclaredVault) => boolean {
  if (resources === undefined) return () => true;
  const distinct = [...new Map(resources.map((resource) => [resource.id.toLowerCase(), resource])).values()];
  const known = new Map<DeclaredVault, boolean>();
  return (declared) => {
    const several = known.get(declared) ?? fitsSeveral(declared, distinct);
    known.set(declared, several);
    return several;
  };
}

function fitsSeveral(declared: DeclaredVault, resources: readonly FindingResource[]): boolean {
  let fitting = 0;
  for (const resource of resources) {
    if (fitsInvented(declared, resource)) fitting += 1;
    if (fitting > 1) return true;
  }
  return false;
}

function fitsInvented(declared: DeclaredVault, resource: FindingResource): boolean {
  return (
    vaultTypeOf(resource.type) === declared.type &&
    identityEvidence(declared, resource)?.rank === ranks.invented
  );
}

interface Choice {
  readonly best: readonly Match[];
  readonly possible: readonly DeclaredVault[];
  readonly finding: AnchoredFinding;
}

function placeOf(choice: Choice): AnchorAnswer {
  const { best, finding } = choice;
  const declarations = uniquePlaces(best.map(({ declared }) => declared.declaration));
  const candidates = uniquePlaces(best.map(({ declared }) => locationIn(declared, finding).location));
  if (declarations.length > 1)
    return { kind: 'ambiguous', candidates: candidates.length > 1 ? candidates : declarations };
  const [location] = withinOneDeclaration(choice);
  return location === undefined ? { kind: 'ambiguous', candidates } : { kind: 'found', location };
}

/** The property that the evidence names, or the nearest that is written around it; else the declaration. */
function locationIn(
  { properties, declaration }: DeclaredVault,
  { evidence }: AnchoredFinding,
): Pick<DeclaredProperty, 'location' | 'own'> {
  const fields = evidence.map(({ field }) => field);
  return elementAround(properties, fields) ?? { location: declaration, own: declaration };
}

/**
 * One declaration that is deployed in several ways: the line that a parameter file or call gives, where all
 * deployments agree on it, else the line in the declaration that they share.
 */
function withinOneDeclaration(choice: Choice): readonly Location[] {
  const found = deploymentsOf(choice).map((declared) => locationIn(declared, choice.finding));
  const given = uniquePlaces(found.map(({ location }) => location));
  return given.length === 1 ? given : uniquePlaces(found.map(({ own }) => own));
}

/**
 * The deployments of the declaration that the name speaks for as much. Where it is the whole name, and a parameter file
 * gives it, the vault is not deployed otherwise; the source of any other name is not known. Its region does not show
 * which deployment a vault came from.
 */
function deploymentsOf({ best, possible, finding }: Choice): readonly DeclaredVault[] {
  const [{ declared: one, evidence } = {}] = best;
  if (one === undefined || evidence === undefined) return [];
  const { resource } = finding;
  const same = possible.filter((declared) => {
    const isHere = uniquePlaces([declared.declaration, one.declaration]).length === 1;
    return (
      isHere && nameFor(declared, resource)?.rank === evidence.rank && groupFit(declared, resource) !== 'none'
    );
  });
  const isWhole = evidence.rank >= ranks.name && best.some(({ declared }) => declared.isGiven);
  const deployed = isWhole ? same.filter(({ isGiven }) => isGiven) : same;
  return deployed.length === 0 ? best.map(({ declared }) => declared) : deployed;
}

/** The places, one for each line. */
function uniquePlaces(places: readonly Location[]): readonly Location[] {
  const byLine = new Map(places.map((place) => [`${place.line} ${place.file}`, place]));
  return [...byLine.values()];
}
