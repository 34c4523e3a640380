import { isJsonObject, type Json } from '../../model/json.ts';
import { operators } from '../operators/index.ts';
import { conditionDefinition, parameterReference, subjects } from '../schema/condition-schema.ts';
import { explainShape } from './condition-shape.ts';
import type { Mistake } from './mistake.ts';
import type { SchemaError } from './schema-error.ts';
import { either, named, shown, suggestion } from './words.ts';

/** One schema error in words, at the place to look at. */
export function inWords(error: SchemaError): Mistake {
  const { keyword, path } = error;
  if (keyword === 'additionalProperties') return unknownKey(error);
  if (keyword === 'oneOf') return shapeFault(error);
  if (keyword === 'required') return { path, at: 'key', message: missingKey(error) };
  if (error.key !== undefined) return { path: [...path, error.key], at: 'key', message: badKey(error) };
  const wording = wordings[keyword];
  return { path, message: wording === undefined ? `${named(path)} is not valid` : wording(error) };
}

const wordings: Readonly<Record<string, (error: SchemaError) => string>> = {
  type: ({ path, schema, data }) => mustBe(path, texts(schema), data),
  enum: wrongWord,
  pattern: ({ path, parentSchema, data }) =>
    `${named(path)} must be ${form(parentSchema)}, not ${shown(data)}`,
  minLength: ({ path }) => `${named(path)} must not be empty`,
  minItems: ({ path }) => `${named(path)} must not be an empty list`,
  minProperties: ({ path }) => `${named(path)} must not be empty`,
  uniqueItems: ({ path, pair = [0, 0] }) =>
    `${named(path)} holds the same item twice: items ${pair[0] + 1} and ${pair[1] + 1}`,
  anyOf: noBranch,
};

function unknownKey({ path, key = '', parentSchema, data }: SchemaError): Mistake {
  const known = isJsonObject(parentSchema['properties']) ? Object.keys(parentSchema['properties']) : [];
  const isOperator =
    parentSchema === conditionDefinition && isJsonObject(data) && subjects.some((subject) => subject in data);
  const kind = isOperator ? 'operator' : 'key';
  const others = isOperator ? Object.keys(operators) : known.filter((name) => name !== '$schema');
  const hint = suggestion(key, others) || `; known here: ${others.join(', ')}`;
  return { path: [...path, key], at: 'key', message: `unknown ${kind} "${key}"${hint}` };
}

function shapeFault({ path, data }: SchemaError): Mistake {
  const { key, message } = explainShape(isJsonObject(data) ? data : {});
  return { path: key === undefined ? path : [...path, key], at: 'key', message };
}

function missingKey({ path, key = '', parentSchema }: SchemaError): string {
  const place = path.length === 0 ? '' : ` in ${named(path)}`;
  const { properties } = parentSchema;
  const wanted = isJsonObject(properties) ? properties[key] : undefined;
  const words = texts(isJsonObject(wanted) ? wanted['enum'] : undefined);
  return `"${key}" is missing${place}${words.length > 0 ? `; it is ${either(words)}` : ''}`;
}

function badKey({ key, parentSchema }: SchemaError): string {
  return `the name "${key}" must be ${form(parentSchema)}`;
}

/** What the author of a pattern says of it. */
function form({ patternErrorMessage }: SchemaError['parentSchema']): string {
  return typeof patternErrorMessage === 'string' ? patternErrorMessage : 'of another form';
}

function mustBe(path: SchemaError['path'], types: readonly string[], data: Json): string {
  const wanted =
    types.length > 1 ? either(types.map((type) => oneOfSeveral[type] ?? type)) : kinds[types.join('')];
  if (data === null) return `${named(path)} is empty; it must be ${wanted}`;
  const quotable = types.includes('string') && typeof data !== 'object';
  return `${named(path)} must be ${wanted}, not ${shown(data)}${quotable ? '; put it in quotes' : ''}`;
}

const oneOfSeveral: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'a boolean',
  object: 'an object',
  array: 'a list',
};

const kinds: Readonly<Record<string, string>> = { ...oneOfSeveral, boolean: 'true or false' };

function wrongWord({ path, schema, data }: SchemaError): string {
  const words = [...new Set(texts(schema))];
  const hint = typeof data === 'string' ? suggestion(data, words) : '';
  return `${named(path)} must be ${either(words)}, not ${shown(data)}${hint}`;
}

/** None of several alternatives fits: either keys are missing, or a word is wrong, or the type is. */
function noBranch(error: SchemaError): string {
  const { path, schema, data } = error;
  const branches = (Array.isArray(schema) ? schema : []).filter(isJsonObject);
  const meant = branches.filter((branch) => branch !== parameterReference);
  const listed = (keyword: string) => meant.flatMap((branch) => texts(branch[keyword]));
  const keys = listed('required');
  if (keys.length > 0) return `${named(path)} needs ${either(keys.map((key) => `"${key}"`))}`;
  const words = listed('enum');
  if (words.length > 0) return wrongWord({ ...error, schema: words });
  return mustBe(path, listed('type'), data);
}

/** One word or a list of words of a schema, as text. */
function texts(value: Json | undefined): readonly string[] {
  return [value ?? []].flat().map((item: Json) => (typeof item === 'string' ? item : JSON.stringify(item)));
}
