import { folderOf } from '../checkout/source-path.ts';
import type { SourceText } from '../checkout/source-text.ts';
import { type Expression, textOf } from '../languages/expression.ts';
import type { LocatedValue, ProviderBlock, Template } from '../programs/template.ts';
import { pathIn, type TerragruntConfig, type TerragruntConfigs } from './config.ts';
import {
  generatedProviders,
  type IncludedConfig,
  inputsOf,
  type NamedConfig,
  namedVariables,
  subscriptionIn,
} from './given.ts';
import { namesAt, placeAt } from './names.ts';

/** The unit of a Terragrunt file: the module of a folder, run with these inputs. */
interface Unit {
  readonly module: string;
  readonly inputs: ReadonlyMap<string, LocatedValue>;
  /** The providers that `generate` blocks write into the module. */
  readonly providers: ReadonlyMap<string, ProviderBlock>;
  /** Files of variables that it names on the command line. */
  readonly variables: readonly SourceText[];
  /** The subscription in its environment. */
  readonly subscription: Expression | undefined;
  /** The names of the file. */
  readonly context: Template;
}

/** The unit of a `terragrunt.hcl`, if it runs a module of this checkout. */
export function unitOf(
  config: TerragruntConfig,
  configs: TerragruntConfigs,
  isModule: (folder: string) => boolean,
): Unit | undefined {
  const folder = folderOf(config.path);
  const included = includedBy(config, configs);
  const place = {
    ...placeAt(folder, configs),
    includes: new Map(included.map(({ label, config }) => [label, folderOf(config.path)])),
  };
  const context = {
    ...namesAt(config, place),
    imports: new Map(included.map(({ symbol, names }) => [symbol, { from: names }])),
  };
  const own = { config, names: context };
  const module = moduleOf([own, ...included], folder, configs);
  if (module === undefined || !isModule(module)) return undefined;
  const files = [...included, own];
  return {
    module,
    inputs: inputsOf(own, included, configs),
    providers: generatedProviders(files, configs),
    variables: namedVariables(files, folder, configs),
    subscription: subscriptionIn(files, configs),
    context,
  };
}

function includedBy(
  config: TerragruntConfig,
  configs: TerragruntConfigs,
): readonly (IncludedConfig & { readonly label: string | undefined })[] {
  const folder = folderOf(config.path);
  const place = placeAt(folder, configs);
  const names = namesAt(config, place);
  return config.includes.flatMap(({ label, path, mergeStrategy }) => {
    const found = pathIn(configs.valuesIn(names, path), folder);
    const parent = found === undefined ? undefined : configs.configAt(found);
    if (parent === undefined) return [];
    // What an included file says is evaluated for the file that includes it.
    const parentPlace = { ...place, includes: new Map([[undefined, folderOf(parent.path)]]) };
    return [
      {
        label,
        symbol: label === undefined ? 'include' : `include.${label}`,
        config: parent,
        names: namesAt(parent, parentPlace),
        mergeStrategy: textOf(mergeStrategy) ?? 'shallow',
      },
    ];
  });
}

/**
 * The folder of the module: the source of the file, else of one that it includes, else the folder itself. From where a
 * relative path of an included file counts is not known: only one that begins with a folder is followed.
 */
function moduleOf(
  files: readonly NamedConfig[],
  folder: string,
  configs: TerragruntConfigs,
): string | undefined {
  const naming = files.find(({ config }) => config.source !== undefined);
  const source = naming?.config.source;
  if (naming === undefined || source === undefined) return folder;
  const start = naming === files[0] ? folder : undefined;
  return pathIn(configs.valuesIn(naming.names, source), start);
}
