import { didYouMean } from '../../documents/suggestions.ts';
import { compareText } from '../../model/compare-text.ts';
import type { Rule } from '../../model/rule.ts';
import type { FrameworkChoice, RuleChoice, RuleSettings, SeveritySetting } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { compileRule } from '../../rules/evaluate.ts';
import { findFramework, findRules, frameworkNames } from '../../rules/find-rule.ts';
import { everyVariant } from '../../rules/scopes/in-force.ts';
import { parameterValues, scopedValues, setTwice } from './parameter-values.ts';
import { knownRules, type RulesFound, unknownRules } from './rules-found.ts';
import { type ChosenRules, withEffects } from './policy-effects.ts';
import { type Checked, refuseMistakes, type SettingMistake } from './setting-mistake.ts';

/** As `checkChoices` does. Throws PolicyError or UsageError with every setting that fits no rule. */
export function prepareRules(rules: readonly Rule[], written: RuleSettings): readonly CompiledRule[] {
  const { value, mistakes } = checkChoices({ rules, faulty: [], areAll: true }, written);
  refuseMistakes(mistakes);
  return value.compiled;
}

/**
 * Selects, tunes and compiles rules, in the order of their ids. Mistakes are settings that fit no rule, and a selection of
 * nothing, if every rule was read.
 */
export function checkChoices(found: RulesFound, written: RuleSettings): Checked<SelectedRules> {
  const { rules } = found;
  const known = knownRules(found);
  const settings = withIds(rules, written);
  const { values, mistakes: misfits } = parameterValues(found, settings.parameters);
  const { byScope, mistakes: inScopes } = scopedValues(found, settings);
  const chosen = [...settings.rules, ...settings.excludeRules, ...settings.severities];
  const { frameworks, mistakes: unserved } = chosenFrameworks(found, written.frameworks ?? []);
  const doubled = [
    ...setTwice(settings.parameters, ({ name }) => name),
    ...setTwice(settings.severities, () => 'The severity'),
  ];
  const mistakes = [...unknownRules(known, chosen), ...unserved, ...misfits, ...inScopes, ...doubled];
  const only = idsOf(settings.rules);
  const excluded = idsOf(settings.excludeRules);
  const selected = rules.filter(
    ({ id, controls }) =>
      (only.size === 0 || only.has(id.toLowerCase())) &&
      !excluded.has(id.toLowerCase()) &&
      (frameworks.length === 0 || servesAny(controls, frameworks)),
  );
  if (selected.length === 0 && known.areAll && mistakes.length === 0)
    return { value: { compiled: [], disabled: [], frameworks }, mistakes: [nothingSelected] };
  const inOrder = selected.toSorted((a, b) => compareText(a.id, b.id));
  const compiled = inOrder.map((rule) =>
    compileRule(
      withSeverity(rule, settings.severities),
      values.get(rule.id) ?? {},
      byScope.get(rule.id) ?? [],
    ),
  );
  const { value, mistakes: unset } = withEffects(compiled);
  const nothingLeft = value.compiled.length === 0 && value.disabled.length > 0 ? [allDisabled] : [];
  return {
    value: { ...value, frameworks },
    mistakes: [...mistakes, ...unset, ...compiled.flatMap(otherEffects), ...nothingLeft],
  };
}

/** The rules of a scan, and the frameworks by whose controls it reports. */
interface SelectedRules extends ChosenRules {
  /** As rules name them. */
  readonly frameworks: readonly string[];
}

/** The rules that serve controls of one of these frameworks. Throws UsageError for a framework that no rule serves. */
export function servingRules(rules: readonly Rule[], choices: readonly FrameworkChoice[]): readonly Rule[] {
  const { frameworks, mistakes } = chosenFrameworks({ rules, faulty: [], areAll: true }, choices);
  refuseMistakes(mistakes);
  return frameworks.length === 0 ? rules : rules.filter(({ controls }) => servesAny(controls, frameworks));
}

/** The frameworks that are meant; a mistake is one whose controls no rule serves, if every rule was read. */
function chosenFrameworks(
  { rules, areAll }: RulesFound,
  choices: readonly FrameworkChoice[],
): Pick<SelectedRules, 'frameworks'> & { readonly mistakes: readonly SettingMistake[] } {
  const known = frameworkNames(rules);
  const found = choices.map(({ framework, origin }) => {
    const name = findFramework(framework, rules);
    return { name, mistake: { origin, ...unservedFramework(framework, known) } };
  });
  const mistakes = found.flatMap(({ name, mistake }) => (name === undefined && areAll ? [mistake] : []));
  return { frameworks: [...new Set(found.flatMap(({ name }) => name ?? []))], mistakes };
}

function unservedFramework(written: string, known: readonly string[]): Omit<SettingMistake, 'origin'> {
  return {
    message: `No rule serves controls of a framework ${written}.${didYouMean(written, known)}`,
    hint: known.length === 0 ? 'Rules name frameworks under controls.' : `Rules serve: ${known.join(', ')}`,
  };
}

function servesAny(controls: Rule['controls'], frameworks: readonly string[]): boolean {
  const served = new Set(Object.keys(controls).map((name) => name.toLowerCase()));
  return frameworks.some((name) => served.has(name.toLowerCase()));
}

const nothingSelected: SettingMistake = {
  message: 'No rules are selected, so there is nothing to check.',
  hint: 'Leave out --exclude-rule or --no-default-policies, or add rules with --policies.',
};

const allDisabled: SettingMistake = {
  message: 'Every definition that is selected is disabled by its effect, so there is nothing to check.',
  hint: 'Enable one with --param ID.effect=audit, or select other rules.',
};

/** Refuses effects that differ by scope: it depends on its effect if a definition of Azure Policy is evaluated at all. */
function otherEffects(compiled: CompiledRule): readonly SettingMistake[] {
  const [entry] = compiled.byScope ?? [];
  const isOther = everyVariant(compiled).rules.some(({ effect }) => effect !== compiled.effect);
  if (entry === undefined || !isOther) return [];
  const message = `The effect of ${compiled.rule.id} cannot differ by scope.`;
  return [{ origin: entry.origin, message, hint: 'Set it under parameters, or exempt the scope.' }];
}

/** The same settings with the ids of rules that are called by their names. */
function withIds(rules: readonly Rule[], settings: RuleSettings): RuleSettings {
  const withId = <T extends { readonly rule?: string }>(one: T): T => {
    const [found, another] = one.rule === undefined ? [] : findRules(one.rule, rules);
    return found === undefined || another !== undefined ? one : { ...one, rule: found.id };
  };
  return {
    ...settings,
    rules: settings.rules.map(withId),
    excludeRules: settings.excludeRules.map(withId),
    severities: settings.severities.map(withId),
    parameters: settings.parameters.map(withId),
    parametersByScope: (settings.parametersByScope ?? []).map((entry) =>
      Object.assign({}, entry, { parameters: entry.parameters.map(withId) }),
    ),
  };
}

function withSeverity(rule: Rule, severities: readonly SeveritySetting[]): Rule {
  const setting = severities.find((each) => each.rule.toLowerCase() === rule.id.toLowerCase());
  return setting === undefined ? rule : { ...rule, severity: setting.severity };
}

function idsOf(choices: readonly RuleChoice[]): ReadonlySet<string> {
  return lowerCased(choices.map(({ rule }) => rule));
}

/** Ids in the form in which they are compared. */
function lowerCased(ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.map((id) => id.toLowerCase()));
}
