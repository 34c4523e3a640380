import { isCompiledText } from '../source-kind.ts';
import { baseName, folderOf } from '../source-path.ts';
import type { SourceText } from '../source-text.ts';
import { type Expression, textOf, valueOf } from '../syntax/expression.ts';
import type { Template } from '../template.ts';

/** True for a template that says it is the output of the Bicep compiler. */
export function isCompiled(document: Expression): boolean {
  const generator = valueOf(valueOf(document, 'metadata'), '_generator');
  return textOf(valueOf(generator, 'name'))?.toLowerCase() === 'bicep';
}

/** The key of the Bicep file of the same name beside a compiled template: known before the template is parsed. */
export function compiledFrom({ path, text }: SourceText, bicep: ReadonlySet<string>): string | undefined {
  const source = path.replace(/\.jsonc?$/, '.bicep');
  return bicep.has(source) && isCompiledText(text) ? source : undefined;
}

/** A compiled template, and its path. */
interface Compiled {
  readonly path: string;
  readonly template: Template;
}

/**
 * The key of the Bicep file that a compiled template comes from. One of the same name beside it is; any other has to
 * have the same parameters, and to be the only one: in its folder, as `main.bicep` is of `azuredeploy.json`, else in
 * the folders around. `undefined` where it is not in this checkout.
 */
export function sourceOf(
  { path, template }: Compiled,
  templates: ReadonlyMap<string, Template>,
): string | undefined {
  const sameName = path.replace(/\.jsonc?$/, '.bicep');
  if (templates.has(sameName)) return sameName;
  const alike = [...templates]
    .filter(([key, other]) => key.endsWith('.bicep') && isAlike(template, other))
    .map(([key]) => key);
  const folder = folderOf(path);
  const beside = alike.filter((key) => folderOf(key) === folder);
  if (beside.length > 0) return only(beside.filter((key) => baseName(key) === 'main.bicep')) ?? only(beside);
  // Elsewhere parameters are all that speaks for it.
  const around = template.parameters.size === 0 ? [] : alike.filter((key) => isAround(folderOf(key), folder));
  return only(around);
}

/** The compiler keeps parameters and resources; modules from a registry are in its output alone. */
function isAlike(compiled: Template, source: Template): boolean {
  return (
    compiled.parameters.size === source.parameters.size &&
    [...source.parameters.keys()].every((name) => compiled.parameters.has(name)) &&
    compiled.vaults.length + compiled.calls.length >= source.vaults.length
  );
}

function isAround(one: string, other: string): boolean {
  return folderOf(one) === other || folderOf(other) === one || folderOf(one) === folderOf(other);
}

function only(keys: readonly string[]): string | undefined {
  return keys.length === 1 ? keys[0] : undefined;
}
