import type { Problem } from '../../model/errors.ts';
import { guarded } from '../guarded.ts';
import { readJson } from '../json/read-json.ts';
import type { Piecewise } from '../piecewise.ts';
import { mayDeploy } from '../source-kind.ts';
import type { SourceText } from '../source-text.ts';
import type { Expression } from '../syntax/expression.ts';
import type { ParameterFile, Template } from '../template.ts';
import { deploymentFileKind } from './deployment-file.ts';
import { readArmText } from './expression.ts';
import { readArmParameters } from './parameters.ts';
import { readArmTemplate } from './template.ts';

/**
 * Reads the ARM templates among the files into `templates`, and gives the parameter files. A template that the Bicep
 * compiler wrote from a file that is here too is skipped: it declares nothing of its own.
 */
export function* readArmFiles(
  files: readonly SourceText[],
  templates: Map<string, Template>,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  const parameters: { readonly source: SourceText; readonly document: Expression }[] = [];
  for (const source of files) {
    if (!/\.jsonc?$/.test(source.path) || !mayDeploy(source.text) || isCompiled(source, templates)) continue;
    yield;
    const document = guarded(source.path, problems, () => readJson(source, problems, readArmText));
    const kind = document === undefined ? undefined : deploymentFileKind(document);
    if (document === undefined || kind === undefined) continue;
    if (kind === 'parameters') parameters.push({ source, document });
    else guarded(source.path, problems, () => templates.set(source.path, readArmTemplate(source, document)));
  }
  const keys = [...templates.keys()];
  return parameters.flatMap(({ source, document }) => readArmParameters(source, document, keys) ?? []);
}

/** The Bicep compiler leaves its mark, and its source beside it. */
function isCompiled({ path, text }: SourceText, templates: ReadonlyMap<string, Template>): boolean {
  const compiled = /"_generator"\s*:\s*\{\s*"name"\s*:\s*"bicep"/i.test(text);
  return compiled && templates.has(path.replace(/\.jsonc?$/, '.bicep'));
}
