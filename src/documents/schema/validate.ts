import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { isJsonObject, type Json } from '../../model/json.ts';
import { nearest } from '../suggestions.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Mistake } from '../document.ts';
import { readError, type SchemaError } from './schema-error.ts';
import { describeSchemaError, type SchemaVocabulary } from './schema-wording.ts';

/** The errors of a schema that are reported; a file that has more is of another kind altogether. */
const most = 1000;

/** Returns a mistake for each error of a value by a schema. */
export type Validate = (value: Json) => readonly Mistake[];

/** Prepares the check of values by a schema. The schema is compiled at the first call, for that takes a while. */
export function validateBy(schema: JsonSchema, vocabulary: SchemaVocabulary = {}): Validate {
  let compiled: ValidateFunction | undefined;
  return (value) => {
    compiled ??= new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      validateFormats: false,
      // Tests check the schemas: to have them checked here takes longer than to compile them.
      validateSchema: false,
      // V8 does what these passes over the generated code do; they took most of the time of compiling a large schema.
      code: { optimize: false },
    }).compile(schema);
    if (compiled(value)) return [];
    const errors = (compiled.errors ?? []).slice(0, most).map((error) => readError(error, value));
    return withoutEchoes(collapseAlternatives(errors, vocabulary)).map((error) =>
      describeSchemaError(error, vocabulary),
    );
  };
}

/** Drops errors that another error of the same object already explains. */
function withoutEchoes(errors: readonly SchemaError[]): readonly SchemaError[] {
  const unknown = errors.filter((error) => error.keyword === 'additionalProperties');
  return errors.filter((error) => {
    if (error.keyword === 'propertyNames') return false;
    const siblings = unknown.filter(({ path }) => samePath(path, error.path));
    if (error.keyword === 'oneOf') return siblings.length === 0 && isJsonObject(error.data);
    return error.keyword !== 'required' || !siblings.some((sibling) => isMisspelling(sibling, error));
  });
}

function samePath(a: SchemaError['path'], b: SchemaError['path']): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

function isMisspelling(unknown: SchemaError, missing: SchemaError): boolean {
  return unknown.key !== undefined && nearest(unknown.key, [missing.key ?? '']) !== undefined;
}

/**
 * Leaves of every failed `anyOf` and `oneOf` the one error that matters: those of the branch that was meant, judged by
 * its type, or else the alternative itself.
 */
function collapseAlternatives(
  errors: readonly SchemaError[],
  { placeholder }: SchemaVocabulary,
): readonly SchemaError[] {
  let left = errors;
  // Outermost first: what is inside a branch that was not meant is not worth collapsing.
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
