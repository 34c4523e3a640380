import { type Expression, opaque, textOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { memberIn, mayHoldPolicies, type TemplateData, templateDataIn } from '../programs/template-data.ts';
import type { ModuleCall, Template } from '../programs/template.ts';
import { isDeploymentResource, isOfAzurerm } from '../vault-type.ts';
import { azapiBody } from './arm-body.ts';
import { attributeOf, type HclBlock, loopOf } from './block.ts';
import { placeOfParent, providerOf } from './provider.ts';
import type { LocatedBlock } from './read-blocks.ts';

/** The deployment of the template that is in a resource, if it has one. */
export function templateCallIn(
  { block, locate }: LocatedBlock,
  names: Template,
  address = block.labels.join('.'),
): readonly (ModuleCall & { readonly target: TemplateData })[] {
  const [label = ''] = block.labels;
  const apiType = textOf(attributeOf(block, 'type'));
  if (block.type !== 'resource' || !isDeploymentResource(label, apiType)) return [];
  const target = isOfAzurerm(label) ? templateOfAzurerm(block) : templateOfAzapi(block);
  return [
    {
      target,
      arguments: new Map(),
      ...placeOf(block, names),
      ...optional('loop', loopOf(block)),
      symbol: address,
      at: locate(block.at),
    },
  ];
}

/** The paths that the template in a resource may change in a vault that is declared elsewhere. */
export function changedByTemplate({
  target,
}: ModuleCall & { readonly target: TemplateData }): readonly string[] {
  return mayHoldPolicies(target.document) ? ['properties.accessPolicies'] : [];
}

const nothing: Expression = { kind: 'literal', value: null };

/** The value of an argument that is a text of JSON. */
function decoded(block: HclBlock, names: readonly string[]): Expression {
  const written = names.map((name) => attributeOf(block, name)).find((value) => value !== undefined);
  return written === undefined ? nothing : { kind: 'call', name: 'jsondecode', arguments: [written] };
}

function templateOfAzurerm(block: HclBlock): TemplateData {
  return {
    document: decoded(block, ['template_content', 'template_body']),
    parameters: decoded(block, ['parameters_content', 'parameters_body']),
    link: attributeOf(block, 'template_spec_version_id') ?? nothing,
    // Its values are texts, whatever the parameters are.
    parametersLink: attributeOf(block, 'parameters') ?? nothing,
  };
}

/** The template of a whole resource; one that changes a resource leaves parts of it as they are, which nobody knows. */
function templateOfAzapi(block: HclBlock): TemplateData {
  const body = azapiBody(block, attributeOf(block, 'body'));
  const isWhole = block.labels[0] === 'azapi_resource';
  return templateDataIn(isWhole ? memberIn(body, 'properties') : opaque);
}

function placeOf(
  block: HclBlock,
  names: Template,
): Pick<ModuleCall, 'provider' | 'subscription' | 'resourceGroup'> {
  if (!isOfAzurerm(block.labels[0] ?? '')) return placeOfParent(block, names);
  return {
    ...optional('resourceGroup', attributeOf(block, 'resource_group_name')),
    ...optional('provider', providerOf(block, 'azurerm')),
  };
}
