import type { Mistake, UserDocument } from '../../documents/document.ts';
import type { WriteLimits } from '../../model/config.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath, objectAt } from '../../model/json.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import { type Risk, risks } from '../../model/risk.ts';
import type { ParameterSetting, ScopedParameters } from '../../model/settings.ts';
import { isRuleId, isRuleReference } from '../rule-id.ts';

/** Mistakes in the parameters of a configuration that its schema cannot tell. */
export function checkScopesAndParameters(value: Json): readonly Mistake[] {
  const inEntries = entriesOf(value).flatMap(({ entry, path }) =>
    checkNames(value, [...path, 'parameters']).concat(repeatedTags(entry['scope'], [...path, 'scope'])),
  );
  return checkNames(value, ['parameters']).concat(inEntries);
}

/** Only below the id of a rule may parameters be grouped. */
function checkNames(value: Json, at: JsonPath): readonly Mistake[] {
  return parameterEntries(value, at).flatMap(([name, given]): readonly Mistake[] => {
    const path = [...at, name];
    if (isJsonObject(given) && !isRuleReference(name)) {
      return [{ path, at: 'key', message: `"${name}" is no rule, so it cannot hold parameters of a rule` }];
    }
    if (!isJsonObject(given) && isRuleId(name)) {
      return [{ path, message: `"${name}" is a rule id; below it, name the parameters: { name: value }` }];
    }
    return [];
  });
}

/** The parameters below a path. Settings for one rule come after those for all rules, and so overrule them. */
export function parameterSettings(
  document: UserDocument,
  value: Json,
  at: JsonPath,
): readonly ParameterSetting[] {
  const entries = parameterEntries(value, at);
  const general = entries.flatMap(([name, given]): readonly ParameterSetting[] =>
    isJsonObject(given) ? [] : [{ name, given: { value: given }, origin: document.locate([...at, name]) }],
  );
  const special = entries.flatMap(([rule, values]) =>
    Object.entries(isJsonObject(values) ? values : {}).map(([name, given]): ParameterSetting => ({
      rule,
      name,
      given: { value: given ?? null },
      origin: document.locate([...at, rule, name]),
    })),
  );
  return [...general, ...special];
}

/** The parameters of a configuration that are for a part of what is scanned. */
export function scopedParameters(document: UserDocument, value: Json): readonly ScopedParameters[] {
  return entriesOf(value).flatMap(({ entry, path }): readonly ScopedParameters[] => {
    const scope = entry['scope'];
    if (!isScope(scope)) return [];
    const parameters = parameterSettings(document, value, [...path, 'parameters']);
    return [{ scope, parameters, origin: document.locate(path), layer: 0 }];
  });
}

/** True for a scope, of which the schema has said that it is one where it is an object. */
function isScope(value: Json | undefined): value is JsonObject & ResourceScope {
  return isJsonObject(value);
}

interface Entry {
  readonly entry: JsonObject;
  readonly path: JsonPath;
}

function entriesOf(value: Json): readonly Entry[] {
  const list = isJsonObject(value) ? value['parametersByScope'] : undefined;
  return (Array.isArray(list) ? list : []).flatMap((entry: Json, index): readonly Entry[] =>
    isJsonObject(entry) ? [{ entry, path: ['parametersByScope', index] }] : [],
  );
}

function parameterEntries(value: Json, at: JsonPath): readonly (readonly [string, Json])[] {
  const parameters = at.reduce<Json | undefined>(stepInto, value);
  return Object.entries(isJsonObject(parameters) ? parameters : {}).map(([name, given]) => [
    name,
    given ?? null,
  ]);
}

function stepInto(value: Json | undefined, step: string | number): Json | undefined {
  if (isJsonObject(value)) return value[step];
  return Array.isArray(value) ? value[Number(step)] : undefined;
}

/** Azure ignores letter case in the names of tags, so two of a scope that differ in nothing else are one. */
export function repeatedTags(scope: Json | undefined, path: JsonPath): readonly Mistake[] {
  const tag = isJsonObject(scope) ? scope['tag'] : undefined;
  const names = isJsonObject(tag) ? Object.keys(tag) : [];
  return names.flatMap((name, position) => {
    const earlier = names.slice(0, position).find((other) => other.toLowerCase() === name.toLowerCase());
    if (earlier === undefined) return [];
    const message = `${JSON.stringify(earlier)} and ${JSON.stringify(name)} are the same tag: Azure ignores letter case in their names`;
    return [{ path: [...path, 'tag', name], message }];
  });
}

/** The limits on writes of a configuration that has some. */
export function writeLimits(document: UserDocument, value: Json): WriteLimits {
  const { allow, maxChanges, never } = objectAt(isJsonObject(value) ? value : {}, 'writes');
  return {
    ...(Array.isArray(allow)
      ? { allow: { risks: allow.filter(isRisk), origin: document.locate(['writes', 'allow'], 'key') } }
      : {}),
    ...(typeof maxChanges === 'number'
      ? { maxChanges: { most: maxChanges, origin: document.locate(['writes', 'maxChanges'], 'key') } }
      : {}),
    never: (Array.isArray(never) ? never : []).flatMap((scope: Json, index) =>
      isScope(scope) ? [{ scope, origin: document.locate(['writes', 'never', index]) }] : [],
    ),
  };
}

function isRisk(value: Json): value is Risk {
  return risks.some((risk) => risk === value);
}
