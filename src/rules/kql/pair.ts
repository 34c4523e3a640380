import { always, and, type Kql, never, or } from './expression.ts';

/**
 * A condition as Resource Graph may approximate it. `mayHold` is true wherever the condition is true or unknown,
 * `mayFail` wherever it is false or unknown; where both are, only the evaluator can tell. Nothing is ever negated in
 * KQL, where `not(null)` is null: the opposite of a condition is its pair the other way round.
 */
export interface Pair {
  readonly mayHold: Kql;
  readonly mayFail: Kql;
}

/** The pair of a condition that KQL cannot express. */
export const unsure: Pair = { mayHold: always, mayFail: always };

/** The pair of a condition that is the same in every row. */
export function certain(holds: boolean): Pair {
  return { mayHold: holds ? always : never, mayFail: holds ? never : always };
}

/** The pair of a condition that is unknown in some rows as well. */
export function unknownToo({ mayHold, mayFail }: Pair, unknown: Kql): Pair {
  return { mayHold: or([mayHold, unknown]), mayFail: or([mayFail, unknown]) };
}

/** The pair of `not`. */
export function opposite({ mayHold, mayFail }: Pair): Pair {
  return { mayHold: mayFail, mayFail: mayHold };
}

/** The pair of `allOf`; `anyOf` is its opposite over opposites. */
export function allOf(pairs: readonly Pair[]): Pair {
  return {
    mayHold: and(pairs.map(({ mayHold }) => mayHold)),
    mayFail: or(pairs.map(({ mayFail }) => mayFail)),
  };
}

/** The pair of `anyOf`. */
export function anyOf(pairs: readonly Pair[]): Pair {
  return opposite(allOf(pairs.map(opposite)));
}
