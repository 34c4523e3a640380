import type { Problem } from '../model/errors.ts';
import { givenParameters } from './arm/deployment-file.ts';
import { readArmText } from './arm/expression.ts';
import { readArmTemplate } from './arm/template.ts';
import { templateFaults } from './arm/template-faults.ts';
import { readBicep } from './bicep/files.ts';
import { locator, type SourceText } from './checkout/source-text.ts';
import { firstFaults } from './languages/document-faults.ts';
import { valueOf } from './languages/expression.ts';
import { readJson } from './languages/read-json.ts';
import type { Piecewise } from './piecewise.ts';
import type { ParameterFile, Template } from './programs/template.ts';
import { type Declarations, declaredBy, noDeclarations } from './read-declarations.ts';
import { readProgram } from './read-program.ts';

/** A template that is deployed, and the file with values for its parameters. Paths are those of the files. */
export interface DeploymentRequest {
  readonly template: string;
  readonly parameters?: string | undefined;
}

/** Work that one deployment may cost, with all that it calls. */
const mostSteps = 4_000_000;

/**
 * Declares the vaults and managed HSMs of one Bicep file or ARM template, with all that it calls among the files. What is not
 * understood is reported in `problems`; where that is in the template itself or in its parameter file, nothing is declared.
 */
export function* readDeployment(
  files: readonly SourceText[],
  { template, parameters }: DeploymentRequest,
): Piecewise<Declarations> {
  const problems: Problem[] = [];
  const [root, values] = [template, parameters].map((path) => files.find((file) => file.path === path));
  const top = root === undefined ? undefined : topTemplate(root, problems);
  const isBicepFile = values?.path.endsWith('.bicepparam') === true;
  const given = values === undefined || isBicepFile ? undefined : armParameters(values, template, problems);
  if (top === undefined || problems.length > 0) return { ...noDeclarations, problems };
  const all = new Set(files.map(({ path }) => path));
  const relevant = { declaring: all, changing: all };
  const others: Problem[] = [];
  const { program, parameterFiles } = yield* readProgram({ files, relevant, judges: true }, others);
  program.templates.set(template, top);
  const written = parameterFiles.find(({ file }) => file === parameters);
  if (isBicepFile && written?.template !== template) others.push(otherTemplate(values.path, template));
  const run = { program, budget: { steps: mostSteps, depth: 0 }, problems: others };
  const file = given ?? (isBicepFile ? written : undefined);
  const deployed = { template, ...(file === undefined ? {} : { given: file }) };
  const { vaults: declarations, ...unknown } = declaredBy(deployed, run);
  return { declarations, problems: others, ...unknown };
}

function topTemplate(file: SourceText, problems: Problem[]): Template | undefined {
  if (file.path.endsWith('.bicep')) return readBicep(file, problems);
  const document = readJson(file, problems, readArmText);
  if (document === undefined) return undefined;
  for (const { at, message } of firstFaults(templateFaults(document)))
    problems.push({ ...locator(file)(at), message });
  return problems.length > 0 ? undefined : readArmTemplate(file, document);
}

function armParameters(file: SourceText, template: string, problems: Problem[]): ParameterFile | undefined {
  const document = readJson(file, problems, readArmText);
  if (document === undefined) return undefined;
  const parameters = valueOf(document, 'parameters');
  if (parameters?.kind === 'object') return givenParameters(template, file, parameters);
  const message = 'this is not a parameter file: it has no object parameters';
  problems.push({ ...locator(file)(0), message });
  return undefined;
}

function otherTemplate(file: string, template: string): Problem {
  const message = `this parameter file does not say that it is for ${template}`;
  return { file, line: 1, column: 1, message };
}
