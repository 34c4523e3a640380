import { folderOf } from '../checkout/source-path.ts';
import { scalarOf } from '../evaluation/value.ts';
import { elementNamed, type Expression, opaque, textOf } from '../languages/expression.ts';
import type { ProviderBlock, Template, Written } from '../programs/template.ts';
import { providersOf } from '../terraform/provider.ts';
import { readBlocks } from '../terraform/read-blocks.ts';
import type { Config, Configs } from './config.ts';
import { namesAt, pathIn, placeAt } from './names.ts';

/** What a Terragrunt file runs: the module of a folder, with these inputs. */
interface Unit {
  readonly module: string;
  readonly inputs: ReadonlyMap<string, Written>;
  /** The providers that `generate` blocks write into the module. */
  readonly providers: ReadonlyMap<string, ProviderBlock>;
  /** What names mean in the file. */
  readonly context: Template;
}

/** The unit that a `terragrunt.hcl` stands for, if it runs a module of this checkout. */
export function unitOf(
  config: Config,
  configs: Configs,
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
  files: readonly Pick<Included, 'config' | 'names'>[],
  configs: Configs,
): ReadonlyMap<string, ProviderBlock> {
  const texts = files.flatMap(({ config, names }) =>
    config.generated.map((contents) => ({ path: config.path, text: writtenText(contents, names, configs) })),
  );
  // Text that cannot be read is reported by whoever reads the file that writes it.
  return providersOf(texts.flatMap((text) => readBlocks(text, []).map(({ block }) => block)));
}

/** The text of a template, with a name that nothing has in place of what is not known. */
function writtenText(contents: Expression, names: Template, configs: Configs): string {
  const parts = contents.kind === 'template' ? contents.parts : [contents];
  const texts = parts.map((part) => {
    const value = part.kind === 'literal' ? part.value : scalarOf(configs.valuesIn(names, part));
    return value === undefined || value === null ? '${unknown}' : String(value);
  });
  return texts.join('');
}

function includedBy(
  config: Config,
  configs: Configs,
): readonly (Included & { readonly label: string | undefined })[] {
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
 * relative path of an included file counts is not told: only one that begins with a folder is followed.
 */
function moduleOf(
  files: readonly Pick<Included, 'config' | 'names'>[],
  folder: string,
  configs: Configs,
): string | undefined {
  const naming = files.find(({ config }) => config.source !== undefined);
  const source = naming?.config.source;
  if (naming === undefined || source === undefined) return folder;
  const start = naming === files[0] ? folder : undefined;
  return pathIn(configs.valuesIn(naming.names, source), start);
}

/** A file that another includes. */
interface Included {
  /** The name by which its names are known: `include.root`, or `include`. */
  readonly symbol: string;
  readonly config: Config;
  readonly names: Template;
  readonly mergeStrategy: string;
}

/**
 * The inputs that a file gives, with those that it inherits, by the names of variables in lower case. Its own win, unless
 * they are merged deeply; what two included files give is not known.
 */
function inputsOf(
  { config, names }: Pick<Included, 'config' | 'names'>,
  included: readonly Included[],
  configs: Configs,
): ReadonlyMap<string, Written> {
  const inputs = new Map<string, Written>();
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

function undecided({ at }: Written): Written {
  return { at, value: opaque };
}

/** The inputs that a file itself writes; `of` is what stands for all of them. */
function ownInputs(
  { config, names }: Pick<Included, 'config' | 'names'>,
  of: Expression,
  configs: Configs,
): readonly (readonly [string, Written])[] {
  const { inputs, locate } = config;
  if (inputs === undefined) return [];
  const [value] = configs.valuesIn(names, inputs.value);
  const places = placesOf(inputs.value);
  return [...(value?.kind === 'map' ? value.entries.keys() : [])].map((name) => {
    return [name, { at: locate(places.get(name) ?? inputs.at), value: elementNamed(of, name) }];
  });
}

/** Where the entries of an object are written, also of one that is merged with others. */
function placesOf(inputs: Expression): ReadonlyMap<string, number> {
  const objects = inputs.kind === 'call' && inputs.name === 'merge' ? inputs.arguments : [inputs];
  return new Map(
    objects.flatMap((object) =>
      object.kind === 'object' ? object.entries.map(({ key = '', at }) => [key, at] as const) : [],
    ),
  );
}
