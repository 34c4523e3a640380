import type { Problem } from '../model/errors.ts';
import { givenParameters, isDeploymentTemplate } from './arm/deployment-file.ts';
import { readArmText } from './arm/expression.ts';
import { readArmTemplate } from './arm/template.ts';
import { readBicep } from './bicep/files.ts';
import { locator, type SourceText } from './checkout/source-text.ts';
import { type Entry, type Expression, textOf, valueOf } from './languages/expression.ts';
import { readJson } from './languages/read-json.ts';
import type { Piecewise } from './piecewise.ts';
import { unfollowedBelow } from './programs/reach.ts';
import type { ParameterFile, Template, UnfollowedCall } from './programs/template.ts';
import { type Declarations, declaredBy } from './read-declarations.ts';
import { readProgram } from './read-program.ts';
import { vaultTypeOf } from './vault-type.ts';

/** A template that is deployed, and the file with values for its parameters. Paths are those of the files. */
export interface DeploymentRequest {
  readonly template: string;
  readonly parameters?: string | undefined;
}

/** The declarations of one deployment, and the templates that it calls and that are not here. */
export interface DeploymentDeclarations extends Declarations {
  readonly unfollowed: readonly UnfollowedCall[];
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
): Piecewise<DeploymentDeclarations> {
  const problems: Problem[] = [];
  const [root, values] = [template, parameters].map((path) => files.find((file) => file.path === path));
  const top = root === undefined ? undefined : topTemplate(root, problems);
  const isBicepFile = values?.path.endsWith('.bicepparam') === true;
  const given = values === undefined || isBicepFile ? undefined : armParameters(values, template, problems);
  if (top === undefined || problems.length > 0) return { declarations: [], problems, unfollowed: [] };
  const all = new Set(files.map(({ path }) => path));
  const relevant = { declaring: all, changing: all };
  const others: Problem[] = [];
  const { program, parameterFiles } = yield* readProgram({ files, relevant, judges: true }, others);
  program.templates.set(template, top);
  const written = parameterFiles.find(({ file }) => file === parameters);
  if (isBicepFile && written?.template !== template) others.push(otherTemplate(values.path, template));
  const run = { program, budget: { steps: mostSteps, depth: 0 }, problems: others };
  const file = given ?? (isBicepFile ? written : undefined);
  const declarations = declaredBy({ template, ...(file === undefined ? {} : { given: file }) }, run);
  return { declarations, problems: others, unfollowed: unfollowedBelow(top, program) };
}

function topTemplate(file: SourceText, problems: Problem[]): Template | undefined {
  if (file.path.endsWith('.bicep')) return readBicep(file, problems);
  const document = readJson(file, problems, readArmText);
  if (document === undefined) return undefined;
  for (const { at, message } of templateFaults(document)) problems.push({ ...locator(file)(at), message });
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

/** A mistake in a document, and the offset of the key or the object that it is about. */
interface DocumentFault {
  readonly at: number;
  readonly message: string;
}

/** The mistakes that keep a document from being an ARM template that can be judged; the first ones of many. */
function templateFaults(document: Expression): readonly DocumentFault[] {
  if (!isDeploymentTemplate(document)) return [{ at: 0, message: notATemplate }];
  const faults = [...repeatedMembers(document), ...partFaults(document), ...resourceFaults(document)];
  return faults.toSorted((one, other) => one.at - other.at).slice(0, mostFaults);
}

const mostFaults = 20;

const notATemplate =
  'this is not an ARM template: it names no schema deploymentTemplate.json, and has no contentVersion and resources';

/** A reader keeps one of the values of a key that is there twice: nobody can tell which one is meant. */
function* repeatedMembers(document: Expression): Generator<DocumentFault> {
  const open: Expression[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'array') open.push(...next.items);
    if (next.kind !== 'object') continue;
    const seen = new Set<string>();
    for (const { key = '', at, value } of next.entries) {
      if (seen.has(key.toLowerCase()))
        yield { at, message: `the key ${JSON.stringify(key)} is repeated in one object` };
      seen.add(key.toLowerCase());
      open.push(value);
    }
  }
}

const parts: Readonly<Record<string, readonly Expression['kind'][]>> = {
  parameters: ['object'],
  variables: ['object'],
  outputs: ['object'],
  resources: ['array', 'object'],
};

function partFaults(document: Expression): readonly DocumentFault[] {
  const missing =
    valueOf(document, 'resources') === undefined ? [{ at: 0, message: 'the template has no resources' }] : [];
  const wrong = entriesOf(document).flatMap(({ key = '', at, value }) => {
    const kinds = parts[key.toLowerCase()];
    if (kinds === undefined || kinds.includes(value.kind)) return [];
    return [
      { at, message: `${key} must be ${kinds.includes('array') ? 'a list or an object' : 'an object'}` },
    ];
  });
  return [...missing, ...wrong];
}

function resourceFaults(document: Expression): readonly DocumentFault[] {
  const resources = entriesOf(document).find(({ key }) => key?.toLowerCase() === 'resources');
  if (resources === undefined) return [];
  const listed =
    resources.value.kind === 'array'
      ? resources.value.items.map((value) => ({ at: resources.at, value }))
      : entriesOf(resources.value);
  return listed.flatMap(({ at, value }): readonly DocumentFault[] => {
    if (value.kind !== 'object') return [{ at, message: 'a resource must be an object' }];
    const type = valueOf(value, 'type');
    const own = value.at ?? at;
    if (type === undefined) return [{ at: own, message: 'a resource has no type' }];
    if (type.kind === 'literal' && typeof type.value !== 'string')
      return [{ at: own, message: 'the type of a resource must be text' }];
    return isVaultWithout(value, 'name') ? [{ at: own, message: 'a vault has no name' }] : [];
  });
}

function isVaultWithout(resource: Expression, part: string): boolean {
  const type = textOf(valueOf(resource, 'type')) ?? '';
  return vaultTypeOf(type) !== undefined && valueOf(resource, part) === undefined;
}

function entriesOf(object: Expression): readonly Entry[] {
  return object.kind === 'object' ? object.entries : [];
}
