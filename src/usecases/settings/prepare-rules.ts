import { compareText } from '../../model/compare-text.ts';
import { UsageError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import type { Rule } from '../../model/rule.ts';
import type { ParameterSetting, RuleChoice, RuleSettings, SeveritySetting } from '../../model/settings.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { compileRule } from '../../rules/evaluate.ts';
import { checkParameter, parseParameter } from '../../rules/parameters.ts';
import { refuseMistakes, type SettingMistake } from './setting-mistake.ts';

/**
 * Selects, tunes and compiles rules, in the order of their ids. Throws PolicyError or UsageError with every setting
 * that fits no rule, and UsageError when nothing is selected.
 */
export function prepareRules(rules: readonly Rule[], settings: RuleSettings): readonly CompiledRule[] {
  const { values, mistakes } = parameterValues(rules, settings.parameters);
  const chosen = [...settings.rules, ...settings.excludeRules, ...settings.severities];
  refuseMistakes([...unknownRules(rules, chosen), ...mistakes]);
  const only = idsOf(settings.rules);
  const excluded = idsOf(settings.excludeRules);
  const selected = rules.filter(
    ({ id }) => (only.size === 0 || only.has(id.toLowerCase())) && !excluded.has(id.toLowerCase()),
  );
  if (selected.length === 0) {
    throw new UsageError(
      'No rules are selected, so there is nothing to check.',
      'Leave out --exclude-rule or --no-default-policies, or add rules with --policies.',
    );
  }
  const inOrder = selected.toSorted((a, b) => compareText(a.id, b.id));
  return inOrder.map((rule) =>
    compileRule(withSeverity(rule, settings.severities), values.get(rule.id) ?? {}),
  );
}

function withSeverity(rule: Rule, severities: readonly SeveritySetting[]): Rule {
  const setting = severities.find((each) => each.rule.toLowerCase() === rule.id.toLowerCase());
  return setting === undefined ? rule : { ...rule, severity: setting.severity };
}

function idsOf(choices: readonly RuleChoice[]): ReadonlySet<string> {
  return lowerCased(choices.map(({ rule }) => rule));
}

/** Values of parameters by the id of their rule, and the settings that cannot be applied. */
interface ParameterValues {
  readonly values: ReadonlyMap<string, Readonly<Record<string, Json>>>;
  readonly mistakes: readonly SettingMistake[];
}

/** Applies each setting to its rules; a later setting overrules an earlier one. */
function parameterValues(rules: readonly Rule[], settings: readonly ParameterSetting[]): ParameterValues {
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

/** Ids in the form in which they are compared. */
function lowerCased(ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.map((id) => id.toLowerCase()));
}

/** Choices of rules that are not loaded. */
function unknownRules(rules: readonly Rule[], choices: readonly RuleChoice[]): readonly SettingMistake[] {
  const loaded = lowerCased(rules.map(({ id }) => id));
  return choices
    .filter(({ rule }) => !loaded.has(rule.toLowerCase()))
    .map(({ rule, origin }) => ({
      origin,
      message: `There is no rule ${rule}.${suggestion(rule, rules)}`,
      hint: 'purgeproof rules list shows every rule.',
    }));
}

/** Rules are chosen by id: for the name of a rule, suggests its id. */
function suggestion(written: string, rules: readonly Rule[]): string {
  const named = rules.find(({ name }) => name === written.toLowerCase());
  return named === undefined
    ? didYouMean(
        written,
        rules.map(({ id }) => id),
      )
    : ` Did you mean ${named.id}?`;
}
