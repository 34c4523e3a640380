import type { Expression } from '../languages/expression.ts';
import { longestLiteral, type NamePattern } from './name-pattern.ts';
import type { Value, Values } from './value.ts';

/**
 * Work that is left, in steps of roughly a microsecond: a limit for text that was written to be endless. `depth` counts
 * the expressions that are being worked out inside each other.
 */
export interface Budget {
  steps: number;
  depth: number;
  /** True when something was not worked out because it would be endless. */
  metEndless?: boolean;
}

/** Takes a part of what is left for one piece of work, which then cannot use up all of it. */
export function shareOf(whole: Budget, most: number): Budget {
  return { steps: Math.max(0, Math.min(most, whole.steps)), depth: 0 };
}

/** Counts work that was done. */
export function spend(budget: Budget, steps: number): void {
  budget.steps -= steps;
}

/** The cost of having made these values, beyond the one step of having asked for them. */
export function costOf(values: Values): number {
  return values.reduce((sum, value) => sum + costOfOne(value), values.length - 1);
}

function costOfOne(value: Value): number {
  // A document is read as often as it is asked for.
  if (value.kind === 'text') return lengthOf(value.pattern) / 100 + (value.whole?.length ?? 0) / 20;
  if (value.kind === 'list') return value.items.length / 10;
  return value.kind === 'map' ? value.entries.size / 10 : 0;
}

function lengthOf(pattern: NamePattern): number {
  return pattern.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 10), 0);
}

/** True where a text of that length is longer than any that is kept. */
export function isTooLong(length: number): boolean {
  return !(length <= longestLiteral);
}

/** The cost of an expression's width: an object or list is made whole even where one element of it is asked for. */
export function breadthOf(expression: Expression): number {
  if (expression.kind === 'array') return expression.items.length / 10;
  return expression.kind === 'object' ? expression.entries.length / 10 : 0;
}
