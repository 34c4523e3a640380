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
      const called = typeof target === 'string' ? templateAt(target) : target;
      if (called !== undefined) seen.add(called);
    }
  }
}

/** The paths of what other resources of a deployment may change in its vaults. */
export function changedBelow(top: Template, program: Program): readonly string[] {
  const below = templatesBelow(top, program, program.mayChange);
  return [...new Set([...below].flatMap(({ changed }) => changed))];
}

/** The calls of a deployment that lead out of the checkout: what they deploy is not known. */
export function unfollowedBelow(top: Template, program: Program): readonly UnfollowedCall[] {
  return [...templatesBelow(top, program, () => true)].flatMap(({ unfollowed, calls }) => {
    const missing = calls.flatMap(({ target, at }) =>
      typeof target === 'string' && program.templateAt(target) === undefined ? [{ at, target }] : [],
    );
    return unfollowed.concat(missing);
  });
}
