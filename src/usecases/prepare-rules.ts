import { PolicyError, type Problem, UsageError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { Rule } from '../model/rule.ts';
import type { ParameterSetting, RuleSettings } from '../model/settings.ts';
import { type CompiledRule, compileRule } from '../rules/evaluate.ts';
import { didYouMean } from '../rules/nearest.ts';
import { checkParameter, parseParameter } from '../rules/parameters.ts';

/** Selects, tunes and compiles rules, in the order of their ids. Throws UsageError when nothing is selected or a setting fits no rule. */
export function prepareRules(rules: readonly Rule[], settings: RuleSettings): readonly CompiledRule[] {
  checkIds(rules, [...settings.rules, ...settings.excludeRules, ...Object.keys(settings.severities)]);
  const values = parameterValues(rules, settings.parameters);
  const only = lowerCased(settings.rules);
  const excluded = lowerCased(settings.excludeRules);
  const selected = rules.filter(
    ({ id }) => (only.size === 0 || only.has(id.toLowerCase())) && !excluded.has(id.toLowerCase()),
  );
  if (selected.length === 0) {
    throw new UsageError(
      'No rule is selected, so there is nothing to judge.',
      'Leave out --exclude-rule or --no-default-policies, or add rules with --policies.',
    );
  }
  const inOrder = selected.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return inOrder.map((rule) =>
    compileRule(withSeverity(rule, settings.severities), values.get(rule.id) ?? {}),
  );
}

function checkIds(rules: readonly Rule[], ids: readonly string[]): void {
  const known = rules.map((rule) => rule.id);
  const knownLower = lowerCased(known);
  const unknown = ids.find((id) => !knownLower.has(id.toLowerCase()));
  if (unknown === undefined) return;
  throw new UsageError(
    `There is no rule ${unknown}.${didYouMean(unknown, known)}`,
    'purgeproof rules list shows every rule.',
  );
}

function withSeverity(rule: Rule, severities: RuleSettings['severities']): Rule {
  const key = Object.keys(severities).find((id) => id.toLowerCase() === rule.id.toLowerCase());
  const severity = key === undefined ? undefined : severities[key];
  return severity === undefined ? rule : { ...rule, severity };
}

function parameterValues(
  rules: readonly Rule[],
  parameters: readonly ParameterSetting[],
): ReadonlyMap<string, Record<string, Json>> {
  const values = new Map<string, Record<string, Json>>();
  for (const setting of parameters) {
    const targets = rules.filter(
      ({ id, parameters: declared }) =>
        Object.hasOwn(declared, setting.name) &&
        (setting.rule === undefined || setting.rule.toLowerCase() === id.toLowerCase()),
    );
    if (targets.length === 0) throw noSuchParameter(rules, setting);
    for (const rule of targets) {
      const ofRule = values.get(rule.id) ?? {};
      values.set(rule.id, { ...ofRule, [setting.name]: checkedValue(rule, setting) });
    }
  }
  return values;
}

function checkedValue(rule: Rule, setting: ParameterSetting): Json {
  const definition = rule.parameters[setting.name];
  if (definition === undefined) throw new Error(`${rule.id} has no parameter ${setting.name}`);
  const { given } = setting;
  const value = 'text' in given ? parseParameter(definition, given.text) : given.value;
  const wrong = checkParameter(definition, value);
  if (wrong === undefined) return value;
  throw refusal(setting, `${setting.name} of ${rule.id} ${wrong}.`, definition.description ?? '');
}

function noSuchParameter(rules: readonly Rule[], setting: ParameterSetting): Error {
  const { rule: id, name } = setting;
  const rule = rules.find((candidate) => candidate.id.toLowerCase() === id?.toLowerCase());
  if (id !== undefined && rule === undefined) {
    const known = rules.map((candidate) => candidate.id);
    return refusal(
      setting,
      `There is no rule ${id}.${didYouMean(id, known)}`,
      'purgeproof rules list shows every rule.',
    );
  }
  const names = Object.keys(rule?.parameters ?? Object.assign({}, ...rules.map((each) => each.parameters)));
  const where = rule === undefined ? 'No rule has' : `${rule.id} does not have`;
  const hint = names.length === 0 ? 'It has no parameters.' : `Known parameters: ${names.join(', ')}.`;
  return refusal(setting, `${where} a parameter ${name}.${didYouMean(name, names)}`, hint);
}

function refusal(setting: ParameterSetting, message: string, hint: string): Error {
  if (typeof setting.origin === 'string') return new UsageError(`${setting.origin}: ${message}`, hint);
  const problem: Problem = { ...setting.origin, message: `${message} ${hint}`.trim() };
  return new PolicyError([problem]);
}

function lowerCased(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map((text) => text.toLowerCase()));
}
