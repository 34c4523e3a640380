import { joinWords } from '../../model/join-words.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Mistake } from '../document.ts';
import { kindWords, named, shown } from '../value-wording.ts';
import { suggestion } from '../suggestions.ts';
import type { SchemaError } from './schema-error.ts';

/** The terms of what a schema describes, where its messages say more than JSON Schema does. */
export interface SchemaVocabulary {
  /** Names the kind of an unknown key and the keys of that kind; `undefined` for an ordinary key. */
  readonly classifyKey?: (error: SchemaError) => KeyKind | undefined;
  /** Explains an object that has none of the forms of a `oneOf`, and names the key to blame, if any. */
  readonly explainForm?: (value: JsonObject) => { readonly key?: string; readonly message: string };
  /** Says what takes the place of a value that is a list and should not be one, or the other way round. */
  readonly explainType?: (error: SchemaError) => string | undefined;
  /** The branch of an `anyOf` that may replace any value, and so is never the one that was meant. */
  readonly placeholder?: JsonSchema;
}

/** A kind of key, such as `operator`, and the keys of this kind. */
export interface KeyKind {
  readonly kind: string;
  readonly known: readonly string[];
}

/** Words one schema error, at the key or value to correct. */
export function describeSchemaError(error: SchemaError, vocabulary: SchemaVocabulary): Mistake {
  const { keyword, path } = error;
  if (keyword === 'additionalProperties') return unknownKey(error, vocabulary);
  if (keyword === 'oneOf' && vocabulary.explainForm !== undefined) {
    const { key, message } = vocabulary.explainForm(isJsonObject(error.data) ? error.data : {});
    return { path: key === undefined ? path : [...path, key], at: 'key', message };
  }
  if (keyword === 'required') return { path, at: 'key', message: missingKey(error) };
  if (error.key !== undefined) return { path: [...path, error.key], at: 'key', message: badKey(error) };
  if (path.join() === 'schemaVersion' && isVersion(error.data))
    return { path, message: otherVersion(error.data, texts(error.schema)) };
  const wording = wordings[keyword];
  return {
    path,
    message: wording === undefined ? `${named(path)} is not valid` : wording(error, vocabulary),
  };
}

function isVersion(value: Json): value is string {
  return typeof value === 'string' && /^\d+(?:\.\d+)*$/.test(value);
}

/** Says that a document is of a version that is not known here. */
export function otherVersion(found: string, known: readonly string[]): string {
  return `it is of version ${found}, and this version of purgeproof reads ${joinWords(known)}`;
}

const wordings: Readonly<Record<string, (error: SchemaError, vocabulary: SchemaVocabulary) => string>> = {
  type: (error, { explainType }) =>
    explainType?.(error) ?? mustBe(error.path, texts(error.schema), error.data),
  enum: wrongWord,
  const: wrongWord,
  pattern: wrongForm,
  not: wrongForm,
  minLength: ({ path }) => `${named(path)} must not be empty`,
  minimum: ({ path, schema, data }) => `${named(path)} must be at least ${shown(schema)}, not ${shown(data)}`,
  minItems: ({ path }) => `${named(path)} must not be an empty list`,
  minProperties: ({ path }) => `${named(path)} must not be empty`,
  uniqueItems: ({ path, pair = [0, 0] }) =>
    `${named(path)} holds the same item twice: items ${pair[0] + 1} and ${pair[1] + 1}`,
  anyOf: noBranch,
};

function unknownKey(error: SchemaError, { classifyKey }: SchemaVocabulary): Mistake {
  const { path, key = '' } = error;
  const { kind, known } = classifyKey?.(error) ?? { kind: 'key', known: propertiesOf(error) };
  const hint = suggestion(key, known) || `; known here: ${known.join(', ')}`;
  return { path: [...path, key], at: 'key', message: `unknown ${kind} "${key}"${hint}` };
}

function propertiesOf({ parentSchema: { properties } }: SchemaError): readonly string[] {
  return isJsonObject(properties) ? Object.keys(properties).filter((name) => name !== '$schema') : [];
}

function missingKey({ path, key = '', parentSchema }: SchemaError): string {
  const place = path.length === 0 ? '' : ` in ${named(path)}`;
  const { properties } = parentSchema;
  const wanted = isJsonObject(properties) ? properties[key] : undefined;
  const words = texts(isJsonObject(wanted) ? wanted['enum'] : undefined);
  return `"${key}" is missing${place}${words.length > 0 ? `; it is ${joinWords(words, 'or')}` : ''}`;
}

function badKey({ key, parentSchema }: SchemaError): string {
  return `the name "${key}" must be ${form(parentSchema)}`;
}

function wrongForm({ path, parentSchema, data }: SchemaError): string {
  return `${named(path)} must be ${form(parentSchema)}, not ${shown(data)}`;
}

/** The words that the author of a pattern gives it. */
function form({ patternErrorMessage }: SchemaError['parentSchema']): string {
  return typeof patternErrorMessage === 'string' ? patternErrorMessage : 'of another form';
}

function mustBe(path: SchemaError['path'], types: readonly string[], data: Json): string {
  const wanted =
    types.length > 1
      ? joinWords(
          types.map((type) => oneOfSeveral[type] ?? type),
          'or',
        )
      : kindWords[types.join('')];
  if (data === null) return `${named(path)} is empty; it must be ${wanted}`;
  const quotable = types.includes('string') && typeof data !== 'object';
  return `${named(path)} must be ${wanted}, not ${shown(data)}${quotable ? '; put it in quotes' : ''}`;
}

const oneOfSeveral: Readonly<Record<string, string>> = { ...kindWords, boolean: 'a boolean' };

function wrongWord({ path, schema, data }: SchemaError): string {
  const words = [...new Set(texts(schema))];
  const unquoted = words.includes(JSON.stringify(data)) ? '; put it in quotes' : '';
  const hint = typeof data === 'string' ? suggestion(data, words) : unquoted;
  return `${named(path)} must be ${joinWords(words, 'or')}, not ${shown(data)}${hint}`;
}

/** None of several alternatives fits: either keys are missing, or a word is wrong, or the type is. */
function noBranch(error: SchemaError, { placeholder }: SchemaVocabulary): string {
  const { path, schema, data } = error;
  const branches = (Array.isArray(schema) ? schema : []).filter(isJsonObject);
  const meant = branches.filter((branch) => branch !== placeholder);
  const listed = (keyword: string) => meant.flatMap((branch) => texts(branch[keyword]));
  const keys = listed('required');
  if (keys.length > 0)
    return `${named(path)} needs ${joinWords(
      keys.map((key) => `"${key}"`),
      'or',
    )}`;
  const words = listed('enum');
  if (words.length > 0) return wrongWord({ ...error, schema: words });
  return mustBe(path, listed('type'), data);
}

/** One word or a list of words of a schema, as text. */
function texts(value: Json | undefined): readonly string[] {
  return [value ?? []].flat().map((item: Json) => (typeof item === 'string' ? item : JSON.stringify(item)));
}
