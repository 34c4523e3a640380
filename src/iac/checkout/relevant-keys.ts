import { resourceTypes } from '../../resource-types/index.ts';
import type { Template } from '../programs/template.ts';
import { isModuleFile, moduleKey } from '../terraform/module-files.ts';
import { deploymentTextKind } from './source-kind.ts';
import { folderOf, resolvePath } from './source-path.ts';
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
  for (const file of files) {
    const links = linksOf(file);
    if (links === undefined) continue;
    if (links.declares || links.hasComputedType === true) declaring.add(links.key);
    if (links.hasComputedType === true || changes.test(file.text)) changing.add(links.key);
    for (const target of links.calls) callers.set(target, (callers.get(target) ?? new Set()).add(links.key));
  }
  // A set that grows while it is gone through is gone through to its end.
  for (const keys of [declaring, changing])
    for (const key of keys) for (const caller of callers.get(key) ?? []) keys.add(caller);
  return { declaring, changing };
}

/** Words of resources that change a vault, in any language. */
const changes = /accessPolicies['"@]|azurerm_key_vault_access_policy|azapi_update_resource/i;

/** The links that the text of a file shows without being parsed: with some that are not real, but none missing. */
interface FileLinks {
  /** The key of the template that it is, or is a part of. */
  readonly key: string;
  /** True where it may declare a vault or managed HSM. */
  readonly declares: boolean;
  /** True where the type of a resource may be an expression, for any type at all. */
  readonly hasComputedType?: boolean;
  /** Keys of the templates that it may call. */
  readonly calls: readonly string[];
}

/** The links of a template's file; `undefined` for any other. */
function linksOf(file: SourceText): FileLinks | undefined {
  const { path, text } = file;
  if (path.endsWith('.bicep')) return bicepLinks(file);
  if (isModuleFile(file)) {
    const calls = named(moduleSource, file).map(moduleKey);
    const hasComputedType = text.includes('azapi_resource"') && computedInTerraform.test(text);
    return { key: moduleKey(folderOf(path)), declares: inTerraform.test(text), hasComputedType, calls };
  }
  if (!/\.jsonc?$/.test(path) || deploymentTextKind(text) !== 'template') return undefined;
  const hasComputedType = computedInJson.test(text);
  return { key: path, declares: inJson.test(text), hasComputedType, calls: named(relativePath, file) };
}

const types = anyOf(resourceTypes.map(({ type }) => type));
const terraformNames = anyOf(
  resourceTypes.flatMap(({ terraform, modules }) => [
    ...(terraform === undefined ? [] : [terraform.resource]),
    ...(modules === undefined ? [] : [modules.terraform.split('/')[1] ?? '']),
  ]),
);
const inTerraform = new RegExp(String.raw`\b(?:${terraformNames}|${types})\b`, 'i');
const inJson = new RegExp(`(?:${types})"`, 'i');
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
function bicepLinks({ path, text }: SourceText): FileLinks {
  const folder = folderOf(path);
  const calls = new Set<string>();
  let declares = false;
  for (const { 0: end, index } of text.matchAll(bicepEnds)) {
    if (!end.startsWith('.')) declares ||= !isExisting(text, index + end.length);
    else {
      const target = resolvePath(
        folder,
        text.slice(text.lastIndexOf("'", index) + 1, index + end.length - 1),
      );
      if (target !== undefined) calls.add(target);
    }
  }
  return { key: path, declares, calls: [...calls] };
}

const bicepModules = anyOf(resourceTypes.flatMap(({ modules }) => modules?.bicep ?? []));
const bicepEnds = new RegExp(String.raw`\.(?:bicep|jsonc?)'|(?:${types})@|(?:${bicepModules}):`, 'gi');

function isExisting(text: string, from: number): boolean {
  existing.lastIndex = from;
  return existing.test(text);
}

const existing = /[^'\n]*'\s*existing\b/y;

function named(pattern: RegExp, { path, text }: SourceText): readonly string[] {
  const folder = folderOf(path);
  return Array.from(text.matchAll(pattern), ([, relative = '']) => resolvePath(folder, relative)).flatMap(
    (target) => target ?? [],
  );
}

/** A pattern for one of these texts; without texts it matches none. */
function anyOf(texts: readonly string[]): string {
  return texts.length === 0
    ? '(?!)'
    : texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|');
}
