import { baseName, folderOf } from '../source-path.ts';
import { locator, type SourceText } from '../source-text.ts';
import type { Expression } from '../syntax/expression.ts';
import { emptyTemplate, type ParameterFile } from '../template.ts';
import { withPlaceholders } from './placeholders.ts';
import { handedOver } from './template.ts';

/** What `{ "name": { "value": … } }` gives the parameters of a template, by the template's key. */
export function givenParameters(
  template: string,
  source: SourceText,
  parameters: Expression | undefined,
): ParameterFile {
  const written = parameters === undefined ? undefined : withPlaceholders(parameters);
  const given = handedOver(written, { locate: locator(source) });
  return { template, arguments: given, context: emptyTemplate };
}

/**
 * The key of the template that an ARM parameter file is for. `azuredeploy.prod.parameters.json` is for `azuredeploy.json`
 * or `azuredeploy.bicep` beside it or in the folder above; a name that fits none is for the only one there. `templates`
 * are the keys of the templates by paths of files.
 */
export function templateFor(path: string, templates: ReadonlyMap<string, string>): string | undefined {
  const folder = folderOf(path);
  const paths = [...templates.keys()].filter((template) => !template.includes('#'));
  const beside = paths.filter((template) => folderOf(template) === folder);
  const above = paths.filter((template) => folderOf(template) === folderOf(folder) && folder !== '');
  const named = longestStem(path, beside) ?? longestStem(path, above);
  if (named !== undefined) return templates.get(named);
  const keys = new Set((beside.length === 0 ? above : beside).map((template) => templates.get(template)));
  return keys.size === 1 ? [...keys][0] : undefined;
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
