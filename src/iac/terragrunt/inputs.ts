import { isClosed, scalarOf } from '../evaluation/value.ts';
import { elementNamed, type Expression, opaque } from '../languages/expression.ts';
import type { LocatedValue, ProviderBlock, Template } from '../programs/template.ts';
import { providersOf } from '../terraform/provider.ts';
import { readBlocks } from '../terraform/read-blocks.ts';
import type { TerragruntConfig, TerragruntConfigs } from './config.ts';

/** A file that another includes. */
export interface IncludedConfig {
  /** The name by which its names are known: `include.root`, or `include`. */
  readonly symbol: string;
  readonly config: TerragruntConfig;
  readonly names: Template;
  readonly mergeStrategy: string;
}

/** A Terragrunt file with its names, in the run of one unit. */
export type NamedConfig = Pick<IncludedConfig, 'config' | 'names'>;

/**
 * The inputs that a file gives, with those that it inherits, by the names of variables in lower case. Its own win, unless
 * they are merged deeply; what two included files give is not known.
 */
export function inputsOf(
  { config, names }: NamedConfig,
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

/** False where the inputs of a file, or those that it inherits, may be others besides those that are known. */
export function areInputsWhole(
  own: NamedConfig,
  included: readonly IncludedConfig[],
  configs: TerragruntConfigs,
): boolean {
  const inherited = included.filter(({ mergeStrategy }) => mergeStrategy !== 'no_merge');
  return [own, ...inherited].every(({ config: { inputs }, names }) => {
    if (inputs === undefined) return true;
    const [only, ...others] = configs.valuesIn(names, inputs.value);
    return only !== undefined && others.length === 0 && isClosed(only);
  });
}

function undecided({ at }: LocatedValue): LocatedValue {
  return { at, value: opaque };
}

/** The inputs that a file itself writes; `of` is an expression for all of them. */
function ownInputs(
  { config, names }: NamedConfig,
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

/** The providers in what the files generate; the own of a file come after those that it includes. */
export function generatedProviders(
  files: readonly NamedConfig[],
  configs: TerragruntConfigs,
): ReadonlyMap<string, ProviderBlock> {
  const texts = files.flatMap(({ config, names }) =>
    config.generated.map((contents) => ({ path: config.path, text: writtenText(contents, names, configs) })),
  );
  // Text that cannot be read is reported for the file that generates it.
  return providersOf(texts.flatMap((text) => readBlocks(text, []).map(({ block }) => block)));
}

/** True where what the files generate may declare a vault: resources of these kinds, and modules. */
export function generatesCode(files: readonly NamedConfig[], configs: TerragruntConfigs): boolean {
  return files.some(({ config, names }) =>
    config.generated.some((contents) => {
      const text = writtenText(contents, names, configs);
      return /\bresource\s+"?(?:azurerm_key_vault\w*|azapi_\w+|azurerm_\w*template_deployment)\b|\bmodule\s+"/.test(
        text,
      );
    }),
  );
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
