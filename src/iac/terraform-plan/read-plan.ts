import type { Problem } from '../../model/errors.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import { type Entry, type Expression, opaque, valueOf } from '../languages/expression.ts';
import type { DeclaredVault } from '../programs/declared-vault.ts';
import { instantiate } from '../programs/instantiate.ts';
import { emptyProgram } from '../programs/program.ts';
import { emptyTemplate, type ImportBlock, type Template, type VaultBlock } from '../programs/template.ts';
import type { HclBlock } from '../terraform/block.ts';
import { changedBy } from '../terraform/effects.ts';
import { vaultOfBlock } from '../terraform/vault-block.ts';
import { planDocument, vaultsLeftOut, withHiddenBody } from './plan-document.ts';
import { isVaultChange, remains, type ResourceChange, resourceChange } from './resource-change.ts';

/** The vaults and managed HSMs that there are after a plan, and what keeps it from being whole. */
export interface PlannedDeclarations {
  readonly declarations: readonly DeclaredVault[];
  /** Empty for a plan that can be read. */
  readonly problems: readonly Problem[];
  /** Sentences about what the plan does not show. */
  readonly missing: readonly string[];
}

/**
 * Reads the JSON of a plan of Terraform or OpenTofu: `terraform show -json tfplan`. What is deleted is not declared; what is
 * replaced is as it will be. Values that are known only after apply, and sensitive ones, are gaps.
 */
export function readPlan(source: SourceText): PlannedDeclarations {
  const problems: Problem[] = [];
  const document = planDocument(source, problems);
  if (document === undefined) return { declarations: [], problems, missing: [] };
  const changes = listOf(document, 'resource_changes').flatMap((element) => resourceChange(element) ?? []);
  const template = templateOf(source, { document, changes });
  const program = { ...emptyProgram, templates: new Map([[source.path, template]]), judges: true };
  const budget = { steps: Number.POSITIVE_INFINITY, depth: 0 };
  const declarations = instantiate({ template: source.path }, program, budget);
  return { declarations, problems, missing: missingFrom(document, changes) };
}

interface ReadChanges {
  readonly document: Expression;
  readonly changes: readonly ResourceChange[];
}

function templateOf(source: SourceText, { document, changes }: ReadChanges): Template {
  const locate = locator(source);
  const hidden = withHiddenBody(document);
  const staying = changes.filter(remains);
  const names = emptyTemplate;
  const vaults = staying.filter(isVaultChange).flatMap((change): readonly VaultBlock[] => {
    const block = blockOf(change, hidden);
    const read = vaultOfBlock(block, { locate, names });
    if (read === undefined) return [];
    const unknownPaths = [...(read.unknownPaths ?? []), ...unprovedBy(change)];
    return [{ ...read, address: change.address, unknownPaths }];
  });
  return {
    ...emptyTemplate,
    vaults,
    importBlocks: staying.flatMap(idOf),
    changed: staying.flatMap((change) => changedBy(blockOf(change, hidden))),
  };
}

/** The block that would be written with the planned values. */
function blockOf({ at, type, name, after }: ResourceChange, hidden: ReadonlySet<string>): HclBlock {
  const isHidden = type === 'azapi_resource' && hidden.has(name);
  const attributes: readonly Entry[] = isHidden
    ? [...after.filter(({ key }) => key !== 'sensitive_body'), { key: 'sensitive_body', at, value: opaque }]
    : after;
  return { type: 'resource', labels: [type, name], at, attributes, blocks: [] };
}

/** The provider azurerm shows a vault whose soft delete is off as one that is right: it has no argument for it. */
function unprovedBy({ type, before, after }: ResourceChange): readonly string[] {
  const isShown = after.some(({ key }) => key === 'soft_delete_enabled');
  const isThere = before !== undefined && type === 'azurerm_key_vault';
  return isThere && !isShown ? ['properties.enableSoftDelete'] : [];
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
  return [
    ...(isLiteral(document, 'errored', true)
      ? ['Terraform could not finish the plan: it shows what was planned before the error.']
      : []),
    ...(isLiteral(document, 'complete', false)
      ? ['The plan says that it is not complete: it has targets, or leaves changes to a later plan.']
      : []),
    ...deferred
      .filter((change) => isVaultChange(change) || change.type === 'azapi_resource')
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
