import { didYouMean } from '../../documents/suggestions.ts';
import type { Json } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { Rule } from '../../model/rule.ts';
import type { ScopedValues } from '../../model/scoped-values.ts';
import type { Origin, ParameterSetting, RuleSettings } from '../../model/settings.ts';
import { checkParameter, parseParameter } from '../../rules/parameters.ts';
import { contradictions, inPrecedence } from '../../rules/scopes/values.ts';
import { knownRules, type RulesFound, unknownRules } from './rules-found.ts';
import { problemMistakes, type SettingMistake } from './setting-mistake.ts';

/** Values of parameters by the id of their rule, and the settings that cannot be applied. */
interface ParameterValues {
  readonly values: ReadonlyMap<string, Readonly<Record<string, Json>>>;
  readonly mistakes: readonly SettingMistake[];
}

/** Applies each setting to its rules; a later setting overrules an earlier one. */
export function parameterValues(found: RulesFound, settings: readonly ParameterSetting[]): ParameterValues {
  const { rules } = found;
  const values = new Map<string, Record<string, Json>>();
  const mistakes: SettingMistake[] = [];
  for (const setting of settings) {
    const targets = rules.filter((rule) => isAbout(setting, rule));
    if (targets.length === 0) mistakes.push(...noSuchParameter(found, setting));
    for (const rule of targets) {
      const value = valueFor(rule, setting);
      const mistake = mistakeIn(value, rule, setting);
      if (mistake === undefined) values.set(rule.id, { ...values.get(rule.id), [setting.name]: value });
      else mistakes.push(mistake);
    }
  }
  return { values, mistakes };
}

/**
 * A mistake for each setting of a file whose rule has it there under another name as well: the last one would count, and a person
 * may read the first. `nameOf` says what is set.
 */
export function setTwice<S extends { readonly rule?: string; readonly origin: Origin }>(
  settings: readonly S[],
  nameOf: (setting: S) => string,
): readonly SettingMistake[] {
  const places = new Map<string, Location>();
  return settings.flatMap((setting): readonly SettingMistake[] => {
    const { rule, origin } = setting;
    if (rule === undefined || typeof origin === 'string') return [];
    const key = JSON.stringify([rule.toLowerCase(), nameOf(setting), origin.file]);
    const first = places.get(key);
    places.set(key, first ?? origin);
    if (first === undefined) return [];
    const message = `${nameOf(setting)} of ${rule} is set at ${first.file}:${first.line}:${first.column} as well, by another name of the rule.`;
    return [{ origin, message, hint: 'Keep one of them.' }];
  });
}

/** Values of parameters in scopes by the id of their rule, the most specific scope first, and the settings that are wrong. */
interface ScopedParameterValues {
  readonly byScope: ReadonlyMap<string, readonly ScopedValues[]>;
  readonly mistakes: readonly SettingMistake[];
}

/** Applies the settings of each scope to its rules, but for what a flag has set: that holds everywhere. */
export function scopedValues(found: RulesFound, settings: RuleSettings): ScopedParameterValues {
  const flags = settings.parameters.filter(({ origin }) => typeof origin === 'string');
  const overruled = parameterValues(found, flags).values;
  const byScope = new Map<string, readonly ScopedValues[]>();
  const mistakes: SettingMistake[] = [];
  for (const { scope, parameters, origin, layer } of settings.parametersByScope ?? []) {
    const set = parameterValues(found, parameters);
    mistakes.push(...set.mistakes, ...setTwice(parameters, ({ name }) => name));
    for (const [id, values] of set.values) {
      const left = Object.entries(values).filter(([name]) => !Object.hasOwn(overruled.get(id) ?? {}, name));
      const placed = left.map(([name, value]) => [
        name,
        { value, origin: originOf({ id, name: id }, name, parameters) ?? origin },
      ]);
      const entry = { scope, values: Object.fromEntries(placed), origin, layer };
      if (left.length > 0) byScope.set(id, [...(byScope.get(id) ?? []), entry]);
    }
  }
  for (const [id, entries] of byScope) {
    mistakes.push(...problemMistakes(contradictions(id, entries)));
    byScope.set(id, inPrecedence(entries));
  }
  return { byScope, mistakes };
}

/** The last setting for a parameter of a rule, which is in force; rules are called by their ids or names. */
export function settingInForce(
  rule: Pick<Rule, 'id' | 'name'>,
  name: string,
  settings: readonly ParameterSetting[],
): ParameterSetting | undefined {
  const known = new Set([rule.id, rule.name].map((one) => one.toLowerCase()));
  return settings.findLast(
    (one) => one.name === name && (one.rule === undefined || known.has(one.rule.toLowerCase())),
  );
}

function originOf(...about: Parameters<typeof settingInForce>): Location | undefined {
  const setting = settingInForce(...about);
  return typeof setting?.origin === 'object' ? setting.origin : undefined;
}

function isAbout({ rule, name }: ParameterSetting, { id, parameters }: Rule): boolean {
  return Object.hasOwn(parameters, name) && (rule === undefined || rule.toLowerCase() === id.toLowerCase());
}

function valueFor({ parameters }: Rule, { name, given }: ParameterSetting): Json {
  if ('value' in given) return given.value;
  const definition = parameters[name];
  return definition === undefined ? given.text : parseParameter(definition, given.text);
}

function mistakeIn(
  value: Json,
  { id, parameters }: Rule,
  { name, origin }: ParameterSetting,
): SettingMistake | undefined {
  const definition = parameters[name];
  const wrong = definition === undefined ? undefined : checkParameter(definition, value);
  if (wrong === undefined) return undefined;
  return { origin, message: `${name} of ${id} ${wrong}.`, hint: definition?.description ?? '' };
}

function noSuchParameter(found: RulesFound, setting: ParameterSetting): readonly SettingMistake[] {
  const { rules } = found;
  const { rule: id, name, origin } = setting;
  const unknown = id === undefined ? [] : unknownRules(knownRules(found), [{ rule: id, origin }]);
  if (unknown.length > 0) return unknown;
  const rule = rules.find((candidate) => candidate.id.toLowerCase() === id?.toLowerCase());
  // One whose file is wrong may have it.
  if (id !== undefined && rule === undefined) return [];
  const names = Object.keys(rule?.parameters ?? Object.assign({}, ...rules.map((each) => each.parameters)));
  const some = found.areAll ? 'No rule has' : 'No rule that could be read has';
  const where = rule === undefined ? some : `${rule.id} does not have`;
  const hint = names.length === 0 ? 'It has no parameters.' : `Known parameters: ${names.join(', ')}.`;
  return [{ origin, message: `${where} a parameter ${name}.${didYouMean(name, names)}`, hint }];
}
