import type { Location } from '../../model/location.ts';
import type { SourceText } from '../checkout/source-text.ts';
import { isClosed, scalarOf, type Values } from '../evaluation/value.ts';
import { type Expression, opaque } from '../languages/expression.ts';
import type { LocatedValue, Template } from '../programs/template.ts';
import { attributeOf, type HclBlock } from '../terraform/block.ts';
import { pathIn, type TerragruntConfigs } from './config.ts';
import type { NamedConfig } from './inputs.ts';

/**
 * The files of variables that `extra_arguments` name, in the order of the command line: required ones first. Source:
 * https://terragrunt.gruntwork.io/docs/features/extra-arguments. `folder` is that of the unit.
 */
export function namedVariables(
  files: readonly NamedConfig[],
  folder: string,
  configs: TerragruntConfigs,
): readonly SourceText[] {
  return extraArguments(files).flatMap(({ block, names }) =>
    ['required_var_files', 'optional_var_files'].flatMap((attribute) => {
      const written = attributeOf(block, attribute);
      const [list] = written === undefined ? [] : configs.valuesIn(names, written);
      const items = list?.kind === 'list' ? list.items : [];
      return items.flatMap((item) => {
        const path = pathIn(item(), folder);
        const text = path === undefined ? undefined : configs.texts.get(path);
        return path === undefined || text === undefined ? [] : [{ path, text }];
      });
    }),
  );
}

/** The subscription that `extra_arguments` put into the environment, where azurerm and azapi find it. */
export function subscriptionIn(
  files: readonly NamedConfig[],
  configs: TerragruntConfigs,
): Expression | undefined {
  const written = extraArguments(files).flatMap(({ block, names }) => {
    const variables = attributeOf(block, 'env_vars');
    const [map] = variables === undefined ? [] : configs.valuesIn(names, variables);
    return (map?.kind === 'map' ? map.entries.get('ARM_SUBSCRIPTION_ID')?.() : undefined) ?? [];
  });
  const value = scalarOf(written.slice(-1));
  return typeof value === 'string' ? { kind: 'literal', value } : undefined;
}

/**
 * The variables that `extra_arguments` give: in the environment, as `TF_VAR_name`, and on the command line. `isWhole` is false where there may be
 * others.
 */
export function extraVariables(
  files: readonly NamedConfig[],
  configs: TerragruntConfigs,
): { readonly given: ReadonlyMap<string, LocatedValue>; readonly isWhole: boolean } {
  const given = new Map<string, LocatedValue>();
  let isWhole = true;
  for (const { block, names, at } of extraArguments(files)) {
    const valuesOf = (name: string): Values => {
      const written = attributeOf(block, name);
      return written === undefined ? [] : configs.valuesIn(names, written);
    };
    for (const value of valuesOf('env_vars')) {
      if (!isClosed(value)) isWhole = false;
      for (const [name, element] of value.kind === 'map' ? value.entries : [])
        if (name.startsWith('TF_VAR_'))
          given.set(name.slice(7).toLowerCase(), located(scalarOf(element()), at));
    }
    for (const value of valuesOf('arguments')) {
      const texts = value.kind === 'list' ? value.items.map((item) => scalarOf(item())) : [undefined];
      if (!isClosed(value) || texts.some((text) => text === undefined || /^--?var-file\b/.test(String(text))))
        isWhole = false;
      for (const [, name = '', text] of texts.join(' ').matchAll(/(?:^| )--?var[= ]([\w-]+)=(\S*)/g))
        given.set(name.toLowerCase(), located(text, at));
    }
  }
  return { given, isWhole };
}

function located(value: ReturnType<typeof scalarOf>, at: Location): LocatedValue {
  return { at, value: value === undefined ? opaque : { kind: 'literal', value } };
}

/** The `extra_arguments` blocks, of which the last of a name counts. */
function extraArguments(
  files: readonly NamedConfig[],
): readonly { readonly block: HclBlock; readonly names: Template; readonly at: Location }[] {
  const blocks = files.flatMap(({ config, names }) =>
    config.extraArguments.map((block) => ({ block, names, at: config.locate(block.at) })),
  );
  return [...new Map(blocks.map((one) => [one.block.labels.join('.'), one])).values()];
}
