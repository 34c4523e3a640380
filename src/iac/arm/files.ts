import type { Problem } from '../../model/errors.ts';
import { guarded } from '../guarded.ts';
import { readJson } from '../json/read-json.ts';
import type { Piecewise } from '../piecewise.ts';
import { mayDeploy } from '../source-kind.ts';
import type { SourceText } from '../source-text.ts';
import type { Expression } from '../syntax/expression.ts';
import type { ParameterFile, Template } from '../template.ts';
import { compiledFrom, isCompiled, sourceOf } from './compiled.ts';
import { deploymentFileKind } from './deployment-file.ts';
import { embeddedTemplates } from './embedded-templates.ts';
import { readArmText } from './expression.ts';
import { givenParameters, readArmParameters } from './parameters.ts';
import { readArmTemplate } from './template.ts';

/**
 * Reads the ARM templates among the files into `templates`, and gives the parameter files. A template that the Bicep
 * compiler wrote from a file that is here too declares nothing of its own: what is meant for it is for its source.
 */
export function* readArmFiles(
  files: readonly SourceText[],
  templates: Map<string, Template>,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  const reading: Reading = { templates, compiled: new Map(), parameters: [], given: [] };
  for (const source of files) {
    if (!/\.jsonc?$/.test(source.path) || !mayDeploy(source.text)) continue;
    yield;
    guarded(source.path, problems, () => {
      const own = compiledFrom(source, templates);
      if (own !== undefined) return void reading.compiled.set(source.path, own);
      const document = readJson(source, problems, readArmText);
      if (document !== undefined) readDocument({ source, document }, reading);
    });
  }
  const sources = new Map([...[...templates.keys()].map((key) => [key, key] as const), ...reading.compiled]);
  const read = reading.parameters.flatMap(
    ({ source, document }) => readArmParameters(source, document, sources) ?? [],
  );
  return [...reading.given, ...read];
}

interface Document {
  readonly source: SourceText;
  readonly document: Expression;
}

interface Reading {
  readonly templates: Map<string, Template>;
  /** Compiled templates by their paths, with the keys of their sources. */
  readonly compiled: Map<string, string>;
  readonly parameters: Document[];
  /** What documents give the templates inside them. */
  readonly given: ParameterFile[];
}

function readDocument({ source, document }: Document, reading: Reading): void {
  const kind = deploymentFileKind(document);
  if (kind === 'parameters') {
    reading.parameters.push({ source, document });
    return;
  }
  if (kind === 'template') readTemplate({ source, document }, reading);
  let order = 0;
  for (const { template, parameters } of embeddedTemplates(document)) {
    order += 1;
    const key = `${source.path}#${order}`;
    reading.templates.set(key, readArmTemplate(source, template));
    if (parameters !== undefined) reading.given.push(givenParameters(key, source, parameters));
  }
}

function readTemplate({ source, document }: Document, { templates, compiled }: Reading): void {
  const { path } = source;
  const template = readArmTemplate(source, document);
  const from = isCompiled(document) ? sourceOf({ path, template }, templates) : undefined;
  if (from === undefined) templates.set(path, template);
  else compiled.set(path, from);
}
