import type { Problem } from '../../model/errors.ts';
import type { RelevantTemplates } from '../checkout/relevant-keys.ts';
import { folderOf } from '../checkout/source-path.ts';
import type { SourceText } from '../checkout/source-text.ts';
import { guarded } from '../guarded.ts';
import type { Piecewise } from '../piecewise.ts';
import { emptyTemplate, type ParameterFile, type Template, type LocatedValue } from '../programs/template.ts';
import { templatesDeclaring } from '../programs/deployments.ts';
import { folderOfKey, isModuleFile, isModuleKey, moduleKey } from './module-files.ts';
import { readModule } from './module.ts';
import {
  isLoadedByItself,
  isVariablesFile,
  loadedVariables,
  overlaid,
  readVariablesFile,
} from './variables-file.ts';

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
  // Terragrunt says itself what its files are for.
  const areNamed = files.some(
    ({ path, text }) => path.endsWith('.hcl') && /\bvar_files\b|_var_files\b/.test(text),
  );
  const fittingFor = templatesDeclaring(new Map([...templates].filter(([key]) => isModuleKey(key))));
  for (const source of variables) {
    const owner = moduleAbove(folderOf(source.path), folders);
    if (areNamed || (owner !== undefined && relevant.has(moduleKey(owner)))) continue;
    yield;
    read.push(...(guarded(source.path, problems, () => fittingFiles(source, fittingFor, owned)) ?? []));
  }
  return read;
}

/** A file of variables that is not below the modules, as `env/prod.tfvars` of `infra/main.tf`, with those that declare all of them. */
function fittingFiles(
  source: SourceText,
  fittingFor: ReturnType<typeof templatesDeclaring>,
  owned: ReadonlyMap<string, readonly SourceText[]>,
): readonly ParameterFile[] {
  const given = readVariablesFile(source, []);
  return fittingFor([...given.keys()]).map((template) => {
    const folder = folderOfKey(template);
    const always = loadedVariables(owned.get(folder) ?? [], folder, []);
    return { file: source.path, template, arguments: overlaid([always, given]), context: emptyTemplate };
  });
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
    .map((source): readonly [string, ReadonlyMap<string, LocatedValue>] => [
      source.path,
      overlaid([always, readVariablesFile(source, problems)]),
    ]);
  const named = always.size > 0 ? [[folder, always] as const, ...others] : others;
  return named.map(([file, given]): ParameterFile => {
    const isOwn = given === always;
    return { file, template: moduleKey(folder), arguments: given, context: emptyTemplate, isOwn };
  });
}
