import type { Rule } from '../../model/rule.ts';
import { sha256 } from '../../remediation/canonical-json.ts';
import type { CompiledRule } from '../../rules/evaluate.ts';

/**
 * The parameters that a rule is judged with, as a sentence for its description in a report; empty where all of them have
 * their defaults. A report has no other place for them, and what it says cannot be understood, nor repaired, without.
 */
export function judgedWith({ rule, parameters }: CompiledRule): string {
  const set = Object.entries(rule.parameters).flatMap(([name, definition]) => {
    const value = JSON.stringify(parameters[name]);
    return value === JSON.stringify(definition.default) ? [] : [`${name} = ${shortened(value)}`];
  });
  return set.length === 0 ? '' : `Judged with ${set.join(', ')}.`;
}

/** Long lists would not fit where descriptions are shown; all that matters is that another list reads otherwise. */
function shortened(value: string): string {
  return value.length <= 80 ? value : `${value.slice(0, 60)}… (SHA-256 ${sha256(value).slice(0, 12)})`;
}

/** That sentence, in the description of a rule in a report. The rule may have been reworded since. */
export function judgedWithIn(reported: string, { description }: Rule): string {
  if (reported.startsWith(description)) return reported.slice(description.length).trim();
  return /(?:^|\s)(Judged with \S+ = .*\.)$/.exec(reported)?.[1] ?? '';
}
