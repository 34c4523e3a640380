import type { Program } from './program.ts';
import type { ParameterFile, Template } from './template.ts';

/** A template that someone deploys, by its key, and the parameter file with which they do. */
export interface RootDeployment {
  readonly template: string;
  readonly given?: ParameterFile;
}

/**
 * The deployments that a checkout describes: each template that no other calls, tests and examples aside, by itself,
 * unless it has a parameter file of its own, and each template once for every parameter file that is meant for it.
 */
export function* deployments(
  { templates, judges }: Pick<Program, 'templates' | 'judges'>,
  parameterFiles: readonly ParameterFile[],
): Generator<RootDeployment> {
  const called = new Set(
    [...templates].flatMap(([key, template]) =>
      calledBy(template).filter((target) => !isTrialCall(key, target)),
    ),
  );
  const replaced = new Set(parameterFiles.flatMap(({ template, isOwn }) => (isOwn === true ? template : [])));
  const given = new Set(parameterFiles.map(({ template }) => template));
  for (const [key, template] of templates) {
    // Nobody deploys it as it stands where values are missing and files have them.
    const needsValues = judges && given.has(key) && !hasDefaults(template);
    if (!called.has(key) && !replaced.has(key) && !needsValues) yield { template: key };
  }
  for (const given of parameterFiles)
    if (templates.has(given.template)) yield { template: given.template, given };
}

/** More templates than this that fit a file by the names in it are no sign that it is for them. */
const mostFitting = 10;

/**
 * Finds the keys of the templates that no other calls and that declare every one of some parameters, where that says which ones
 * are meant.
 */
export function templatesDeclaring(
  templates: ReadonlyMap<string, Template>,
): (names: readonly string[]) => readonly string[] {
  const called = new Set([...templates.values()].flatMap(calledBy));
  const roots = [...templates].filter(([key]) => !called.has(key) && !key.includes('#'));
  return (names) => {
    const fitting = roots.filter(([, { parameters }]) =>
      names.every((name) => parameters.has(name.toLowerCase())),
    );
    return names.length === 0 || fitting.length > mostFitting ? [] : fitting.map(([key]) => key);
  };
}

function hasDefaults({ parameters }: Template): boolean {
  return [...parameters.values()].every(
    ({ default: standard, isNullable }) => standard !== undefined || isNullable === true,
  );
}

function calledBy(template: Template): readonly string[] {
  return template.calls.flatMap(({ target }) => {
    if (typeof target === 'string') return [target];
    return 'document' in target ? [] : calledBy(target);
  });
}

const trialFolder = /^(?:tests?|examples?|samples?|e2e)$/i;
const trialFile = /\.tests?\.bicep$/i;

/**
 * True when a template is called from a test or an example of it: from a folder or file of that name that the template
 * is outside of. Such a call does not mean that the template is not deployed in its own right. Both are keys of
 * templates.
 */
function isTrialCall(caller: string, called: string): boolean {
  const [from, to] = [segmentsOf(caller), segmentsOf(called)];
  const shared = from.findIndex((segment, index) => segment !== to[index]);
  const own = shared === -1 ? [] : from.slice(shared);
  return own.some((segment) => trialFolder.test(segment) || trialFile.test(segment));
}

/** Of a Terraform module the key is `terraform:` and its folder. */
function segmentsOf(key: string): readonly string[] {
  return key
    .replace(/^terraform:/, '')
    .split('/')
    .filter((segment) => segment !== '');
}
