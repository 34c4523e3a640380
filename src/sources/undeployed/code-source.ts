import { literalOf, type NamePattern } from '../../iac/evaluation/name-pattern.ts';
import { resourcesOf } from '../../iac/identity/evidence.ts';
import type { DeclaredVault } from '../../iac/programs/declared-vault.ts';
import type { CodeScope, Unreadable } from '../../model/coverage.ts';
import type { MatchDeployed } from '../../model/deployed.ts';
import type { FindingResource } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceSource, SourceEvent } from '../../model/source.ts';
import type { CodeTarget } from '../../model/target.ts';
import { typesReadBy } from '../../resource-types/known-type.ts';
import { parseArmId } from '../rows/arm-id.ts';
import { interruptedScan } from './code-gaps.ts';
import { isRowProblem, toResource } from '../rows/resource.ts';

/** The vaults that code declares, and what of it could not be read. */
export interface CodeRead {
  readonly declarations: readonly DeclaredVault[];
  readonly gaps: readonly Unreadable[];
}

/** Infrastructure code, and how it is read; `undefined` where that is interrupted. */
export interface CodeToRead {
  readonly target: CodeTarget;
  readonly read: (signal: AbortSignal) => Promise<CodeRead | undefined>;
}

/** The vaults and managed HSMs that infrastructure code declares, before they are deployed. */
export function codeSource({ target, read }: CodeToRead): ResourceSource {
  const { kind, form, path, parameters } = target;
  const code: CodeScope = { form, path, ...(parameters === undefined ? {} : { parameters }) };
  let matchDeployed = matching([], []);
  return {
    name: kind,
    types: typesReadBy(kind),
    matchDeployed: (deployed) => matchDeployed(deployed),
    async *read(signal): AsyncGenerator<SourceEvent> {
      yield { kind: 'scope', scope: { subscriptions: [], managementGroups: [], code }, subscriptions: [] };
      const found = await read(signal);
      const resources = declaredResources(found?.declarations ?? []);
      matchDeployed = matching(found?.declarations ?? [], resources);
      if (resources.length > 0) yield { kind: 'resources', resources };
      const gaps = found?.gaps ?? [interruptedScan(path)];
      for (const entry of gaps) yield { kind: 'unreadable', entry };
      const state = gaps.length > 0 ? 'partial' : resources.length === 0 ? 'empty' : 'read';
      const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
      yield { kind: 'coverage', coverage: { part: { name: kind, state }, ...cost } };
    },
  };
}

function matching(declarations: readonly DeclaredVault[], resources: readonly Resource[]): MatchDeployed {
  return (deployed) => {
    const found = resourcesOf(declarations, deployed);
    const of = (index: number): readonly FindingResource[] => {
      const declared = declarations[index];
      return (declared && found.get(declared)) ?? [];
    };
    return new Map(resources.map(({ id }, index) => [id.toLowerCase(), of(index)]));
  };
}

/** The declared vaults as resources that rules can be evaluated on, each with an id of its own. */
export function declaredResources(declarations: readonly DeclaredVault[]): readonly Resource[] {
  const byArmId = countBy(declarations, (declared) => armIdOf(declared)?.toLowerCase());
  const used = new Map<string, number>();
  return declarations.map((declared) => {
    const armId = armIdOf(declared);
    // Two declarations of one vault are told apart by their places.
    const isAlone = armId !== undefined && byArmId.get(armId.toLowerCase()) === 1;
    if (isAlone) return declaredResource(declared, armId);
    const id = undeployedId(declared);
    const before = used.get(id) ?? 0;
    used.set(id, before + 1);
    return declaredResource(declared, before === 0 ? id : `${id}(${before + 1})`);
  });
}

function countBy(
  declarations: readonly DeclaredVault[],
  keyOf: (declared: DeclaredVault) => string | undefined,
): ReadonlyMap<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const declared of declarations) counts.set(keyOf(declared), (counts.get(keyOf(declared)) ?? 0) + 1);
  return counts;
}

/** The id that the resource has, or will have; `undefined` where a part of it is not known. */
function armIdOf(declared: DeclaredVault): string | undefined {
  const [imported, ...others] = declared.resourceIds;
  if (imported !== undefined) return others.length === 0 ? imported : undefined;
  const [subscription, group] = [declared.subscriptions, declared.resourceGroups].map(onlyText);
  const name = nameOf(declared);
  if (subscription === undefined || group === undefined || name.includes('*')) return undefined;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${declared.type}/${name}`;
}

function undeployedId({ template, address, givenBy }: DeclaredVault): string {
  const file = template === '' ? '.' : template;
  return `undeployed:${file}#${address}${givenBy === undefined ? '' : `@${givenBy}`}`;
}

/** A resource with the certain values of its declaration, read as any row is; what is not certain is a gap. */
function declaredResource(declared: DeclaredVault, id: string): Resource {
  const { body, gaps } = declared.deployed ?? { body: {}, gaps: ['properties'] };
  const name = nameOf(declared);
  const known = parseArmId(id);
  const [subscription = '', group = ''] = [declared.subscriptions, declared.resourceGroups].map(onlyText);
  const subscriptionId = known?.subscriptionId ?? subscription;
  const resourceGroup = known?.resourceGroup ?? group;
  const read = asRow(declared.type, body);
  const own = { id, name, subscriptionId, resourceGroup };
  const unknown = [
    ...(known === undefined ? ['id'] : []),
    ...(name.includes('*') ? ['name'] : []),
    ...(subscriptionId === '' ? ['subscriptionId'] : []),
    ...(resourceGroup === '' ? ['resourceGroup'] : []),
  ];
  return {
    ...read,
    ...own,
    body: { ...read.body, ...own },
    gaps: [...new Set([...read.gaps, ...gaps, ...unknown])],
    declared: {
      declaration: declared.declaration,
      properties: new Map([...declared.properties].map(([path, { location }]) => [path, location])),
    },
  };
}

/** Reads the body as that of a resource somewhere: what it is called and where it is makes no difference. */
function asRow(type: string, body: JsonObject): Resource {
  const id = `/subscriptions/none/resourceGroups/none/providers/${type}/none`;
  const read = toResource({ ...body, id, name: 'none', type });
  if (isRowProblem(read)) throw new Error(`a declared resource cannot be read: ${read.problem}`);
  return read;
}

/** The name as it is written, with `*` for what is not known of it. */
function nameOf({ deployed, names }: DeclaredVault): string {
  const written = deployed?.body['name'];
  if (typeof written === 'string' && written !== '') return written;
  const [pattern, ...others] = names;
  if (pattern === undefined || others.length > 0) return '*';
  return pattern.map((part) => (typeof part === 'string' ? part : '*')).join('') || '*';
}

function onlyText(patterns: readonly NamePattern[]): string | undefined {
  const [pattern, ...others] = patterns;
  return pattern === undefined || others.length > 0 ? undefined : literalOf(pattern);
}
