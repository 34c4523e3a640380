import type { Problem } from '../model/errors.ts';
import { readBicepParameters } from './bicep/parameters.ts';
import { readBicep } from './bicep/template.ts';
import type { DeclaredVault } from './declared-vault.ts';
import { deployments } from './deployments.ts';
import { instantiate } from './instantiate.ts';
import { readArmFiles } from './arm/files.ts';
import type { SourceText } from './source-text.ts';
import type { Template } from './template.ts';
import { readTerraform } from './terraform/files.ts';

/** What the infrastructure code of a checkout declares, and what of it is not understood. */
export interface Declarations {
  readonly declarations: readonly DeclaredVault[];
  readonly problems: readonly Problem[];
}

/** More declarations than this are no infrastructure code of one checkout. */
const mostDeclarations = 50_000;

/**
 * Reads Bicep, ARM templates and Terraform, with their parameter files, and declares every vault and managed HSM of
 * every deployment that they describe. Never throws: what is not understood is skipped and reported in `problems`.
 */
export function readDeclarations(files: readonly SourceText[]): Declarations {
  const problems: Problem[] = [];
  const templates = new Map<string, Template>();
  for (const file of files)
    if (file.path.endsWith('.bicep')) templates.set(file.path, readBicep(file, problems));
  const parameterFiles = files
    .filter((file) => file.path.endsWith('.bicepparam'))
    .flatMap((file) => readBicepParameters(file, problems) ?? []);
  parameterFiles.push(...readArmFiles(files, templates, problems));
  parameterFiles.push(...readTerraform(files, templates, problems));
  const declarations: DeclaredVault[] = [];
  for (const { instance, template } of deployments(templates, parameterFiles)) {
    const { vaults, complete } = instantiate(instance, templates);
    if (!complete) problems.push(endless(template));
    if (declarations.length + vaults.length > mostDeclarations) break;
    declarations.push(...vaults);
  }
  return { declarations, problems };
}

function endless(template: string): Problem {
  const message = 'too much to work out: not every vault of this template is known';
  return { file: template.replace(/^terraform:/, ''), line: 1, column: 1, message };
}
