import { type Expression, textOf, valueOf } from '../syntax/expression.ts';

/** What an ARM JSON file is, by its schema, or by what it holds where it names none. */
export function deploymentFileKind(document: Expression): 'template' | 'parameters' | undefined {
  const schema = textOf(valueOf(document, '$schema'))?.toLowerCase() ?? '';
  if (/deploymentparameters\.json/.test(schema)) return 'parameters';
  if (/deploymenttemplate\.json/.test(schema)) return 'template';
  if (valueOf(document, 'resources') !== undefined && valueOf(document, 'contentVersion') !== undefined)
    return 'template';
  return undefined;
}
