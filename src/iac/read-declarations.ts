import type { Problem } from '../model/errors.ts';
import { readArmText } from './arm/expression.ts';
import { readArmFiles } from './arm/files.ts';
import { readArmTemplate } from './arm/template.ts';
import { type BicepParameters, linkBicepParameters, readBicepParameters } from './bicep/parameters.ts';
import { readBicep } from './bicep/template.ts';
import { relevantKeys } from './checkout/relevant-keys.ts';
import type { SourceText } from './checkout/source-text.ts';
import { type Budget, shareOf, spend } from './evaluation/budget.ts';
import { dataIn } from './evaluation/data.ts';
import { guarded } from './guarded.ts';
import { readJson } from './languages/read-json.ts';
import type { Piecewise } from './piecewise.ts';
import type { DeclaredVault } from './programs/declared-vault.ts';
import { deployments } from './programs/deployments.ts';
import { evaluateIn } from './programs/instance.ts';
import { instantiate } from './programs/instantiate.ts';
import type { Program } from './programs/program.ts';
import type { ParameterFile, Template } from './programs/template.ts';
import { moduleAt, readTerraform } from './terraform/files.ts';
import { readTerragrunt } from './terragrunt/files.ts';

/** The declarations in the infrastructure code of a checkout, and the text that is not understood. */
export interface Declarations {
  readonly declarations: readonly DeclaredVault[];
  readonly problems: readonly Problem[];
}

/** More declarations than this are not infrastructure code of one checkout. */
const mostDeclarations = 50_000;

/** Work that all deployments of a checkout may cost together, and one of them with all that it calls. */
const most = { steps: 4_000_000, stepsOfOne: 200_000 };

/**
 * Reads Bicep, ARM templates and Terraform, with their parameter files, and declares every vault and managed HSM of
 * every deployment that they describe. Never throws: what is not understood is skipped and reported in `problems`.
 * A piece of the work is bounded: one file, or one deployment.
 */
export function* readDeclarations(files: readonly SourceText[]): Piecewise<Declarations> {
  const problems: Problem[] = [];
  const templates = new Map<string, Template>();
  const parameterFiles = yield* readFiles(files, templates, problems);
  const declarations: DeclaredVault[] = [];
  const budget: Budget = { steps: most.steps, depth: 0 };
  const program: Program = {
    templates,
    templateAt: templatesAt(files, templates, problems),
    dataAt: dataIn(new Map(files.map(({ path, text }) => [path, text]))),
  };
  for (const deployed of deployments(templates, parameterFiles)) {
    yield;
    if (budget.steps <= 0) break;
    const file = fileOf(deployed.template, templates);
    const share = shareOf(budget, most.stepsOfOne);
    const before = share.steps;
    const vaults = guarded(file, problems, () => instantiate(deployed, program, share)) ?? [];
    spend(budget, before - share.steps);
    if (share.steps <= 0) problems.push(endless(file));
    else if (share.metEndless === true) problems.push(tooLong(file));
    if (declarations.length + vaults.length > mostDeclarations) problems.push(endless(file));
    else declarations.push(...vaults);
  }
  return { declarations, problems };
}

function* readFiles(
  files: readonly SourceText[],
  templates: Map<string, Template>,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  const parameterFiles: ParameterFile[] = [];
  const bicepParameters: BicepParameters[] = [];
  const relevant = relevantKeys(files);
  if (relevant.size === 0) return [];
  for (const file of files) {
    if (!relevant.has(file.path) && !file.path.endsWith('.bicepparam')) continue;
    if (!/\.bicep(?:param)?$/.test(file.path)) continue;
    yield;
    guarded(file.path, problems, () => {
      if (file.path.endsWith('.bicep')) templates.set(file.path, readBicep(file, problems));
      else bicepParameters.push(readBicepParameters(file, problems));
    });
  }
  parameterFiles.push(...linkBicepParameters(bicepParameters));
  parameterFiles.push(...(yield* readArmFiles(files, { templates, relevant }, problems)));
  parameterFiles.push(...(yield* readTerraform(files, { templates, relevant }, problems)));
  parameterFiles.push(...(yield* readTerragrunt(files, { templates, evaluateIn }, problems)));
  return parameterFiles;
}

/** The file of a template by its key: of a module that is a folder the one that declares the first vault. */
function fileOf(key: string, templates: ReadonlyMap<string, Template>): string {
  const [first] = templates.get(key)?.vaults ?? [];
  return first?.at.file ?? key.replace(/^terraform:|#\d+$/g, '');
}

function tooLong(file: string): Problem {
  const message = 'a text or list in it is longer than any name: what depends on it is not known';
  return { file, line: 1, column: 1, message };
}

function endless(file: string): Problem {
  const message = 'too much to work out: not every vault of this template is known';
  return { file, line: 1, column: 1, message };
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

function templateIn(file: SourceText, problems: Problem[]): Template | undefined {
  if (file.path.endsWith('.bicep')) return readBicep(file, problems);
  const document = /\.jsonc?$/.test(file.path) ? readJson(file, problems, readArmText) : undefined;
  return document === undefined ? undefined : readArmTemplate(file, document);
}
