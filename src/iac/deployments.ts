import { evaluate } from './evaluation/evaluate.ts';
import { type Argument, lazy } from './evaluation/scope.ts';
import { type Instance, scopeOf } from './instance.ts';
import type { ParameterFile, Template } from './template.ts';
import { isTrialCall } from './trial-call.ts';

/** A template that someone deploys, and with what. `template` is its key. */
export interface Deployed {
  readonly template: string;
  readonly instance: Instance;
}

/**
 * The deployments that a checkout describes: each template that no other calls, tests and examples aside, as it stands,
 * and each template once for every parameter file that is meant for it.
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
  for (const [key, template] of templates) {
    if (!called.has(key)) yield { template: key, instance: { template, arguments: new Map(), open: true } };
  }
  for (const file of parameterFiles) {
    const template = templates.get(file.template);
    if (template === undefined) continue;
    yield { template: file.template, instance: { template, arguments: argumentsIn(file), open: true } };
  }
}

function calledBy(template: Template): readonly string[] {
  return template.calls.flatMap(({ target }) => (typeof target === 'string' ? [target] : calledBy(target)));
}

function argumentsIn({ arguments: given, values }: ParameterFile): ReadonlyMap<string, Argument> {
  const template: Template = { parameters: new Map(), values, vaults: [], calls: [] };
  const scope = scopeOf({ template, arguments: new Map(), open: false }, { steps: 50_000, depth: 0 });
  return new Map(
    [...given].map(([name, { at, value }]) => [name, { at, values: lazy(() => evaluate(value, scope)) }]),
  );
}
