import { compareText } from '../../model/compare-text.ts';
import { UsageError } from '../../model/errors.ts';
import type { Rule } from '../../model/rule.ts';
import type { RuleChoice, RuleSettings, SeveritySetting } from '../../model/settings.ts';
import { type CompiledRule, compileRule } from '../../rules/evaluate.ts';
import { parameterValues } from './parameter-values.ts';
import { lowerCased, unknownRules } from './rule-ids.ts';
import { refuseMistakes } from './setting-mistake.ts';

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
