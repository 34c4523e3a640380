import type { Mistake } from '../../documents/mistake.ts';

/** What a check found: mistakes that refuse the file, and what is merely suspicious. */
export interface CheckResult {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

/** Nothing found. */
export const none: CheckResult = { mistakes: [], warnings: [] };
