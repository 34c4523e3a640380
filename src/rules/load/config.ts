import { isRuleId } from '../rule-id.ts';
import type { Config, ConfigPath, DeletedConfig } from '../../model/config.ts';
import { PolicyError } from '../../model/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { ParameterSetting, RuleChoice, SeveritySetting } from '../../model/settings.ts';
import type { Severity } from '../../model/severity.ts';
import { configSchema } from '../schema/config-schema.ts';
import { readDocument } from '../../documents/read-document.ts';
import {
  type Mistake,
  type SourceFile,
  type UserDocument,
  inReadingOrder,
  locateAll,
} from '../../documents/document.ts';
import { type Validate, validateBy } from '../../documents/schema/validate.ts';

/**
 * A loader of configuration files that knows the names of the report formats. It throws PolicyError with every mistake;
 * it does not check that rules exist. A file whose settings are all commented out has none; an empty file is a mistake,
 * since a command that failed may have left it behind.
 */
export function configLoader(formats: readonly string[]): (file: SourceFile) => Config {
  const validate = validateBy(configSchema(formats));
  return (file) => loadConfig(file, validate);
}

function loadConfig(file: SourceFile, validate: Validate): Config {
  const { document, problems } = readDocument(file, {});
  if (document === undefined) throw new PolicyError(inReadingOrder(problems));
  const { value } = document;
  const mistakes = [...validate(value), ...checkParameterNames(value)];
  const all = [...problems, ...locateAll(document, mistakes)];
  if (all.length > 0) throw new PolicyError(inReadingOrder(all));
  if (!isWritten(value)) throw new Error('a configuration that the schema refuses was not refused');
  const { $schema: _, parameters: __, rules, excludeRules, severities = {}, deleted, ...said } = value;
  return {
    ...said,
    file: file.file,
    ...(rules === undefined ? {} : { rules: choices(document, 'rules', rules) }),
    ...(excludeRules === undefined ? {} : { excludeRules: choices(document, 'excludeRules', excludeRules) }),
    ...(deleted?.purge === undefined
      ? {}
      : { deleted: { purge: deleted.purge, origin: document.locate(['deleted', 'purge'], 'key') } }),
    paths: namedPaths(document, value),
    parameters: parameterSettings(document),
    severities: Object.entries(severities).map(([rule, severity]): SeveritySetting => ({
      rule,
      severity,
      origin: document.locate(['severities', rule], 'key'),
    })),
  };
}

/** The settings of a file, as written. */
interface Written extends Omit<
  Config,
  'file' | 'rules' | 'excludeRules' | 'parameters' | 'severities' | 'paths' | 'deleted'
> {
  readonly rules?: readonly string[];
  readonly excludeRules?: readonly string[];
  readonly severities?: Readonly<Record<string, Severity>>;
  readonly deleted?: Partial<Pick<DeletedConfig, 'purge'>>;
}

/** The schema has said that it is one, key by key. */
function isWritten(value: Json): value is JsonObject & Written {
  return isJsonObject(value);
}

function namedPaths(
  document: UserDocument,
  { inventory, policies = [], exemptions }: Written,
): readonly ConfigPath[] {
  return [
    ...(inventory === undefined
      ? []
      : [{ key: 'inventory', path: inventory, origin: document.locate(['inventory']) } as const]),
    ...policies.map((path, index) => {
      return { key: 'policies', path, origin: document.locate(['policies', index]) } as const;
    }),
    ...(exemptions === undefined
      ? []
      : [{ key: 'exemptions', path: exemptions, origin: document.locate(['exemptions']) } as const]),
  ];
}

function choices(document: UserDocument, key: string, ids: readonly string[]): readonly RuleChoice[] {
  return ids.map((rule, index) => ({ rule, origin: document.locate([key, index]) }));
}

/** Only below the id of a rule may parameters be grouped. */
function checkParameterNames(value: Json): readonly Mistake[] {
  return parameterEntries(value).flatMap(([name, given]): readonly Mistake[] => {
    const path = ['parameters', name];
    if (isJsonObject(given) && !isRuleId(name)) {
      return [
        { path, at: 'key', message: `"${name}" is not a rule id, so it cannot hold parameters of a rule` },
      ];
    }
    if (!isJsonObject(given) && isRuleId(name)) {
      return [{ path, message: `"${name}" is a rule id; below it, name the parameters: { name: value }` }];
    }
    return [];
  });
}

/** Settings for one rule come after those for all rules, and so overrule them. */
function parameterSettings(document: UserDocument): readonly ParameterSetting[] {
  const entries = parameterEntries(document.value);
  const general = entries.flatMap(([name, value]): readonly ParameterSetting[] =>
    isJsonObject(value) ? [] : [{ name, given: { value }, origin: document.locate(['parameters', name]) }],
  );
  const special = entries.flatMap(([rule, values]) =>
    Object.entries(isJsonObject(values) ? values : {}).map(([name, value]): ParameterSetting => ({
      rule,
      name,
      given: { value: value ?? null },
      origin: document.locate(['parameters', rule, name]),
    })),
  );
  return [...general, ...special];
}

function parameterEntries(value: Json): readonly (readonly [string, Json])[] {
  const parameters = isJsonObject(value) ? value['parameters'] : undefined;
  const entries = Object.entries(isJsonObject(parameters) ? parameters : {});
  return entries.map(([name, given]) => [name, given ?? null]);
}
