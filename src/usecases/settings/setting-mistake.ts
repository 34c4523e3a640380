import { PolicyError, type Problem, UsageError } from '../../model/errors.ts';
import type { Origin } from '../../model/settings.ts';
import { inReadingOrder } from '../../documents/document.ts';

/** A setting that fits no rule, names no file, or is wrong in itself. */
export interface SettingMistake {
  /** Left out where the message says what it is about. */
  readonly origin?: Origin;
  readonly message: string;
  readonly hint: string;
}

/** The result of a step, made of whatever is right, and everything that is wrong. */
export interface Checked<T> {
  readonly value: T;
  readonly mistakes: readonly SettingMistake[];
}

/** Runs a step that refuses by throwing; where it does, its mistakes come with `otherwise`. */
export async function collectMistakes<T>(step: () => T | Promise<T>, otherwise: T): Promise<Checked<T>> {
  try {
    return { value: await step(), mistakes: [] };
  } catch (error) {
    return { value: otherwise, mistakes: mistakesIn(error) };
  }
}

/** The mistakes that an error tells. Throws the error where it tells none. */
export function mistakesIn(error: unknown): readonly SettingMistake[] {
  if (error instanceof PolicyError) return problemMistakes(error.problems);
  if (error instanceof UsageError)
    return [{ message: error.message, hint: error.hint }, ...problemMistakes(error.problems)];
  throw error;
}

/** Problems of files as mistakes. */
export function problemMistakes(problems: readonly Problem[]): readonly SettingMistake[] {
  return problems.map(({ message, file, line, column }) => {
    return { origin: { file, line, column }, message, hint: '' };
  });
}

/** Throws all mistakes as one error: a PolicyError where only files are wrong, a UsageError where flags are, too. */
export function refuseMistakes(mistakes: readonly SettingMistake[]): void {
  const problems = inReadingOrder(
    mistakes.flatMap(({ origin, message, hint }): readonly Problem[] =>
      typeof origin === 'object' ? [{ ...origin, message: `${message} ${hint}`.trim() }] : [],
    ),
  );
  const others = mistakes.filter(({ origin }) => typeof origin !== 'object');
  if (others.length > 0) {
    const messages = others.map(({ origin, message }) =>
      typeof origin === 'string' ? `${origin}: ${message}` : message,
    );
    const hints = new Set(others.map(({ hint }) => hint).filter((hint) => hint !== ''));
    throw new UsageError(messages.join('\n'), [...hints].join('\n'), problems);
  }
  if (problems.length > 0) throw new PolicyError(problems);
}
