import type { Problem } from '../../model/errors.ts';
import type { RelevantTemplates } from '../checkout/relevant-keys.ts';
import { deploymentTextKind, isCompiledText } from '../checkout/source-kind.ts';
import { baseName, folderOf } from '../checkout/source-path.ts';
import type { SourceText } from '../checkout/source-text.ts';
import { guarded } from '../guarded.ts';
import { type Expression, textOf, valueOf } from '../languages/expression.ts';
import { readJson } from '../languages/read-json.ts';
import type { Piecewise } from '../piecewise.ts';
import { templatesDeclaring } from '../programs/deployments.ts';
import type { ParameterFile, Template } from '../programs/template.ts';
import { isDeploymentTemplate, givenParameters, templateFor, embeddedTemplates } from './deployment-file.ts';
import { readArmText } from './expression.ts';
import { readArmTemplate } from './template.ts';

/**
 * Reads the ARM templates among the files into `templates`, and gives the parameter files. A template that the Bicep
 * compiler wrote from a file that is here too declares no vaults of its own: its parameter files are its source's.
 */
export function* readArmFiles(
  files: readonly SourceText[],
  { templates, relevant }: RelevantTemplates,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  const bicep = new Set(files.flatMap(({ path }) => (path.endsWith('.bicep') ? [path] : [])));
  const reading: ArmDocuments = {
    templates,
    sources: new Map([...bicep].map((key) => [key, key])),
    given: [],
  };
  const parameters: SourceText[] = [];
  for (const source of files) {
    if (!/\.jsonc?$/.test(source.path)) continue;
    const kind = deploymentTextKind(source.text);
    if (kind === 'parameters') parameters.push(source);
    if (kind !== 'template') continue;
    const own = compiledFrom(source, bicep) ?? source.path;
    reading.sources.set(source.path, own);
    if (own !== source.path || !relevant.has(own)) continue;
    yield;
    guarded(source.path, problems, () => readDocument(source, reading, problems));
  }
  const read: ParameterFile[] = [];
  const fittingFor = templatesDeclaring(templates);
  for (const source of parameters) {
    const template = templateFor(source.path, reading.sources);
    if (template !== undefined && !templates.has(template)) continue;
    yield;
    const document = guarded(source.path, problems, () => readJson(source, problems, readArmText));
    const given = valueOf(document, 'parameters');
    const fitting = template === undefined ? fittingFor(namesOf(given)) : [template];
    for (const key of fitting) read.push(givenParameters(key, source, given));
  }
  return [...reading.given, ...read];
}

function namesOf(object: Expression | undefined): readonly string[] {
  return object?.kind === 'object' ? object.entries.flatMap(({ key }) => key ?? []) : [];
}

interface ArmDocuments {
  readonly templates: Map<string, Template>;
  /** The keys of templates by the paths of files: that of a compiled template is its source. */
  readonly sources: Map<string, string>;
  /** The parameters that documents give the templates inside them. */
  readonly given: ParameterFile[];
}

function readDocument(source: SourceText, reading: ArmDocuments, problems: Problem[]): void {
  const document = readJson(source, problems, readArmText);
  if (document === undefined) return;
  if (isDeploymentTemplate(document)) readTemplate(source, document, reading);
  let order = 0;
  for (const { template, parameters } of embeddedTemplates(document)) {
    order += 1;
    const key = `${source.path}#${order}`;
    reading.templates.set(key, readArmTemplate(source, template));
    // Nobody deploys it without them.
    if (parameters !== undefined)
      reading.given.push({ ...givenParameters(key, source, parameters), isOwn: true });
  }
}

function readTemplate(source: SourceText, document: Expression, { templates, sources }: ArmDocuments): void {
  const { path } = source;
  const template = readArmTemplate(source, document);
  const from = isCompiled(document) ? sourceOf({ path, template }, templates) : undefined;
  if (from === undefined) templates.set(path, template);
  else sources.set(path, from);
}

/** True for a template that says it is the output of the Bicep compiler. */
function isCompiled(document: Expression): boolean {
  const generator = valueOf(valueOf(document, 'metadata'), '_generator');
  return textOf(valueOf(generator, 'name'))?.toLowerCase() === 'bicep';
}

/** The key of the Bicep file of the same name next to a compiled template: known before the template is parsed. */
function compiledFrom({ path, text }: SourceText, bicep: ReadonlySet<string>): string | undefined {
  const source = path.replace(/\.jsonc?$/, '.bicep');
  return bicep.has(source) && isCompiledText(text) ? source : undefined;
}

/** A compiled template, and its path. */
interface CompiledTemplate {
  readonly path: string;
  readonly template: Template;
}

/**
 * The key of the Bicep file that a compiled template comes from. One of the same name next to it is; any other must
 * have the same parameters, and to be the only one: in its folder, as `main.bicep` is of `azuredeploy.json`, else in
 * the folders around. `undefined` where it is not in this checkout.
 */
function sourceOf(
  { path, template }: CompiledTemplate,
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
