import type { Problem } from '../../model/errors.ts';
import type { RelevantTemplates } from '../checkout/relevant-keys.ts';
import { folderOf, baseName } from '../checkout/source-path.ts';
import { type SourceText, locator } from '../checkout/source-text.ts';
import { guarded } from '../guarded.ts';
import type { Piecewise } from '../piecewise.ts';
import { emptyTemplate, type ParameterFile, type Template, type LocatedValue } from '../programs/template.ts';
import { argumentsOf } from '../programs/object-properties.ts';
import { isModuleFile, moduleKey } from './module-files.ts';
import { readModule } from './module.ts';
import { parseFile } from './block.ts';
import { hcl } from '../languages/dialect.ts';
import { readJson } from '../languages/read-json.ts';
import { attempt, expressionCursor } from '../languages/statements.ts';

/**
 * Reads the Terraform of a checkout into `templates`, one for each folder, and gives the variable files. Those that
 * Terraform loads by itself are in every deployment of their module; any other is a deployment of its own on top of them.
 */
export function* readTerraform(
  files: readonly SourceText[],
  { templates, relevant }: RelevantTemplates,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  const folders = byFolder(files.filter(isModuleFile));
  for (const [folder, sources] of folders) {
    if (!relevant.has(moduleKey(folder))) continue;
    yield;
    guarded(folder, problems, () => templates.set(moduleKey(folder), readModule(folder, sources, problems)));
  }
  const variables = files.filter(({ path }) => isVariablesFile(path));
  const owned = byFolder(variables, ({ path }) => moduleAbove(folderOf(path), folders));
  const read: ParameterFile[] = [];
  for (const [folder, sources] of owned) {
    if (!relevant.has(moduleKey(folder))) continue;
    yield;
    read.push(...(guarded(folder, problems, () => parameterFiles(folder, sources, problems)) ?? []));
  }
  return read;
}

/** The module of a key, if there is one; it may be one that declares nothing. */
export function moduleAt(
  key: string,
  files: readonly SourceText[],
  problems: Problem[],
): Template | undefined {
  const sources = files.filter((file) => isModuleFile(file) && moduleKey(folderOf(file.path)) === key);
  const [first] = sources;
  return first === undefined ? undefined : readModule(folderOf(first.path), sources, problems);
}

function byFolder(
  files: readonly SourceText[],
  folder: (file: SourceText) => string | undefined = ({ path }) => folderOf(path),
): ReadonlyMap<string, readonly SourceText[]> {
  const grouped = new Map<string, SourceText[]>();
  for (const file of files) {
    const key = folder(file);
    if (key === undefined) continue;
    const held = grouped.get(key);
    if (held === undefined) grouped.set(key, [file]);
    else held.push(file);
  }
  return grouped;
}

/** The nearest folder with a module: `env/prod.tfvars` is for the module above it. */
function moduleAbove(folder: string, modules: ReadonlyMap<string, unknown>): string | undefined {
  if (modules.has(folder)) return folder;
  return folder === '' ? undefined : moduleAbove(folderOf(folder), modules);
}

function parameterFiles(
  folder: string,
  sources: readonly SourceText[],
  problems: Problem[],
): readonly ParameterFile[] {
  const always = loadedVariables(sources, folder, problems);
  const others = sources
    .filter(({ path }) => !isLoadedByItself(path, folder))
    .map((source) => overlaid([always, readVariablesFile(source, problems)]));
  const fileOf = (given: ReadonlyMap<string, LocatedValue>): ParameterFile => {
    return { template: moduleKey(folder), arguments: given, context: emptyTemplate, isOwn: given === always };
  };
  return (always.size > 0 ? [always, ...others] : others).map(fileOf);
}

/** True for a file of variables, by its name. */
export function isVariablesFile(path: string): boolean {
  return /\.tfvars(?:\.json)?$/.test(path);
}

/** True for a file of variables in the folder of a module that Terraform and OpenTofu load by themselves. */
function isLoadedByItself(path: string, folder: string): boolean {
  return folderOf(path) === folder && orderOf(path) !== undefined;
}

/**
 * The variables that the files in the folder of a module set without being named: `terraform.tfvars`, over it
 * `terraform.tfvars.json`, over both `*.auto.tfvars` and `*.auto.tfvars.json` in order of their names. Source:
 * https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence.
 */
export function loadedVariables(
  files: readonly SourceText[],
  folder: string,
  problems: Problem[],
): ReadonlyMap<string, LocatedValue> {
  const loaded = files.filter(({ path }) => isLoadedByItself(path, folder));
  const ordered = loaded.toSorted((one, other) => compareOrder(one.path, other.path));
  return overlaid(ordered.map((source) => readVariablesFile(source, problems)));
}

/** The variables of several files, of which later ones win. */
export function overlaid(
  files: readonly ReadonlyMap<string, LocatedValue>[],
): ReadonlyMap<string, LocatedValue> {
  return new Map(files.flatMap((file) => Array.from(file)));
}

function compareOrder(one: string, other: string): number {
  const order = (orderOf(one) ?? 0) - (orderOf(other) ?? 0);
  return order === 0
    ? Number(baseName(one) > baseName(other)) - Number(baseName(one) < baseName(other))
    : order;
}

function orderOf(path: string): number | undefined {
  const name = baseName(path);
  if (name === 'terraform.tfvars') return 0;
  if (name === 'terraform.tfvars.json') return 1;
  return /\.auto\.tfvars(?:\.json)?$/.test(name) ? 2 : undefined;
}

/** Reads a `.tfvars` or `.tfvars.json` file: values for the variables of a module. */
export function readVariablesFile(
  source: SourceText,
  problems: Problem[],
): ReadonlyMap<string, LocatedValue> {
  const locate = locator(source);
  if (source.path.endsWith('.json')) return argumentsOf(readJson(source, problems), locate);
  const body = attempt(
    () => parseFile(expressionCursor(source.text, hcl)),
    (message, at) => problems.push({ ...locate(at), message }),
  );
  return argumentsOf({ kind: 'object', entries: body?.attributes ?? [] }, locate);
}
