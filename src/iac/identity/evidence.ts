import type { FindingResource } from '../../model/finding.ts';
import { literalOf, type NamePattern } from '../evaluation/name-pattern.ts';
import type { DeclaredVault } from '../programs/declared-vault.ts';
import { vaultTypeOf } from '../vault-type.ts';
import { contradicts, groupFit, locationFit, tagsDiffer } from './own-facts.ts';
import { isDistinctive, isInvented, literalLength, matchesName } from './match-name.ts';
import { canBeProved, isProvedByHash, withOwnFacts } from './own-facts.ts';

/**
 * The declarations that may be of a resource: those with its id (in a tag, too), its very name, or a pattern that fits. Built
 * once, so that thousands of findings are not each compared with every declaration.
 */
export function candidatesIn(
  declarations: readonly DeclaredVault[],
): (resource: FindingResource) => readonly DeclaredVault[] {
  const byText = new Map<string, Set<DeclaredVault>>();
  const withPatterns = new Set<DeclaredVault>();
  const note = (text: string, declared: DeclaredVault): void => {
    const noted = byText.get(text);
    if (noted === undefined) byText.set(text, new Set([declared]));
    else noted.add(declared);
  };
  for (const declared of declarations) {
    for (const id of declared.resourceIds) note(id, declared);
    for (const name of declared.names) {
      const literal = literalOf(name);
      if (literal !== undefined) note(literal, declared);
      else if (isIdentifying(name)) withPatterns.add(declared);
    }
    for (const value of declared.tags.values())
      if (/^\/subscriptions\//i.test(value)) note(value.toLowerCase(), declared);
  }
  return ({ id, name }) => {
    const wanted = name.toLowerCase();
    const byPattern = [...withPatterns].filter(({ names }) =>
      names.some((pattern) => matchesName(pattern, wanted)),
    );
    const byId = byText.get(id.toLowerCase()) ?? [];
    return [...new Set([...byId, ...(byText.get(wanted) ?? []), ...byPattern])];
  };
}

/**
 * The kinds of evidence that a declaration is of a resource, from weak to strong: invented characters that fit and something
 * besides them, distinctive words, a tag with the resource's id that the resource has too, its whole name, its id.
 */
export const ranks = { invented: 1, words: 2, tag: 3, name: 4, id: 5 } as const;

/** Compared from the first to the last. */
interface IdentityEvidence {
  readonly rank: number;
  /** Letters and digits of the name that are written. */
  readonly letters: number;
  /** 1 where the resource group is written and fits. */
  readonly group: number;
  /** 0 where a tag that is written is not the resource's. */
  readonly tags: number;
}

/** The evidence that a declaration is of a resource; `undefined` where there is none, or something contradicts. */
export function identityEvidence(
  declared: DeclaredVault,
  resource: FindingResource,
): IdentityEvidence | undefined {
  const group = Number(groupFit(declared, resource) === 'literal');
  const tags = Number(!tagsDiffer(declared, resource));
  if (declared.resourceIds.includes(resource.id.toLowerCase()))
    return { rank: ranks.id, letters: 0, group, tags };
  const name = nameFor(declared, resource);
  if (name === undefined || contradicts(declared, resource)) return undefined;
  // A whole name is worth more than a tag, which people change; anything less is not.
  if (tags === 0 && name.rank < ranks.name) return undefined;
  if (name.rank === ranks.invented && group === 0 && locationFit(declared, resource) !== 'literal')
    return undefined;
  return { ...name, group, tags };
}

/** Above 0 where `one` is stronger than `other`. */
function compareEvidence(one: IdentityEvidence, other: IdentityEvidence): number {
  return (
    one.rank - other.rank || one.letters - other.letters || one.group - other.group || one.tags - other.tags
  );
}

type NameEvidence = Pick<IdentityEvidence, 'rank' | 'letters'>;

/** The evidence in the name of a resource, without regard to anything else. */
export function nameFor(declared: DeclaredVault, resource: FindingResource): NameEvidence | undefined {
  let best: NameEvidence | undefined;
  for (const pattern of declared.names) {
    const rank = rankOf(pattern, resource);
    if (rank === undefined) continue;
    const letters = rank === ranks.name ? 0 : literalLength(pattern);
    if (best === undefined || rank > best.rank || (rank === best.rank && letters > best.letters))
      best = { rank, letters };
  }
  if ((best?.rank ?? 0) < ranks.tag && isTagged(declared, resource)) return { rank: ranks.tag, letters: 0 };
  return best;
}

/** True where a pattern can identify a vault at all. */
export function isIdentifying(pattern: NamePattern): boolean {
  const literal = literalOf(pattern);
  if (literal !== undefined) return literalLength(pattern) > 0;
  return isDistinctive(pattern) || isInvented(pattern) || canBeProved(pattern);
}

function rankOf(pattern: NamePattern, resource: FindingResource): number | undefined {
  if (literalOf(pattern) !== undefined) {
    const isName = isIdentifying(pattern) && matchesName(pattern, resource.name.toLowerCase());
    return isName ? ranks.name : undefined;
  }
  if (isProvedByHash(pattern, resource)) return ranks.name;
  if (!matchesName(withOwnFacts(pattern, resource), resource.name.toLowerCase())) return undefined;
  if (isDistinctive(pattern)) return ranks.words;
  return isInvented(pattern) ? ranks.invented : undefined;
}

/** The declaration gives the vault a tag with the id of this resource, and the resource has it. */
function isTagged({ names, tags }: DeclaredVault, resource: FindingResource): boolean {
  const id = resource.id.toLowerCase();
  const own = Object.entries(resource.tags ?? {});
  const isShared = own.some(
    ([name, value]) => value.toLowerCase() === id && tags.get(name.toLowerCase())?.toLowerCase() === id,
  );
  const name = resource.name.toLowerCase();
  return isShared && (names.length === 0 || names.some((pattern) => matchesName(pattern, name)));
}

/**
 * The resources that each declaration may be of. Of several declarations of one resource those count whose evidence is strongest;
 * where that is less than the whole name, and they are in several places, nothing decides and none does.
 */
export function resourcesOf(
  declarations: readonly DeclaredVault[],
  resources: readonly FindingResource[],
): ReadonlyMap<DeclaredVault, readonly FindingResource[]> {
  const candidates = candidatesIn(declarations);
  const found = new Map<DeclaredVault, FindingResource[]>();
  for (const resource of resources) {
    const type = vaultTypeOf(resource.type);
    const possible = candidates(resource).filter((declared) => declared.type === type);
    const best = bestOf(possible, resource);
    const places = new Set(best.map(({ declared: { declaration: at } }) => `${at.line} ${at.file}`));
    if (places.size > 1 && best.some(({ evidence }) => evidence.rank < ranks.name)) continue;
    for (const { declared } of best) found.set(declared, [...(found.get(declared) ?? []), resource]);
  }
  return found;
}

/** A declaration that may be of a resource, and why. */
export interface Match {
  readonly declared: DeclaredVault;
  readonly evidence: IdentityEvidence;
}

/** The declarations with the strongest evidence: several where it is equal. */
export function bestOf(possible: readonly DeclaredVault[], resource: FindingResource): readonly Match[] {
  let best: readonly Match[] = [];
  for (const declared of possible) {
    const evidence = identityEvidence(declared, resource);
    if (evidence === undefined) continue;
    const [held] = best;
    const order = held === undefined ? 1 : compareEvidence(evidence, held.evidence);
    if (order > 0) best = [{ declared, evidence }];
    else if (order === 0) best = [...best, { declared, evidence }];
  }
  return best;
}
