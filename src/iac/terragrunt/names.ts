import { absolutePath, checkoutPath } from '../checkout/checkout-path.ts';
import { folderOf, resolvePath } from '../checkout/source-path.ts';
import { alternatives, failed, scalarOf, text, unknown, type Values } from '../evaluation/value.ts';
import { elementNamed, type Expression } from '../languages/expression.ts';
import { emptyTemplate, type ImportedName, type LocalFunction, type Template } from '../programs/template.ts';
import type { TerragruntConfig, TerragruntConfigs } from './config.ts';

/** A folder in which Terragrunt runs, without what its file includes. */
export function placeAt(folder: string, configs: TerragruntConfigs): UnitPlace {
  return {
    folder,
    includes: new Map(),
    hasFile: (path) => configs.texts.has(path),
    isRead: (above) => configs.root === '' || `${above}/`.startsWith(`${configs.root}/`),
    read: (path) => {
      const config = configs.configAt(path);
      return config && namesAt(config, placeAt(folderOf(path), configs));
    },
  };
}

/** The names of a Terragrunt file at a place. Other files know it by its `locals` and `inputs`. */
export function namesAt(config: TerragruntConfig, place: UnitPlace): Template {
  const locals = config.locals.map(({ key = '', at }) => ({
    key,
    at,
    value: elementNamed({ kind: 'reference', name: 'local' }, key),
  }));
  return {
    ...emptyTemplate,
    folder: place.folder,
    functions: functionsAt(place),
    values: new Map<string, Expression>([
      ...config.locals.map(({ key = '', value }) => [`local.${key}`, value] as const),
      ['locals', { kind: 'object', entries: locals }],
      ['inputs', config.inputs?.value ?? { kind: 'object', entries: [] }],
    ]),
  };
}

/** The place at which a Terragrunt file is evaluated. */
interface UnitPlace {
  /** The folder of the file that is run, which included files are evaluated for as well. */
  readonly folder: string;
  /** The folders of included files by their labels. */
  readonly includes: ReadonlyMap<string | undefined, string>;
  readonly hasFile: (path: string) => boolean;
  /** True where every file of a folder is known. */
  readonly isRead: (folder: string) => boolean;
  /** The names of another file, evaluated where that file is; `undefined` where there is none. */
  readonly read: (path: string) => Template | undefined;
}

/** The functions of Terragrunt; source: https://terragrunt.gruntwork.io/docs/reference/hcl/functions/. */
function functionsAt(place: UnitPlace): ReadonlyMap<string, LocalFunction> {
  const { folder } = place;
  const here = text(absolutePath(folder));
  const fromInclude = (args: readonly Values[], give: (included: string) => Values): Values => {
    const included = includedFolder(args, place);
    return included === undefined ? unknown : give(included);
  };
  return new Map<string, LocalFunction>([
    ['get_terragrunt_dir', () => here],
    ['get_original_terragrunt_dir', () => here],
    ['get_working_dir', () => unknown],
    ['get_parent_terragrunt_dir', (args) => fromInclude(args, (included) => text(absolutePath(included)))],
    ['get_repo_root', () => text(absolutePath(''))],
    ['get_path_from_repo_root', () => text(folder)],
    ['get_path_to_repo_root', () => text(relativePath(folder, ''))],
    [
      'path_relative_to_include',
      (args) => fromInclude(args, (included) => text(relativePath(included, folder))),
    ],
    [
      'path_relative_from_include',
      (args) => fromInclude(args, (included) => text(relativePath(folder, included))),
    ],
    ['find_in_parent_folders', (args) => findAbove(args, place)],
    ['read_terragrunt_config', (args) => readConfigAt(args, place)],
    ['get_env', ([, standard]) => alternatives([...(standard ?? []), ...unknown])],
  ]);
}

/** The folder of the included file of a label, or of the only one. */
function includedFolder([label]: readonly Values[], { includes, folder }: UnitPlace): string | undefined {
  if (label !== undefined) return includes.get(String(scalarOf(label)));
  const [only, ...others] = includes.values();
  return others.length > 0 ? undefined : (only ?? folder);
}

/** From one folder of the checkout to another, as `.`, `../..` or `prod/vault`. */
function relativePath(from: string, to: string): string {
  const [start, end] = [from, to].map((path) => path.split('/').filter((segment) => segment !== ''));
  if (start === undefined || end === undefined) return '.';
  const parting = start.findIndex((segment, index) => segment !== end[index]);
  const shared = parting === -1 ? start.length : parting;
  return [...start.slice(shared).map(() => '..'), ...end.slice(shared)].join('/') || '.';
}

/** Without a name it is `terragrunt.hcl`, in newer versions `root.hcl`. */
function findAbove([name, otherwise]: readonly Values[], place: UnitPlace): Values {
  const { folder, hasFile } = place;
  const wanted = name === undefined ? ['terragrunt.hcl', 'root.hcl'] : [scalarOf(name)];
  for (const file of wanted) {
    if (typeof file !== 'string') return unknown;
    const found = foldersAbove(folder).find((above) => hasFile(joined(above, file)));
    if (found !== undefined) return text(absolutePath(joined(found, file)));
  }
  return otherwise ?? (place.isRead('') ? failed : unknown);
}

function foldersAbove(folder: string): readonly string[] {
  return folder === '' ? [] : [folderOf(folder), ...foldersAbove(folderOf(folder))];
}

function joined(folder: string, name: string): string {
  return resolvePath(folder, name) ?? name;
}

function readConfigAt([path, otherwise]: readonly Values[], place: UnitPlace): Values | ImportedName {
  const { folder, read, isRead } = place;
  if (path?.length === 0) return failed;
  const written = scalarOf(path ?? unknown);
  if (typeof written !== 'string') return unknown;
  const found = checkoutPath(written) ?? joined(folder, written);
  const template = read(found);
  if (template !== undefined) return { from: template };
  return otherwise ?? (isRead(folderOf(found)) ? failed : unknown);
}
