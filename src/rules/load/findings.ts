import type { Mistake } from './mistake.ts';

/** What a check found: mistakes that refuse the file, and what is merely suspicious. */
export interface Findings {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

/** Nothing found. */
export const none: Findings = { mistakes: [], warnings: [] };
