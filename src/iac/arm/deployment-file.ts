import { type Expression, textOf, valueOf } from '../languages/expression.ts';

/** True for an ARM template, by its schema, or by what it holds where it names none. */
export function isDeploymentTemplate(document: Expression): boolean {
  if (isTemplateSchema(textOf(valueOf(document, '$schema')))) return true;
  return valueOf(document, 'resources') !== undefined && valueOf(document, 'contentVersion') !== undefined;
}

/** True for the `$schema` of a template, at any scope. */
export function isTemplateSchema(schema: string | undefined): boolean {
  return /deploymenttemplate\.json/i.test(schema ?? '');
}
