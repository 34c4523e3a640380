import { baseName, folderOf } from '../source-path.ts';
import { locator, type SourceText } from '../source-text.ts';
import { type Expression, valueOf } from '../syntax/expression.ts';
import { emptyTemplate, type ParameterFile } from '../template.ts';
import { handedOver } from './template.ts';

/**
 * Reads an ARM parameter file. `azuredeploy.prod.parameters.json` is for `azuredeploy.json` or `azuredeploy.bicep`
 * beside it or in the folder above; a name that fits none is for the only one there.
 */
export function readArmParameters(
  source: SourceText,
  document: Expression,
  templates: readonly string[],
): ParameterFile | undefined {
  const template = templateFor(source.path, templates);
  if (template === undefined) return undefined;
  const given = handedOver(valueOf(document, 'parameters'), { locate: locator(source) });
  return { template, arguments: given, context: emptyTemplate };
}

function templateFor(path: string, templates: readonly string[]): string | undefined {
  const folder = folderOf(path);
  const beside = templates.filter((template) => folderOf(template) === folder);
  const above = templates.filter((template) => folderOf(template) === folderOf(folder) && folder !== '');
  const named = longestStem(path, beside) ?? longestStem(path, above);
  const [only, ...others] = beside.length === 0 ? above : beside;
  return named ?? (others.length === 0 ? only : undefined);
}

/** The template whose name, without its ending, the file's name begins with. */
function longestStem(path: string, templates: readonly string[]): string | undefined {
  const name = baseName(path).toLowerCase();
  const fitting = templates.filter((template) => name.startsWith(`${stemOf(template)}.`));
  return fitting.toSorted((one, other) => stemOf(other).length - stemOf(one).length)[0];
}

function stemOf(template: string): string {
  return baseName(template)
    .toLowerCase()
    .replace(/\.(?:jsonc?|bicep)$/, '');
}
