import type { Json } from '../../model/json.ts';
import { parameterReference } from '../schema/condition-schema.ts';
import type { SchemaError } from './schema-error.ts';

/**
 * Leaves of every failed `anyOf` and `oneOf` the one error that matters: those of the branch that was meant, judged by
 * its type, or else the alternative itself.
 */
export function collapseAlternatives(errors: readonly SchemaError[]): readonly SchemaError[] {
  const alternative = errors.find(
    (error) => isAlternative(error) && errors.some((other) => isBelow(other, error)),
  );
  if (alternative === undefined) return errors;
  const below = errors.filter((error) => isBelow(error, alternative));
  const rest = errors.filter((error) => !below.includes(error) && error !== alternative);
  const meant = meantBranch(alternative, below);
  return collapseAlternatives(
    meant === undefined ? [...rest, { ...alternative, schemaPath: '' }] : [...rest, ...meant],
  );
}

function isAlternative({ keyword, schemaPath }: SchemaError): boolean {
  return (keyword === 'anyOf' || keyword === 'oneOf') && schemaPath !== '';
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
): readonly SchemaError[] | undefined {
  if (keyword === 'oneOf') return undefined;
  const branches: readonly Json[] = Array.isArray(schema) ? schema : [];
  return branches
    .map((branch, index) => ({
      branch,
      errors: below.filter((e) => e.schemaPath.startsWith(`${schemaPath}/${index}/`)),
    }))
    .filter(({ branch }) => branch !== parameterReference)
    .map(({ errors }) => errors)
    .find((errors) => !errors.some((e) => mismatch.has(e.keyword) && e.path.length === path.length));
}

/** Errors that say: this branch is not what was meant. */
const mismatch: ReadonlySet<string> = new Set(['type', 'required', 'enum']);
