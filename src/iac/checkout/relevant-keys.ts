import { resourceTypes } from '../../resource-types/index.ts';
import { vaultWords } from '../vault-type.ts';
import type { Template } from '../programs/template.ts';
import { isModuleFile, moduleKey } from '../terraform/module-files.ts';
import { deploymentTextKind } from './source-kind.ts';
import { baseName, folderOf, resolvePath } from './source-path.ts';
import type { SourceText } from './source-text.ts';

/** Templates as they are read, and the keys of those that are to be. */
export interface RelevantTemplates {
  readonly templates: Map<string, Template>;
  readonly relevant: ReadonlySet<string>;
}

/** Keys of the templates of a checkout that have to be parsed. */
export interface RelevantKeys {
  /** Of those that may declare a vault or managed HSM, or call one that may. */
  readonly declaring: ReadonlySet<string>;
  /** Of those that may change a vault that is declared elsewhere, or call one that may. */
  readonly changing: ReadonlySet<string>;
}

/**
 * The keys of the templates that may say something of a vault or managed HSM. Nothing else of a checkout has to be parsed,
 * unless one of these takes a value from it.
 */
export function relevantKeys(files: readonly SourceText[]): RelevantKeys {
  const declaring = new Set<string>();
  const changing = new Set<string>();
  const callers = new Map<string, Set<string>>();
  const all = files.flatMap((file) => linksOf(file) ?? []);
  const keys = new Set(all.map(({ key }) => key));
  for (const links of all) {
    // Of a template that is not here, nobody knows what it declares.
    const isMissing = links.calls.some((target) => !keys.has(target));
    if (links.declares || links.hasComputedType === true || isMissing) declaring.add(links.key);
    if (links.hasComputedType === true || links.changes) changing.add(links.key);
    for (const target of links.calls) callers.set(target, (callers.get(target) ?? new Set()).add(links.key));
  }
  // A set that grows while it is gone through is gone through to its end.
  for (const keys of [declaring, changing])
    for (const key of keys) for (const caller of callers.get(key) ?? []) keys.add(caller);
  return { declaring, changing };
}

/** Words of resources that change a vault, in any language. */
const changes = /accessPolicies['"@]|azurerm_key_vault_access_policy|azapi_(?:update|resource_action)/i;

/** The links that the text of a file shows without being parsed: with some that are not real, but none missing. */
interface FileLinks {
  /** The key of the template that it is, or is a part of. */
  readonly key: string;
  /** True where it may declare a vault or managed HSM. */
  readonly declares: boolean;
  /** True where the type of a resource may be an expression, for any type at all. */
  readonly hasComputedType?: boolean;
  readonly changes: boolean;
  /** Keys of the templates that it may call. */
  readonly calls: readonly string[];
}

/** The links of a template's file; `undefined` for any other. */
function linksOf(file: SourceText): FileLinks | undefined {
  const { path, text } = file;
  const mayChange = changes.test(text);
  if (path.endsWith('.bicep')) return { ...bicepLinks(file), changes: mayChange };
  if (path.endsWith('.bicepparam')) return parameterLinks(file);
  const isRun = baseName(path) === 'terragrunt.hcl';
  if (isRun || isModuleFile(file)) {
    const calls = named(moduleSource, file).map(moduleKey);
    const hasComputedType = text.includes('azapi_resource"') && computedInTerraform.test(text);
    const key = isRun ? path : moduleKey(folderOf(path));
    return { key, declares: inTerraform.test(text), hasComputedType, changes: mayChange, calls };
  }
  if (!/\.jsonc?$/.test(path) || deploymentTextKind(text) !== 'template') return undefined;
  const hasComputedType = computedInJson.test(text);
  const calls = named(relativePath, file);
  return { key: path, declares: inJson.test(text), hasComputedType, changes: mayChange, calls };
}

/** A parameter file deploys what it names, which may be in a registry. */
function parameterLinks({ path, text }: SourceText): FileLinks {
  const named = /^[ \t]*using[ \t]+'([^'\n]+)'/m.exec(text)?.[1];
  const isElsewhere = named?.includes(':') === true;
  const calls = named === undefined || isElsewhere ? [] : [resolvePath(folderOf(path), named) ?? outside];
  return { key: path, declares: isElsewhere && inRegistry.test(text), changes: false, calls };
}

const types = anyOf(resourceTypes.map(({ type }) => type));
const terraformNames = anyOf(
  resourceTypes.flatMap(({ terraform, modules }) => [
    ...(terraform === undefined ? [] : [terraform.resource]),
    ...(modules === undefined ? [] : [modules.terraform.split('/')[1] ?? '']),
  ]),
);
/** A resource of these types deploys a template, which may be anything. */
const deployment = String.raw`Microsoft\.Resources/deployment(?:s|Stacks)@`;
/** A module whose source is computed may be any. */
const computedSource = String.raw`\bmodule\s+"?[\w-]+"?\s*\{[^{}]*?\bsource\s*=\s*(?:[^"\s]|"[^"\n]*\$\{)`;
const inTerraform = new RegExp(
  String.raw`\b(?:${terraformNames}|${types}|azurerm_\w*template_deployment)\b|${deployment}|${computedSource}|\bsource"?\s*[=:]\s*"[^"\n]*(?:${vaultWords})`,
  'i',
);
/** A template that is linked to, or computed, may declare one, and so may one with slashes and letters as JSON can write them. */
const inJson = new RegExp(String.raw`(?:${types})"|"templateLink"|"template"\s*:\s*"\[|\\/|\\u00[2-7]`, 'i');
/** A text in brackets; two of them begin a text that is written. */
const computedInJson = /"type"\s*:\s*"\[(?!\[)/i;
/** No type that is written out, but for its version, and no type of a variable. */
const computedInTerraform =
  /\btype"?\s*[=:]\s*(?:"[^"@\n]*\$\{|\(|(?!(?:list|map|object|set|tuple|optional)\()[a-z_][\w-]*\s*[.[(])/;
const moduleSource = /\bsource"?\s*[=:]\s*"(\.[^"\n]*)"/g;
const relativePath = /"relativePath"\s*:\s*"([^"\n]+)"/gi;

/**
 * In one pass, by the ends of what is looked for: the type of a vault, the Verified Module, and the path of a file.
 * A vault that is `existing` is declared elsewhere.
 */
function bicepLinks({ path, text }: SourceText): Omit<FileLinks, 'changes'> {
  const folder = folderOf(path);
  const calls = new Set<string>();
  let declares = false;
  for (const { 0: end, index } of text.matchAll(bicepEnds)) {
    if (!end.startsWith('.'))
      declares ||= !startsWith(existing, text, index + end.length) && !isEmptyDeployment(end, text, index);
    else {
      const from = text.lastIndexOf("'", index);
      const target = resolvePath(folder, text.slice(from + 1, index + end.length - 1)) ?? outside;
      // Data that a function loads is no template.
      if (text[from - 1] !== '(') calls.add(target);
    }
  }
  return { key: path, declares, calls: [...calls] };
}

const bicepModules = anyOf(resourceTypes.flatMap(({ modules }) => modules?.bicep ?? []));
const bicepEnds = new RegExp(
  String.raw`\.(?:bicep|jsonc?)'|(?:${types})@|(?:${bicepModules}):|'ts[:/]|'br[:/][^'\n]*(?:${vaultWords})|${deployment}`,
  'gi',
);

const inRegistry = new RegExp(`(?:${bicepModules}):|'ts[:/]|${vaultWords}`, 'i');

function startsWith(pattern: RegExp, text: string, from: number): boolean {
  pattern.lastIndex = from;
  return pattern.test(text);
}

const existing = /[^'\n]*'\s*existing\b/y;

/** True for a deployment without resources: Verified Modules have one each, which counts how often they are used. */
function isEmptyDeployment(end: string, text: string, from: number): boolean {
  return /^Microsoft\.Resources/i.test(end) && startsWith(empty, text, from);
}

const empty = /(?:(?!\b(?:templateLink|resources)\b)[^]){0,2000}\bresources\s*:\s*\[\s*\]/y;

function named(pattern: RegExp, { path, text }: SourceText): readonly string[] {
  const folder = folderOf(path);
  return Array.from(text.matchAll(pattern), ([, relative = '']) => resolvePath(folder, relative) ?? outside);
}

/** Stands for the key of a template that is not in the checkout. */
const outside = '..';

/** A pattern for one of these texts; without texts it matches none. */
function anyOf(texts: readonly string[]): string {
  return texts.length === 0
    ? '(?!)'
    : texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|');
}
