import { folderOf } from '../checkout/source-path.ts';
import { scalarOf } from '../evaluation/value.ts';
import { elementNamed, type Expression, opaque, textOf } from '../languages/expression.ts';
import type { ProviderBlock, Template, LocatedValue } from '../programs/template.ts';
import { providersOf } from '../terraform/provider.ts';
import { readBlocks } from '../terraform/read-blocks.ts';
import type { TerragruntConfig, TerragruntConfigs } from './config.ts';
import { namesAt, pathIn, placeAt } from './names.ts';

/** The unit of a Terragrunt file: the module of a folder, run with these inputs. */
interface Unit {
  readonly module: string;
  readonly inputs: ReadonlyMap<string, LocatedValue>;
  /** The providers that `generate` blocks write into the module. */
  readonly providers: ReadonlyMap<string, ProviderBlock>;
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
  const providers = generatedProviders([...included, own], configs);
  return { module, inputs: inputsOf(own, included, configs), providers, context };
}

/** The providers in what the files generate; the own of a file come after those that it includes. */
function generatedProviders(
  files: readonly Pick<IncludedConfig, 'config' | 'names'>[],
  configs: TerragruntConfigs,
): ReadonlyMap<string, ProviderBlock> {
  const texts = files.flatMap(({ config, names }) =>
    config.generated.map((contents) => ({ path: config.path, text: writtenText(contents, names, configs) })),
  );
  // Text that cannot be read is reported for the file that generates it.
  return providersOf(texts.flatMap((text) => readBlocks(text, []).map(({ block }) => block)));
}

/** The text of a template, with an undefined name in place of every unknown value. */
function writtenText(contents: Expression, names: Template, configs: TerragruntConfigs): string {
  const parts = contents.kind === 'template' ? contents.parts : [contents];
  const texts = parts.map((part) => {
    const value = part.kind === 'literal' ? part.value : scalarOf(configs.valuesIn(names, part));
    return value === undefined || value === null ? '${unknown}' : String(value);
  });
  return texts.join('');
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
  files: readonly Pick<IncludedConfig, 'config' | 'names'>[],
  folder: string,
  configs: TerragruntConfigs,
): string | undefined {
  const naming = files.find(({ config }) => config.source !== undefined);
  const source = naming?.config.source;
  if (naming === undefined || source === undefined) return folder;
  const start = naming === files[0] ? folder : undefined;
  return pathIn(configs.valuesIn(naming.names, source), start);
}

/** A file that another includes. */
interface IncludedConfig {
  /** The name by which its names are known: `include.root`, or `include`. */
  readonly symbol: string;
  readonly config: TerragruntConfig;
  readonly names: Template;
  readonly mergeStrategy: string;
}

/**
 * The inputs that a file gives, with those that it inherits, by the names of variables in lower case. Its own win, unless
 * they are merged deeply; what two included files give is not known.
 */
function inputsOf(
  { config, names }: Pick<IncludedConfig, 'config' | 'names'>,
  included: readonly IncludedConfig[],
  configs: TerragruntConfigs,
): ReadonlyMap<string, LocatedValue> {
  const inputs = new Map<string, LocatedValue>();
  for (const parent of included) {
    if (parent.mergeStrategy === 'no_merge') continue;
    const of = elementNamed({ kind: 'reference', name: parent.symbol }, 'inputs');
    for (const [name, written] of ownInputs(parent, of, configs))
      inputs.set(name, inputs.has(name) ? undecided(written) : written);
  }
  const isDeep = included.some(({ mergeStrategy }) => mergeStrategy.startsWith('deep'));
  for (const [name, written] of ownInputs({ config, names }, { kind: 'reference', name: 'inputs' }, configs))
    inputs.set(name, isDeep && inputs.has(name) ? undecided(written) : written);
  return new Map([...inputs].map(([name, written]) => [name.toLowerCase(), written]));
}

function undecided({ at }: LocatedValue): LocatedValue {
  return { at, value: opaque };
}

/** The inputs that a file itself writes; `of` is an expression for all of them. */
function ownInputs(
  { config, names }: Pick<IncludedConfig, 'config' | 'names'>,
  of: Expression,
  configs: TerragruntConfigs,
): readonly (readonly [string, LocatedValue])[] {
  const { inputs, locate } = config;
  if (inputs === undefined) return [];
  const [value] = configs.valuesIn(names, inputs.value);
  const places = placesOf(inputs.value);
  return [...(value?.kind === 'map' ? value.entries.keys() : [])].map((name) => {
    return [name, { at: locate(places.get(name) ?? inputs.at), value: elementNamed(of, name) }];
  });
}

/** The offsets of the entries of an object, also of one that is merged with others. */
function placesOf(inputs: Expression): ReadonlyMap<string, number> {
  const objects = inputs.kind === 'call' && inputs.name === 'merge' ? inputs.arguments : [inputs];
  return new Map(
    objects.flatMap((object) =>
      object.kind === 'object' ? object.entries.map(({ key = '', at }) => [key, at] as const) : [],
    ),
  );
}
