import type { JsonObject } from '../../model/json.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = JsonObject;

/** The dialect that every published schema declares. */
export const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Text in a form of its own. `patternErrorMessage` is an extension that editors show and that our own messages use:
 * it completes the sentence "must be …".
 */
export function textLike(pattern: string, patternErrorMessage: string, description: string): JsonSchema {
  return { type: 'string', pattern, patternErrorMessage, description };
}

/**
 * Text that has not the form of another kind. A negated pattern, and not one that looks ahead, which validators in Go and Rust
 * cannot compile; `errorMessage` is what editors show of it.
 */
export function textUnlike(pattern: string, patternErrorMessage: string, description: string): JsonSchema {
  return {
    type: 'string',
    not: { type: 'string', pattern },
    patternErrorMessage,
    errorMessage: patternErrorMessage,
    description,
  };
}

/** Text that says something. */
export function someText(description: string): JsonSchema {
  return textLike('\\S', 'non-empty text', description);
}

/** An object with exactly these keys; those named in `required` must be there. */
export function objectOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  description: string,
): JsonSchema {
  return { type: 'object', description, properties, required, additionalProperties: false };
}

/** A list of at least one item. */
export function nonEmptyListOf(items: JsonSchema, description: string): JsonSchema {
  return { type: 'array', description, items, minItems: 1 };
}

/** Allows an editor's schema comment (`"$schema"` in JSON) in a file; that of another schema says the file is another one. */
export function schemaKey(name: 'config' | 'exemptions' | 'rule'): JsonSchema {
  const file = `${name}.schema.json`;
  return textLike(
    `(?:^|/)${file.replaceAll('.', String.raw`\.`)}(?:[?#].*)?$`,
    `a path or a URL that ends in ${file}`,
    'The schema of this file, for editors.',
  );
}
