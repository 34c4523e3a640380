import { resourceTypes } from '../../resource-types/index.ts';
import type { ResourceType, TerraformArgument } from '../../resource-types/resource-type.ts';
import type { Locate } from '../checkout/source-text.ts';
import { type Expression, opaque, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { objectProperties } from '../programs/object-properties.ts';
import type { Template, VaultBlock } from '../programs/template.ts';
import { vaultTypeOf } from '../vault-type.ts';
import { armBody, azapiBody, unsetByArguments } from './arm-body.ts';
import {
  attributeOf,
  type HclBlock,
  loopOf,
  attributeProperties,
  type Attributes,
  attributesOf,
} from './block.ts';
import { ignoredIn } from './lifecycle.ts';
import { placeOfParent, providerOf, providersPassed } from './provider.ts';

/** The surroundings of a block: how its offsets are found, and the names of its module. */
interface Place {
  readonly locate: Locate;
  readonly names: Template;
}

/** The vault or managed HSM that a `resource` or `module` block declares, if it declares one. */
export function vaultOfBlock(block: HclBlock, { locate, names }: Place): VaultBlock | undefined {
  const [label] = block.labels;
  if (block.type === 'module') return declared(block, ofModule(block, locate), locate);
  if (block.type !== 'resource') return undefined;
  // An `azapi_update_resource` declares nothing: it changes what is declared elsewhere.
  if (label === 'azapi_resource' || isPut(block)) return azapiVault(block, { locate, names });
  return declared(block, ofResource(block, locate), locate);
}

/** True for an action of azapi that sends a whole resource. */
function isPut(block: HclBlock): boolean {
  return block.labels[0] === 'azapi_resource_action' && textOf(attributeOf(block, 'method')) === 'PUT';
}

type Particulars = Omit<VaultBlock, 'at' | 'address'>;

function declared(
  block: HclBlock,
  particulars: Particulars | undefined,
  locate: Locate,
): VaultBlock | undefined {
  if (particulars === undefined) return undefined;
  return {
    at: locate(block.at),
    ...optional('name', attributeOf(block, 'name')),
    ...optional('resourceGroup', attributeOf(block, 'resource_group_name')),
    ...optional('location', attributeOf(block, 'location')),
    ...optional('tags', attributeOf(block, 'tags')),
    ...optional('loop', loopOf(block)),
    ...particulars,
    address: block.type === 'module' ? `module.${block.labels.join('.')}` : block.labels.join('.'),
  };
}

function ofResource(block: HclBlock, locate: Locate): Particulars | undefined {
  const found = resources.get(block.labels[0] ?? '');
  return (
    found && {
      type: found.type,
      properties: attributeProperties(block, found.attributes, locate),
      body: armBody(block, found.arguments),
      unknownPaths: [...found.unknownPaths, ...ignoredIn(block, found.properties)],
      ...optional('provider', providerOf(block, 'azurerm')),
    }
  );
}

/** An Azure Verified Module, with or without the host name of the registry. */
function ofModule(block: HclBlock, locate: Locate): Particulars | undefined {
  const source = textOf(attributeOf(block, 'source')) ?? '';
  const found = modules.get(moduleName(source)?.toLowerCase() ?? '');
  const passed = providersPassed(block);
  return (
    found && {
      type: found.type,
      properties: attributeProperties(block, found.attributes, locate),
      body: armBody(block, found.arguments),
      isOfModule: true,
      ...optional('provider', passed === undefined ? 'azurerm' : passed.get('azurerm')),
    }
  );
}

/** `Azure/avm-res-keyvault-vault/azurerm`, also of the host name and the repository of it. */
function moduleName(source: string): string | undefined {
  const [, name] = /^(?:[\w.-]+\/)?([\w-]+\/[\w-]+\/[\w-]+)$/.exec(source) ?? [];
  const [, owner, provider, own] =
    /\bgithub\.com[/:]([\w-]+)\/terraform-([a-z]+)-([\w-]+?)(?:\.git)?(?:\?|$)/i.exec(source) ?? [];
  return owner === undefined ? name : `${owner}/${own}/${provider}`;
}

interface Declarable {
  readonly type: string;
  readonly unknownPaths: readonly string[];
  readonly arguments: readonly TerraformArgument[];
  readonly attributes: Attributes;
  /** The paths that the arguments set, by their names. */
  readonly properties: ReadonlyMap<string, string>;
}

function declarable(known: ResourceType, args: readonly TerraformArgument[]): Declarable {
  return {
    type: known.type,
    arguments: args,
    attributes: attributesOf(args),
    properties: new Map(args.map(({ name, property }) => [name, `properties.${property}`])),
    unknownPaths: unsetByArguments(known, args),
  };
}

const resources: ReadonlyMap<string, Declarable> = new Map(
  resourceTypes.flatMap((known) => {
    const { terraform } = known;
    return terraform === undefined ? [] : [[terraform.resource, declarable(known, terraform.arguments)]];
  }),
);

const modules: ReadonlyMap<string, Declarable> = new Map(
  resourceTypes.flatMap((known) => {
    const { modules } = known;
    if (modules === undefined) return [];
    return [[modules.terraform.toLowerCase(), declarable(known, modules.terraformArguments)]];
  }),
);

function azapiVault(block: HclBlock, { locate, names }: Place): VaultBlock | undefined {
  const type = typeOf(attributeOf(block, 'type'));
  if (type === undefined) return undefined;
  const written = attributeOf(block, 'body');
  const body = written?.kind === 'call' && written.name === 'jsonencode' ? written.arguments[0] : written;
  const version = textOf(attributeOf(block, 'type'))?.split('@')[1];
  return declared(
    block,
    {
      type,
      properties: objectProperties(valueOf(body, 'properties'), locate),
      body: azapiBody(block, written),
      apiVersion: version === undefined ? opaque : { kind: 'literal', value: version },
      unknownPaths: ignoredIn(block, ofBody),
      ...placeOfParent(block, names),
    },
    locate,
  );
}

/** A type that is written is known; of any other the names of its module decide. Its version need not be known. */
function typeOf(type: Expression | undefined): string | Expression | undefined {
  const written = textOf(type);
  if (written === undefined) return type;
  return written.includes('@') ? vaultTypeOf(written) : undefined;
}

const ofBody: ReadonlyMap<string, string> = new Map([['body', 'properties']]);
