import type { Problem } from '../model/errors.ts';
import { readArmText } from './arm/expression.ts';
import { readArmFiles } from './arm/files.ts';
import { readArmTemplate } from './arm/template.ts';
import { readTemplateData } from './arm/template-data.ts';
import { readBicep } from './bicep/files.ts';
import {
  type BicepParameters,
  linkBicepParameters,
  readBicepParameters,
  usedElsewhere,
} from './bicep/parameter-files.ts';
import type { RelevantKeys } from './checkout/relevant-keys.ts';
import { folderOf } from './checkout/source-path.ts';
import type { SourceText } from './checkout/source-text.ts';
import { dataIn } from './evaluation/data.ts';
import { guarded } from './guarded.ts';
import { readJson } from './languages/read-json.ts';
import type { Piecewise } from './piecewise.ts';
import { evaluateIn } from './programs/instance.ts';
import type { Program } from './programs/program.ts';
import type { ParameterFile, Template } from './programs/template.ts';
import { moduleAt, readTerraform } from './terraform/files.ts';
import { isModuleFile, moduleKey } from './terraform/module-files.ts';
import { readTerragrunt } from './terragrunt/files.ts';

/** The files of a checkout, and what of them is read. */
interface ProgramRequest {
  readonly files: readonly SourceText[];
  readonly relevant: RelevantKeys;
  /** As in `Program`. */
  readonly judges: boolean;
}

/** The templates of a checkout, ready to be deployed, and the files with values for them. */
export interface ReadProgram {
  readonly program: Program & { readonly templates: Map<string, Template> };
  readonly parameterFiles: readonly ParameterFile[];
}

/** Reads the templates that may declare something, and the parameter files. What is not understood is added to `problems`. */
export function* readProgram(
  { files, relevant: { declaring: relevant, changing }, judges }: ProgramRequest,
  problems: Problem[],
): Piecewise<ReadProgram> {
  const templates = new Map<string, Template>();
  const bicepParameters: BicepParameters[] = [];
  for (const file of files) {
    if (!relevant.has(file.path) && !file.path.endsWith('.bicepparam')) continue;
    if (!/\.bicep(?:param)?$/.test(file.path)) continue;
    yield;
    guarded(file.path, problems, () => {
      if (file.path.endsWith('.bicep')) templates.set(file.path, readBicep(file, problems));
      else bicepParameters.push(readBicepParameters(file, problems));
    });
  }
  const parameterFiles = [...linkBicepParameters(bicepParameters)];
  const keys = new Set(
    files.map((file) => (isModuleFile(file) ? moduleKey(folderOf(file.path)) : file.path)),
  );
  const isThere = (key: string): boolean => keys.has(key);
  for (const [path, template] of usedElsewhere(bicepParameters, isThere)) templates.set(path, template);
  parameterFiles.push(...(yield* readArmFiles(files, { templates, relevant }, problems)));
  parameterFiles.push(...(yield* readTerraform(files, { templates, relevant }, problems)));
  parameterFiles.push(...(yield* readTerragrunt(files, { templates, isThere, evaluateIn }, problems)));
  const templateAt = templatesAt(files, templates, problems);
  const dataAt = dataIn(new Map(files.map(({ path, text }) => [path, text])));
  const mayChange = (key: string): boolean => changing.has(key);
  const program = { templates, templateAt, mayChange, isThere, dataAt, readTemplateData, judges };
  return { program, parameterFiles };
}

/** Any template of the files by its key: one that has been read, or read once when it is asked for. */
function templatesAt(
  files: readonly SourceText[],
  templates: ReadonlyMap<string, Template>,
  problems: Problem[],
): (key: string) => Template | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const others = new Map<string, Template | undefined>();
  const read = (key: string): Template | undefined => {
    const file = byPath.get(key);
    return file === undefined ? moduleAt(key, files, problems) : templateIn(file, problems);
  };
  return (key) => {
    const held = templates.get(key);
    if (held !== undefined) return held;
    if (!others.has(key))
      others.set(
        key,
        guarded(key, problems, () => read(key)),
      );
    return others.get(key);
  };
}

/** The template that a file is by itself; `undefined` where it is none. */
function templateIn(file: SourceText, problems: Problem[]): Template | undefined {
  if (file.path.endsWith('.bicep')) return readBicep(file, problems);
  const document = /\.jsonc?$/.test(file.path) ? readJson(file, problems, readArmText) : undefined;
  return document === undefined ? undefined : readArmTemplate(file, document);
}
