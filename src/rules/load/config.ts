import type { Config, ConfigPath, DeletedConfig } from '../../model/config.ts';
import type { Problem } from '../../model/errors.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { FrameworkChoice, RuleChoice, SeveritySetting } from '../../model/settings.ts';
import type { Severity } from '../../model/severity.ts';
import { configSchema } from '../schema/config-schema.ts';
import {
  checkScopesAndParameters,
  parameterSettings,
  scopedParameters,
  writeLimits,
} from './config-scopes.ts';
import { readDocument } from '../../documents/read-document.ts';
import { type SourceFile, type UserDocument, inReadingOrder, locateAll } from '../../documents/document.ts';
import { type Validate, validateBy } from '../../documents/schema/validate.ts';

/** A configuration as far as it is right, and everything that is wrong with its file. */
export interface CheckedConfig {
  /** Absent where the file cannot be read at all. */
  readonly config?: Config;
  readonly problems: readonly Problem[];
}

/**
 * A reader of configuration files that knows the names of the report formats; it does not check that rules exist. A file
 * whose settings are all commented out has none; an empty file is a mistake, since a command that failed may have left it
 * behind.
 */
export function configChecker(formats: readonly string[]): (file: SourceFile) => CheckedConfig {
  const validate = validateBy(configSchema(formats));
  return (file) => checkConfig(file, validate);
}

function checkConfig(file: SourceFile, validate: Validate): CheckedConfig {
  const { document, problems } = readDocument(file, {});
  if (document === undefined) return { problems: inReadingOrder(problems) };
  const { value: written } = document;
  const mistakes = [...validate(written), ...checkScopesAndParameters(written)];
  const right = mistakes.reduce((value, { path }) => without(value, wholeEntry(path)), written);
  const value = mistakes.length === 0 ? right : withoutHoles(right);
  const isRight = mistakes.length === 0 || validate(value).length === 0;
  return {
    ...(isRight && isWritten(value) ? { config: toConfig(document, value, right) } : {}),
    problems: inReadingOrder([...problems, ...locateAll(document, mistakes)]),
  };
}

/** The path of the entry that a scope belongs to: without it, or with a part of it, the entry would mean something else. */
function wholeEntry(path: JsonPath): JsonPath {
  const [first, second, third] = path;
  const isNeeded = third === 'scope' || (third === 'parameters' && path.length === 3);
  if (first === 'parametersByScope' && isNeeded) return path.slice(0, 2);
  return first === 'writes' && second === 'never' ? path.slice(0, 3) : path;
}

/** The value without what is at a path; an item of a list leaves a hole, `null`, so that the others keep their places. */
function without(value: Json, [step, ...rest]: JsonPath): Json {
  if (step === undefined || value === null) return null;
  const replaced = (key: string | number, found: Json): Json => (key === step ? without(found, rest) : found);
  return isJsonObject(value)
    ? mapValues(value, (found, key) => replaced(key, found))
    : listOf(value).map((item, index) => replaced(index, item));
}

/** Leaves out holes, and the lists in which nothing is left. */
function withoutHoles(value: Json): Json {
  if (isJsonObject(value)) return mapValues(value, withoutHoles);
  if (!Array.isArray(value)) return value;
  const left = listOf(value).flatMap((item) => withoutHoles(item) ?? []);
  return left.length === 0 ? null : left;
}

/** Changes every value of an object; what becomes `null` is left out. */
function mapValues(value: JsonObject, change: (found: Json, key: string) => Json): JsonObject {
  const entries = Object.entries(value).map(([key, found]) => [key, change(found ?? null, key)] as const);
  return Object.fromEntries(entries.filter(([, found]) => found !== null));
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** `right` has what `value` has, each item of a list in the place that it has in the document. */
function toConfig(document: UserDocument, value: JsonObject & Written, right: Json): Config {
  const { $schema: _, parameters: __, parametersByScope: ___, rules, excludeRules, ...rest } = value;
  const { deleted, tenant, severities = {}, extends: ____, writes, frameworks, ...said } = rest;
  const placed = (key: string): readonly PlacedText[] => placedTexts(document, key, right);
  const choices = (key: string): readonly RuleChoice[] =>
    placed(key).map(({ text, origin }) => ({ rule: text, origin }));
  return {
    ...said,
    file: document.file,
    extends: placed('extends').map(({ text, origin }) => ({ path: text, origin })),
    places: Object.fromEntries(Object.keys(value).map((key) => [key, document.locate([key], 'key')])),
    ...(rules === undefined ? {} : { rules: choices('rules') }),
    ...(excludeRules === undefined ? {} : { excludeRules: choices('excludeRules') }),
    ...(frameworks === undefined ? {} : { frameworks: placed('frameworks').map(frameworkChoice) }),
    ...(tenant === undefined ? {} : { tenant: tenant.toLowerCase() }),
    ...(deleted?.purge === undefined
      ? {}
      : { deleted: { purge: deleted.purge, origin: document.locate(['deleted', 'purge'], 'key') } }),
    paths: configPaths.flatMap((key) => placed(key).map(({ text, origin }) => ({ key, path: text, origin }))),
    parameters: parameterSettings(document, right, ['parameters']),
    parametersByScope: scopedParameters(document, right),
    writes: writes === undefined ? [] : [writeLimits(document, right)],
    severities: Object.entries(severities).map(([rule, severity]): SeveritySetting => ({
      rule,
      severity,
      origin: document.locate(['severities', rule], 'key'),
    })),
  };
}

function frameworkChoice({ text, origin }: PlacedText): FrameworkChoice {
  return { framework: text, origin };
}

const configPaths: readonly ConfigPath['key'][] = ['inventory', 'policies', 'exemptions', 'baseline'];

/** The settings of a file, as written. */
interface Written extends Omit<
  Config,
  | 'file'
  | 'extends'
  | 'places'
  | 'rules'
  | 'excludeRules'
  | 'frameworks'
  | 'parameters'
  | 'parametersByScope'
  | 'severities'
  | 'paths'
  | 'deleted'
  | 'writes'
> {
  readonly extends?: Json;
  readonly parametersByScope?: Json;
  readonly writes?: Json;
  readonly rules?: readonly string[];
  readonly excludeRules?: readonly string[];
  readonly frameworks?: readonly string[];
  readonly severities?: Readonly<Record<string, Severity>>;
  readonly deleted?: Partial<Pick<DeletedConfig, 'purge'>>;
}

/** The schema has said that it is one, key by key. */
function isWritten(value: Json): value is JsonObject & Written {
  return isJsonObject(value);
}

/** Text of a document, and its place. */
interface PlacedText {
  readonly text: string;
  readonly origin: Location;
}

/** The text below a key, or every text of the list there. */
function placedTexts(document: UserDocument, key: string, right: Json): readonly PlacedText[] {
  const found = isJsonObject(right) ? right[key] : undefined;
  if (typeof found === 'string') return [{ text: found, origin: document.locate([key]) }];
  return listOf(found).flatMap((item, index) =>
    typeof item === 'string' ? [{ text: item, origin: document.locate([key, index]) }] : [],
  );
}
