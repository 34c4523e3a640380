import type { Expression } from '../languages/expression.ts';

/** A template that is a value, in the names of its caller. What is not there is null. */
export interface TemplateData {
  /** An object as ARM takes it. */
  readonly document: Expression;
  /** `{ name: { value } }`. */
  readonly parameters: Expression;
  /** The place of a template or of parameters that are elsewhere. */
  readonly link: Expression;
  readonly parametersLink: Expression;
}

/** The template in the `properties` of a deployment or a deployment stack, which are a value. */
export function templateDataIn(properties: Expression): TemplateData {
  return {
    document: memberIn(properties, 'template'),
    parameters: memberIn(properties, 'parameters'),
    link: memberIn(properties, 'templateLink'),
    parametersLink: memberIn(properties, 'parametersLink'),
  };
}

/** The member of that name, in any letter case; null where there is none. */
export function memberIn(of: Expression, name: string): Expression {
  return { kind: 'call', name: 'tryGet', arguments: [of, { kind: 'literal', value: name }] };
}

/** True where a template in it may hold access policies that are resources of their own. */
export function mayHoldPolicies(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' && policies.test(expression.value);
    case 'object':
      return expression.entries.some(({ value }) => mayHoldPolicies(value));
    case 'array':
      return expression.items.some(mayHoldPolicies);
    case 'template':
      return expression.parts.some(mayHoldPolicies);
    case 'call':
      return !kept.has(expression.name.toLowerCase()) || expression.arguments.some(mayHoldPolicies);
    default:
      return true;
  }
}

/** A type by itself, or in the text of a template. */
const policies = /(?:^|\/|"type"\s*:\s*")accessPolicies(?:"|$)/i;
const kept: ReadonlySet<string> = new Set(['tryget', 'jsonencode', 'jsondecode', 'json', 'string']);
