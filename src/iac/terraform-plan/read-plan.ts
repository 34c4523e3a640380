import { readTemplateData } from '../arm/template-data.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import { type Entry, type Expression, opaque, textOf, valueOf } from '../languages/expression.ts';
import { instantiate } from '../programs/instantiate.ts';
import { emptyProgram } from '../programs/program.ts';
import { emptyTemplate, type ImportBlock, type Template, type VaultBlock } from '../programs/template.ts';
import type { HclBlock } from '../terraform/block.ts';
import { changedBy } from '../terraform/effects.ts';
import { changedByTemplate, templateCallIn } from '../terraform/deployment-block.ts';
import { vaultOfBlock } from '../terraform/vault-block.ts';
import { planDocument, vaultsLeftOut, withHiddenBody } from './plan-document.ts';
import type { Declarations } from '../read-declarations.ts';
import {
  isVaultChange,
  isVaultResource,
  remains,
  type ResourceChange,
  resourceChange,
} from './resource-change.ts';

/** The vaults and managed HSMs that there are after a plan, and what keeps it from being whole. */
export interface PlannedDeclarations extends Declarations {
  /** Sentences about what the plan does not show. */
  readonly missing: readonly string[];
}

/**
 * Reads the JSON of a plan of Terraform or OpenTofu: `terraform show -json tfplan`. What is deleted is not declared; what is
 * replaced is as it will be. Values that are known only after apply, and sensitive ones, are gaps.
 */
export function readPlan(source: SourceText): PlannedDeclarations {
  const problems: Declarations['problems'][number][] = [];
  const document = planDocument(source, problems);
  if (document === undefined)
    return { declarations: [], problems, missing: [], untyped: new Set(), unfollowed: [] };
  const changes = listOf(document, 'resource_changes').flatMap((element) => resourceChange(element) ?? []);
  const templates = new Map([[source.path, templateOf(source, document, changes)]]);
  const program = { ...emptyProgram, templates, readTemplateData, judges: true };
  const budget = { steps: Number.POSITIVE_INFINITY, depth: 0 };
  const { vaults: declarations, ...unknown } = instantiate({ template: source.path }, program, budget);
  return { declarations, problems, ...unknown, missing: missingFrom(document, changes) };
}

function templateOf(source: SourceText, document: Expression, changes: readonly ResourceChange[]): Template {
  const locate = locator(source);
  const deleted = changes.filter(
    ({ type, actions }) => type === 'azurerm_key_vault' && actions.includes('delete'),
  );
  const around: Around = { hidden: withHiddenBody(document), deleted };
  const staying = changes.filter(remains);
  const vaults = staying.filter(isVaultChange).flatMap((change): readonly VaultBlock[] => {
    const block = blockOf(change, around);
    const read = vaultOfBlock(block, { locate, names: emptyTemplate });
    if (read === undefined) return [];
    const unknownPaths = [...(read.unknownPaths ?? []), ...unprovedBy(change)];
    return [{ ...read, address: change.address, unknownPaths }];
  });
  const blocks = staying.map((change) => blockOf(change, around));
  const calls = blocks.flatMap((block, index) =>
    templateCallIn({ block, locate }, emptyTemplate, staying[index]?.address),
  );
  return {
    ...emptyTemplate,
    vaults,
    calls,
    importBlocks: staying.flatMap(idOf),
    changed: [...blocks.flatMap(changedBy), ...calls.flatMap(changedByTemplate)],
  };
}

/** The rest of a plan, as far as it decides what a change makes. */
interface Around {
  /** Names of azapi resources whose body has a part that no plan shows. */
  readonly hidden: ReadonlySet<string>;
  /** Changes that delete a vault, whatever they put in its place. */
  readonly deleted: readonly ResourceChange[];
}

/** The block that would be written with the planned values. */
function blockOf(change: ResourceChange, around: Around): HclBlock {
  const { at, type, name } = change;
  const former = formerOf(change, around);
  const after = former === undefined ? change.after : orAsBefore(change, former);
  const isHidden = type === 'azapi_resource' && around.hidden.has(name);
  const attributes: readonly Entry[] = isHidden
    ? [...after.filter(({ key }) => key !== 'sensitive_body'), { key: 'sensitive_body', at, value: opaque }]
    : after;
  return { type: 'resource', labels: [type, name], at, attributes, blocks: [] };
}

/**
 * The vault that the same plan deletes under the name of one that it creates. The provider azurerm 5 purges what it deletes unless purge
 * protection or a setting keeps it from that, and recovers a deleted vault of the name and region that it creates: Azure then leaves
 * the properties as they were.
 */
function formerOf(
  { type, address, actions, after }: ResourceChange,
  { deleted }: Around,
): Expression | undefined {
  if (type !== 'azurerm_key_vault' || !actions.includes('create')) return undefined;
  const planned: Expression = { kind: 'object', entries: after };
  return deleted.find((other) =>
    ['name', 'location'].every((key) => {
      const [was, becomes] = [other.before, planned].map((values) => textOf(valueOf(values, key)));
      if (was === undefined || becomes === undefined) return other.address === address;
      return plain(was) === plain(becomes);
    }),
  )?.before;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(' ', '');
}

/** The attributes as they will be, or as they are: what is certain is what both have in common. */
function orAsBefore({ after }: ResourceChange, before: Expression): readonly Entry[] {
  return after.map(({ key = '', at, value }) => {
    const was = valueOf(before, key) ?? { kind: 'literal', value: null };
    return { key, at, value: { kind: 'choice', options: [value, was] } };
  });
}

/**
 * The provider azurerm shows a vault whose soft delete is off as one that is right: it has no argument for it. One that is replaced has
 * it: it is new, or was deleted softly.
 */
function unprovedBy({ type, actions, before, after }: ResourceChange): readonly string[] {
  const isShown = after.some(({ key }) => key === 'soft_delete_enabled');
  const isNew = before === undefined || (actions.includes('delete') && actions.includes('create'));
  return type === 'azurerm_key_vault' && !isNew && !isShown ? ['properties.enableSoftDelete'] : [];
}

/** The id of a resource that is there already and stays. */
function idOf({ address, actions, before }: ResourceChange): readonly ImportBlock[] {
  const id = valueOf(before, 'id');
  return id === undefined || actions.includes('delete') ? [] : [{ address: [{ name: address }], id }];
}

function missingFrom(document: Expression, changes: readonly ResourceChange[]): readonly string[] {
  const changed = new Set(changes.map(({ address }) => address));
  const deferred = listOf(document, 'deferred_changes').flatMap(
    (element) => resourceChange(valueOf(element, 'resource_change') ?? element) ?? [],
  );
  const known = new Set([...changed, ...deferred.map(({ address }) => address)]);
  const left = vaultsLeftOut(document, known);
  const isErrored = isLiteral(document, 'errored', true);
  return [
    ...(isErrored
      ? ['Terraform could not finish the plan: it shows what was planned before the error.']
      : []),
    // One that could not be finished is never complete.
    ...(isLiteral(document, 'complete', false) && !isErrored
      ? ['The plan says that it is not complete: it has targets, or leaves changes to a later plan.']
      : []),
    ...deferred
      .filter(({ type }) => isVaultResource(type, undefined) || type.startsWith('azapi_resource'))
      .map(({ address }) => `The plan leaves ${address} to a later plan.`),
    ...left.map((address) => `The plan says nothing of ${address}, which is declared or already there.`),
  ];
}

function listOf(document: Expression, name: string): readonly Expression[] {
  const list = valueOf(document, name);
  return list?.kind === 'array' ? list.items : [];
}

function isLiteral(document: Expression, name: string, value: boolean): boolean {
  const found = valueOf(document, name);
  return found?.kind === 'literal' && found.value === value;
}
