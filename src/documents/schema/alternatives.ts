import type { Json } from '../../model/json.ts';
import type { SchemaError } from './schema-error.ts';
import type { SchemaVocabulary } from './schema-wording.ts';

/**
 * Leaves of every failed `anyOf` and `oneOf` the one error that matters: those of the branch that was meant, judged by
 * its type, or else the alternative itself.
 */
export function collapseAlternatives(
  errors: readonly SchemaError[],
  { placeholder }: SchemaVocabulary,
): readonly SchemaError[] {
  let left = errors;
  // Outermost first: what stands inside a branch that was not meant is not worth collapsing.
  const alternatives = errors.filter(isAlternative).toSorted((a, b) => a.path.length - b.path.length);
  for (const alternative of alternatives) {
    if (!left.includes(alternative)) continue;
    const below = left.filter((error) => isBelow(error, alternative));
    const meant = meantBranch(alternative, below, placeholder);
    const dropped = new Set(
      meant === undefined ? below : [...below.filter((e) => !meant.includes(e)), alternative],
    );
    left = left.filter((error) => !dropped.has(error));
  }
  return left;
}

function isAlternative({ keyword }: SchemaError): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf';
}

function isBelow(error: SchemaError, alternative: SchemaError): boolean {
  return (
    error.schemaPath.startsWith(`${alternative.schemaPath}/`) &&
    alternative.path.every((step, index) => error.path[index] === step)
  );
}

function meantBranch(
  { schemaPath, path, schema, keyword }: SchemaError,
  below: readonly SchemaError[],
  placeholder: Json | undefined,
): readonly SchemaError[] | undefined {
  if (keyword === 'oneOf') return undefined;
  const branches: readonly Json[] = Array.isArray(schema) ? schema : [];
  return branches
    .map((branch, index) => ({
      branch,
      errors: below.filter((e) => e.schemaPath.startsWith(`${schemaPath}/${index}/`)),
    }))
    .filter(({ branch }) => branch !== placeholder)
    .map(({ errors }) => errors)
    .find((errors) => !errors.some((e) => mismatch.has(e.keyword) && e.path.length === path.length));
}

/** Errors that say: this branch is not what was meant. */
const mismatch: ReadonlySet<string> = new Set(['type', 'required', 'enum']);
