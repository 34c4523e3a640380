import { meaningOf } from '../../azure-policy/effects.ts';
import type { Problem } from '../../model/errors.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import type { Checked, SettingMistake } from './setting-mistake.ts';

/** The rules of a scan. */
export interface ChosenRules {
  readonly compiled: readonly CompiledRule[];
  /** Definitions of Azure Policy that were selected, and whose effect is `disabled`. */
  readonly disabled: readonly Problem[];
}

/**
 * Applies the effects of definitions of Azure Policy: what is disabled is left out, and what cannot be evaluated has the reason.
 * Mistakes are parameters without a value.
 */
export function withEffects(rules: readonly CompiledRule[]): Checked<ChosenRules> {
  const compiled: CompiledRule[] = [];
  const disabled: Problem[] = [];
  const mistakes: SettingMistake[] = [];
  for (const rule of rules) {
    const unset = isJudged(rule) ? missingValues(rule) : [];
    mistakes.push(...unset);
    const meaning = isJudged(rule) && unset.length === 0 ? meaningOf(rule.effect ?? '') : undefined;
    if (meaning?.kind === 'disabled') disabled.push(disabledProblem(rule));
    else if (meaning?.kind === 'notEvaluated') compiled.push(notEvaluated(rule, meaning.reason));
    else compiled.push(rule);
  }
  return { value: { compiled, disabled }, mistakes };
}

/**
 * The reason why nothing is judged by a definition of Azure Policy with the parameters that it is compiled with, in a
 * sentence; `undefined` for one that is judged, and for a rule of a rule file.
 */
export function whyNotJudged(rule: CompiledRule): string | undefined {
  if (rule.rule.policy === undefined) return undefined;
  const { compiled, disabled } = withEffects([rule]).value;
  if (disabled.length > 0) return 'Its effect is disabled.';
  return compiled[0]?.rule.policy?.notEvaluated;
}

/** True for a definition that nothing but its effect and its parameters keeps from being judged. */
function isJudged({ rule: { policy } }: CompiledRule): boolean {
  return policy !== undefined && policy.notEvaluated === undefined;
}

function missingValues({ rule, parameters }: CompiledRule): readonly SettingMistake[] {
  return Object.entries(rule.parameters).flatMap(([name, { description }]): readonly SettingMistake[] => {
    if (parameters[name] !== undefined) return [];
    const meaning = description === undefined ? '' : ` ${description.replace(/[.\s]*$/u, '')}.`;
    return [
      {
        origin: rule.location,
        message: `${rule.id} needs a value for its parameter ${name}.${meaning}`,
        hint: `Set it with --param ${rule.id}.${name}=…, or leave it out with --exclude-rule ${rule.id}.`,
      },
    ];
  });
}

function disabledProblem({ rule: { id, location } }: CompiledRule): Problem {
  const { file, line, column } = location;
  return { file, line, column, message: `${id} is not selected: its effect is disabled` };
}

function notEvaluated(compiled: CompiledRule, reason: string): CompiledRule {
  const { rule } = compiled;
  return rule.policy === undefined
    ? compiled
    : {
        ...compiled,
        rule: { ...rule, policy: { ...rule.policy, notEvaluated: reason } },
        appliesTo: () => false,
      };
}
