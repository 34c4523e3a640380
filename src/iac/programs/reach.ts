import type { Program } from './program.ts';
import type { Template, UnfollowedCall } from './template.ts';

/** A template and all that it calls, directly or not, whatever the conditions; each once, and of calls by key those that count. */
function* templatesBelow(
  top: Template,
  { templateAt }: Pick<Program, 'templateAt'>,
  counts: (key: string) => boolean,
): Generator<Template> {
  const seen = new Set([top]);
  // A set that grows while it is gone through is gone through to its end.
  for (const template of seen) {
    yield template;
    for (const { target } of template.calls) {
      if (typeof target === 'string' && !counts(target)) continue;
      // What is in a template that is a value is known when it is deployed.
      if (typeof target !== 'string' && 'document' in target) continue;
      const callee = typeof target === 'string' ? templateAt(target) : target;
      if (callee !== undefined) seen.add(callee);
    }
  }
}

/** The paths of what other resources of a deployment may change in its vaults. */
export function changedBelow(top: Template, program: Program): readonly string[] {
  const below = templatesBelow(top, program, program.mayChange);
  return [...new Set([...below].flatMap(({ changed }) => changed))];
}

/**
 * The calls of a deployment that lead out of the checkout: what they deploy is not known. Of the templates that it calls by key those count that
 * have been read.
 */
export function unfollowedBelow(top: Template, program: Program): readonly UnfollowedCall[] {
  const below = templatesBelow(top, program, (key) => program.templates.has(key));
  return [...below].flatMap(({ unfollowed, calls }) => {
    const missing = calls.flatMap(({ target, at, symbol }) =>
      typeof target === 'string' && !program.isThere(target) ? [{ at, target, symbol }] : [],
    );
    return unfollowed.concat(missing);
  });
}
