import { PolicyError, type Problem, UsageError } from '../model/errors.ts';
import type { Origin } from '../model/settings.ts';
import { inReadingOrder } from '../rules/load/mistake.ts';

/** A setting that fits no rule. */
export interface SettingMistake {
  readonly origin: Origin;
  readonly message: string;
  readonly hint: string;
}

/** Throws PolicyError with everything that a file says wrongly, else UsageError with everything that flags do. */
export function refuseMistakes(mistakes: readonly SettingMistake[]): void {
  const problems = mistakes.flatMap(({ origin, message, hint }): readonly Problem[] =>
    typeof origin === 'string' ? [] : [{ ...origin, message: `${message} ${hint}`.trim() }],
  );
  if (problems.length > 0) throw new PolicyError(inReadingOrder(problems));
  const messages = mistakes.flatMap(({ origin, message }) =>
    typeof origin === 'string' ? [`${origin}: ${message}`] : [],
  );
  if (messages.length === 0) return;
  const hints = new Set(mistakes.map(({ hint }) => hint));
  throw new UsageError(messages.join('\n'), [...hints].join('\n'));
}
