import type { Rule } from '../../model/rule.ts';
import type { RuleChoice } from '../../model/settings.ts';
import { describeNoRule, type KnownRules, type NamedRule } from '../../rules/find-rule.ts';
import type { SettingMistake } from './setting-mistake.ts';

/** The rules that were loaded, and those whose files are wrong. */
export interface RulesFound {
  readonly rules: readonly Rule[];
  readonly faulty: readonly NamedRule[];
  /** False where there may be others, which could not be read. */
  readonly areAll: boolean;
}

/** Every rule that can be named, each once: that one cannot be used is told by its file. */
export function knownRules({ rules, faulty, areAll }: RulesFound): KnownRules {
  const others = new Map(faulty.map((rule) => [rule.id.toLowerCase(), rule]));
  for (const { id } of rules) others.delete(id.toLowerCase());
  return { named: [...rules, ...others.values()], areAll };
}

/** Choices of rules that are not loaded, or whose name several have. */
export function unknownRules(known: KnownRules, choices: readonly RuleChoice[]): readonly SettingMistake[] {
  return choices.flatMap(({ rule, origin }) => {
    const problem = describeNoRule(rule, known);
    if (problem === undefined) return [];
    const message = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}${problem.endsWith('?') ? '' : '.'}`;
    return [{ origin, message, hint: 'See every rule: `purgeproof rules list`' }];
  });
}
