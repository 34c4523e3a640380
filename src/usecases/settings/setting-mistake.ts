import { PolicyError, type Problem, UsageError } from '../../model/errors.ts';
import type { Origin } from '../../model/settings.ts';
import { inReadingOrder } from '../../documents/document.ts';

/** A setting that fits no rule, or names no file. */
export interface SettingMistake {
  readonly origin: Origin;
  readonly message: string;
  readonly hint: string;
}

/** Throws all mistakes as one error: a PolicyError where only files are wrong, a UsageError where flags are, too. */
export function refuseMistakes(mistakes: readonly SettingMistake[]): void {
  const problems = mistakes.flatMap(({ origin, message, hint }): readonly Problem[] =>
    typeof origin === 'string' ? [] : [{ ...origin, message: `${message} ${hint}`.trim() }],
  );
  const inFiles = problems.length === 0 ? undefined : new PolicyError(inReadingOrder(problems));
  const inFlags = mistakes.flatMap(({ origin, message, hint }) =>
    typeof origin === 'string' ? [{ text: `${origin}: ${message}`, hint }] : [],
  );
  if (inFlags.length === 0) {
    if (inFiles !== undefined) throw inFiles;
    return;
  }
  const messages = inFlags.map(({ text }) => text);
  const hints = new Set(inFlags.map(({ hint }) => hint));
  throw new UsageError(
    [...messages, ...(inFiles === undefined ? [] : [inFiles.message])].join('\n'),
    [...hints].join('\n'),
  );
}
