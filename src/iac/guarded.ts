import type { Problem } from '../model/errors.ts';

/**
 * Runs `work` on a file that other people wrote. A fault of ours in it, which no file should cause, costs what that
 * file declares and is reported in `problems`; it is never thrown.
 */
export function guarded<T>(file: string, problems: Problem[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ file, line: 1, column: 1, message: `it cannot be read (${reason})` });
    return undefined;
  }
}
