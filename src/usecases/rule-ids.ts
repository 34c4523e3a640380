import type { Rule } from '../model/rule.ts';
import type { RuleChoice } from '../model/settings.ts';
import { didYouMean } from '../rules/nearest.ts';
import type { SettingMistake } from './setting-mistake.ts';

/** Ids in the form in which they are compared. */
export function lowerCased(ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.map((id) => id.toLowerCase()));
}

/** Choices of rules that are not loaded. */
export function unknownRules(
  rules: readonly Rule[],
  choices: readonly RuleChoice[],
): readonly SettingMistake[] {
  const known = rules.map(({ id }) => id);
  const loaded = lowerCased(known);
  return choices
    .filter(({ rule }) => !loaded.has(rule.toLowerCase()))
    .map(({ rule, origin }) => ({
      origin,
      message: `There is no rule ${rule}.${didYouMean(rule, known)}`,
      hint: 'purgeproof rules list shows every rule.',
    }));
}
