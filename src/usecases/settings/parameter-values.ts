import type { Json } from '../../model/json.ts';
import type { Rule } from '../../model/rule.ts';
import type { ParameterSetting } from '../../model/settings.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import { checkParameter, parseParameter } from '../../rules/parameters.ts';
import { unknownRules } from './rule-ids.ts';
import type { SettingMistake } from './setting-mistake.ts';

/** Values of parameters by the id of their rule, and the settings that give none. */
export interface ParameterValues {
  readonly values: ReadonlyMap<string, Readonly<Record<string, Json>>>;
  readonly mistakes: readonly SettingMistake[];
}

/** Finds the rules that each setting is about; a later setting overrules an earlier one. */
export function parameterValues(
  rules: readonly Rule[],
  settings: readonly ParameterSetting[],
): ParameterValues {
  const values = new Map<string, Record<string, Json>>();
  const mistakes: SettingMistake[] = [];
  for (const setting of settings) {
    const targets = rules.filter((rule) => isAbout(setting, rule));
    if (targets.length === 0) mistakes.push(noSuchParameter(rules, setting));
    for (const rule of targets) {
      const value = valueFor(rule, setting);
      const mistake = mistakeIn(value, rule, setting);
      if (mistake === undefined) values.set(rule.id, { ...values.get(rule.id), [setting.name]: value });
      else mistakes.push(mistake);
    }
  }
  return { values, mistakes };
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

function noSuchParameter(rules: readonly Rule[], setting: ParameterSetting): SettingMistake {
  const { rule: id, name, origin } = setting;
  const [unknown] = id === undefined ? [] : unknownRules(rules, [{ rule: id, origin }]);
  if (unknown !== undefined) return unknown;
  const rule = rules.find((candidate) => candidate.id.toLowerCase() === id?.toLowerCase());
  const names = Object.keys(rule?.parameters ?? Object.assign({}, ...rules.map((each) => each.parameters)));
  const where = rule === undefined ? 'No rule has' : `${rule.id} does not have`;
  const hint = names.length === 0 ? 'It has no parameters.' : `Known parameters: ${names.join(', ')}.`;
  return { origin, message: `${where} a parameter ${name}.${didYouMean(name, names)}`, hint };
}
