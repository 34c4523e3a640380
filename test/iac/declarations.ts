import { type AnchorAnswer, anchorsIn } from '../../src/iac/anchor.ts';
import type { NamePattern } from '../../src/iac/evaluation/name-pattern.ts';
import { isIdentifying } from '../../src/iac/identity/evidence.ts';
import { wholly } from '../../src/iac/piecewise.ts';
import { type Declarations, readDeclarations } from '../../src/iac/read-declarations.ts';
import type { FindingResource } from '../../src/model/finding.ts';
import type { Location } from '../../src/model/location.ts';
import { managedHsm } from '../../src/resource-types/managed-hsm.ts';
import { vault } from '../../src/resource-types/vault.ts';

/** Reads files that are given as text by their paths. */
export function declarationsOf(files: Readonly<Record<string, string>>): Declarations {
  return wholly(readDeclarations(Object.entries(files).map(([path, text]) => ({ path, text }))));
}

/** Every name that the files declare, as a person reads it: `kv-*-payments`. */
export function namesOf(files: Readonly<Record<string, string>>): readonly string[] {
  const { declarations, problems } = declarationsOf(files);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return [
    ...new Set(declarations.flatMap(({ names }) => names.filter(isIdentifying).map(renderPattern))),
  ].toSorted();
}

/** A vault, or an HSM by its name, in a resource group. */
function aResource(asked: AnchorQuestion): FindingResource {
  const { name, group: resourceGroup = 'rg-platform', location = 'westeurope', tags } = asked;
  const { subscription: subscriptionId = 's' } = asked;
  const type = name.startsWith('hsm-') ? managedHsm.type : vault.type;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
  const resource = { id, name, type, subscriptionId, resourceGroup, location };
  return tags === undefined ? resource : { ...resource, tags };
}

export interface AnchorQuestion {
  readonly name: string;
  readonly group?: string;
  readonly subscription?: string;
  readonly field?: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where a finding about a vault is anchored: `file:line`, `none`, or every candidate. */
export function anchorOf({ declarations }: Declarations, asked: AnchorQuestion): string {
  const { field = 'properties.enablePurgeProtection' } = asked;
  const resource = aResource(asked);
  const answer = anchorsIn(declarations, [resource])({
    resource,
    evidence: [{ field, expected: true, actual: { kind: 'unset', words: 'unset' } }],
  });
  return render(answer);
}

function renderPattern(pattern: NamePattern): string {
  return pattern.map((part) => (typeof part === 'string' ? part : '*')).join('');
}

function render(answer: AnchorAnswer): string {
  if (answer.kind === 'none') return 'none';
  if (answer.kind === 'found') return place(answer.location);
  return `ambiguous: ${answer.candidates.map(place).join(', ')}`;
}

function place({ file, line }: Location): string {
  return `${file}:${line}`;
}
