import { elementNamed, type Expression, opaque } from '../syntax/expression.ts';
import type { Template, Written } from '../template.ts';
import type { Config, Configs } from './config.ts';

/** A file that another includes. */
export interface Included {
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
export function inputsOf(
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
