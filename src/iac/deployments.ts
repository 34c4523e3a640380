import type { ParameterFile, Template } from './template.ts';
import { isTrialCall } from './trial-call.ts';

/** A template that someone deploys, by its key, and the parameter file with which they do. */
export interface Deployed {
  readonly template: string;
  readonly given?: ParameterFile;
}

/**
 * The deployments that a checkout describes: each template that no other calls, tests and examples aside, as it stands,
 * unless it has a parameter file of its own, and each template once for every parameter file that is meant for it.
 */
export function* deployments(
  templates: ReadonlyMap<string, Template>,
  parameterFiles: readonly ParameterFile[],
): Generator<Deployed> {
  const called = new Set(
    [...templates].flatMap(([key, template]) =>
      calledBy(template).filter((target) => !isTrialCall(key, target)),
    ),
  );
  const replaced = new Set(parameterFiles.flatMap(({ template, isOwn }) => (isOwn === true ? template : [])));
  for (const key of templates.keys()) if (!called.has(key) && !replaced.has(key)) yield { template: key };
  for (const given of parameterFiles)
    if (templates.has(given.template)) yield { template: given.template, given };
}

function calledBy(template: Template): readonly string[] {
  return template.calls.flatMap(({ target }) => (typeof target === 'string' ? [target] : calledBy(target)));
}
