import type { Locate } from '../checkout/source-text.ts';
import {
  elementNamed,
  type Expression,
  type Loop,
  opaque,
  textOf,
  valueOf,
} from '../languages/expression.ts';
import { optional } from '../optional.ts';
import type { ModuleCall } from '../programs/template.ts';
import { type TemplateData, templateDataIn } from '../programs/template-data.ts';
import { deploysTemplate } from '../vault-type.ts';
import type { Statement } from './statement.ts';

/** A `resource` or `module` statement. */
export type DeclarationStatement = Extract<Statement, { kind: 'resource' | 'module' }>;

/** One, with the parts of its body and how its offsets are found. */
export interface DeclarationSite {
  readonly statement: DeclarationStatement;
  readonly object: Expression;
  readonly loop?: Loop;
  readonly condition?: Expression;
  readonly locate: Locate;
}

/** The place that a `scope` names, as far as it is written. */
interface WrittenScope {
  readonly subscription?: Expression;
  readonly resourceGroup?: Expression;
}

/** Reads `scope: resourceGroup('rg')`, `resourceGroup(subscription, 'rg')`, `subscription(id)`, or a symbol. */
export function readScope(scope: Expression | undefined): WrittenScope {
  if (scope?.kind === 'reference') return { resourceGroup: elementNamed(scope, 'name') };
  if (scope?.kind !== 'call') return {};
  const [first, second] = scope.arguments;
  if (first === undefined) return {};
  const name = scope.name.toLowerCase();
  if (name === 'subscription') return { subscription: first };
  if (name !== 'resourcegroup') return {};
  return second === undefined ? { resourceGroup: first } : { subscription: first, resourceGroup: second };
}

/**
 * The deployment of the template that is in a resource. Bicep escapes what looks like an expression in a text, so that the template has it
 * as it is written. In the scope of the template itself it is a text there, and the names of Bicep are others: that is not worked out.
 */
export function templateCallOf({
  statement,
  object,
  loop,
  condition,
  locate,
}: DeclarationSite): (ModuleCall & { readonly target: TemplateData }) | undefined {
  if (statement.existing || !deploysTemplate(textOf(statement.target) ?? '')) return undefined;
  const properties = valueOf(object, 'properties') ?? opaque;
  const options = valueOf(properties, 'expressionEvaluationOptions');
  const scope = options === undefined ? 'outer' : textOf(valueOf(options, 'scope'))?.toLowerCase();
  return {
    target: templateDataIn(isEmpty(properties) ? empty : scope === 'outer' ? properties : opaque),
    arguments: new Map(),
    ...readScope(valueOf(object, 'scope')),
    ...optional('resourceGroup', valueOf(object, 'resourceGroup')),
    ...optional('subscription', valueOf(object, 'subscriptionId')),
    ...optional('condition', condition),
    ...optional('loop', loop),
    symbol: statement.name,
    at: locate(statement.at),
  };
}

const empty: Expression = {
  kind: 'object',
  entries: [
    {
      key: 'template',
      at: 0,
      value: {
        kind: 'object',
        entries: [{ key: 'resources', at: 0, value: { kind: 'array', items: [] } }],
      },
    },
  ],
};

/** True for a deployment whose template has no resources, as those that count how often a module is used. */
function isEmpty(properties: Expression): boolean {
  const resources = valueOf(valueOf(properties, 'template'), 'resources');
  return resources?.kind === 'array' && resources.items.length === 0;
}
