import type { Rule } from '../../model/rule.ts';
import type { RuleChoice } from '../../model/settings.ts';
import { didYouMean } from '../../documents/suggestions.ts';
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
  const loaded = lowerCased(rules.map(({ id }) => id));
  return choices
    .filter(({ rule }) => !loaded.has(rule.toLowerCase()))
    .map(({ rule, origin }) => ({
      origin,
      message: `There is no rule ${rule}.${suggestion(rule, rules)}`,
      hint: 'purgeproof rules list shows every rule.',
    }));
}

/** Rules are chosen by id; who writes the name of a rule is told its id. */
function suggestion(written: string, rules: readonly Rule[]): string {
  const named = rules.find(({ name }) => name === written.toLowerCase());
  return named === undefined
    ? didYouMean(
        written,
        rules.map(({ id }) => id),
      )
    : ` Did you mean ${named.id}?`;
}
