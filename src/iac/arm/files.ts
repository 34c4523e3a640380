import type { Problem } from '../../model/errors.ts';
import { guarded } from '../guarded.ts';
import { readJson } from '../json/read-json.ts';
import type { Piecewise } from '../piecewise.ts';
import type { RelevantTemplates } from '../relevant-keys.ts';
import { deploymentTextKind } from '../source-kind.ts';
import type { SourceText } from '../source-text.ts';
import { type Expression, valueOf } from '../syntax/expression.ts';
import type { ParameterFile, Template } from '../template.ts';
import { compiledFrom, isCompiled, sourceOf } from './compiled.ts';
import { isDeploymentTemplate } from './deployment-file.ts';
import { embeddedTemplates } from './embedded-templates.ts';
import { readArmText } from './expression.ts';
import { givenParameters, templateFor } from './parameters.ts';
import { readArmTemplate } from './template.ts';

/**
 * Reads the ARM templates among the files into `templates`, and gives the parameter files. A template that the Bicep
 * compiler wrote from a file that is here too declares nothing of its own: what is meant for it is for its source.
 */
export function* readArmFiles(
  files: readonly SourceText[],
  { templates, relevant }: RelevantTemplates,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  const bicep = new Set(files.flatMap(({ path }) => (path.endsWith('.bicep') ? [path] : [])));
  const reading: Reading = { templates, sources: new Map([...bicep].map((key) => [key, key])), given: [] };
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
  for (const source of parameters) {
    const template = templateFor(source.path, reading.sources);
    if (template === undefined || !templates.has(template)) continue;
    yield;
    const document = guarded(source.path, problems, () => readJson(source, problems, readArmText));
    read.push(givenParameters(template, source, valueOf(document, 'parameters')));
  }
  return [...reading.given, ...read];
}

interface Reading {
  readonly templates: Map<string, Template>;
  /** The keys of templates by the paths of files: that of a compiled template is its source. */
  readonly sources: Map<string, string>;
  /** What documents give the templates inside them. */
  readonly given: ParameterFile[];
}

function readDocument(source: SourceText, reading: Reading, problems: Problem[]): void {
  const document = readJson(source, problems, readArmText);
  if (document === undefined) return;
  if (isDeploymentTemplate(document)) readTemplate(source, document, reading);
  let order = 0;
  for (const { template, parameters } of embeddedTemplates(document)) {
    order += 1;
    const key = `${source.path}#${order}`;
    reading.templates.set(key, readArmTemplate(source, template));
    if (parameters !== undefined) reading.given.push(givenParameters(key, source, parameters));
  }
}

function readTemplate(source: SourceText, document: Expression, { templates, sources }: Reading): void {
  const { path } = source;
  const template = readArmTemplate(source, document);
  const from = isCompiled(document) ? sourceOf({ path, template }, templates) : undefined;
  if (from === undefined) templates.set(path, template);
  else sources.set(path, from);
}
