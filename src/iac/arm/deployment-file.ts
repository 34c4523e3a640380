import { type Expression, textOf, valueOf } from '../syntax/expression.ts';

/** What an ARM JSON file is, by its schema, or by what it holds where it names none. */
export function deploymentFileKind(document: Expression): 'template' | 'parameters' | undefined {
  const schema = textOf(valueOf(document, '$schema'));
  if (/deploymentparameters\.json/i.test(schema ?? '')) return 'parameters';
  if (isTemplateSchema(schema)) return 'template';
  if (valueOf(document, 'resources') !== undefined && valueOf(document, 'contentVersion') !== undefined)
    return 'template';
  return undefined;
}

/** True for the `$schema` of a template, at any scope. */
export function isTemplateSchema(schema: string | undefined): boolean {
  return /deploymenttemplate\.json/i.test(schema ?? '');
}
