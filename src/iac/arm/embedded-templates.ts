import { type Expression, textOf, valueOf } from '../languages/expression.ts';
import { isTemplateSchema } from './deployment-file.ts';
import { readArmText } from './expression.ts';

/** A template inside another document, and what that gives its parameters. */
export interface EmbeddedTemplate {
  readonly template: Expression;
  readonly parameters: Expression | undefined;
}

/**
 * The templates inside a document that is not itself a template, or in resources of one: artifacts of Azure Blueprints,
 * template specs, deployment stacks, policies that deploy. NestedTemplate deployments are part of their template.
 */
export function* embeddedTemplates(document: Expression): Generator<EmbeddedTemplate> {
  const isEscaped = isTemplate(document);
  const open: Expression[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'array') open.push(...next.items);
    if (next.kind !== 'object') continue;
    const nested = nestedTemplate(next);
    for (const { value } of next.entries) {
      if (value === nested?.properties) open.push(...innerOf(nested));
      else if (value !== document && isTemplate(value)) {
        const parameters = valueOf(next, 'parameters');
        yield { template: isEscaped ? unescaped(value) : value, parameters };
      } else open.push(value);
    }
  }
}

function isTemplate(value: Expression): boolean {
  return isTemplateSchema(textOf(valueOf(value, '$schema'))) && valueOf(value, 'resources') !== undefined;
}

interface NestedTemplate {
  readonly properties: Expression;
  readonly template: Expression;
}

/** A deployment inside a template belongs to it; what is embedded in that is found all the same. */
function nestedTemplate(resource: Expression): NestedTemplate | undefined {
  if (textOf(valueOf(resource, 'type'))?.toLowerCase() !== 'microsoft.resources/deployments')
    return undefined;
  const properties = valueOf(resource, 'properties');
  const template = valueOf(properties, 'template');
  return properties === undefined || template === undefined ? undefined : { properties, template };
}

function innerOf({ template }: NestedTemplate): readonly Expression[] {
  return template.kind === 'object' ? template.entries.map(({ value }) => value) : [];
}

/** In a resource of a template an expression of the inner one is written `[[…]`, so that the outer leaves it alone. */
function unescaped(expression: Expression): Expression {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? readArmText(expression.value) : expression;
    case 'array':
      return { ...expression, items: expression.items.map(unescaped) };
    case 'object':
      return {
        ...expression,
        entries: expression.entries.map((entry) => ({ ...entry, value: unescaped(entry.value) })),
      };
    default:
      return expression;
  }
}
