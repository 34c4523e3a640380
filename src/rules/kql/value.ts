import type { Actual } from '../../model/rule.ts';
import { always, type Kql } from './expression.ts';
import { opposite, type Pair, unsure } from './pair.ts';

/** A value of a row as operators see it: expressions of KQL. */
export interface KqlValue {
  /** The value itself: a dynamic, or a column of text. */
  readonly raw: string;
  /** Its text, never null: a string as it is, `true`, `90`, the JSON of an array or object, empty where it is missing. */
  readonly text: string;
  readonly present: Kql;
  readonly absent: Kql;
  /** False for text whose letter case Resource Graph does not keep. */
  readonly caseKept: boolean;
  /** The value that the evaluator may find where it is absent in KQL: an empty column is text, missing tags are `{}`. */
  readonly absentAs?: Actual;
  /** Rows in which the evaluator finds a value that is absent in KQL, because its name is spelt in another letter case. */
  readonly respelt?: Kql;
}

/** One comparison of an operator in KQL. */
export interface KqlOperator {
  /** Of one value. */
  readonly on: (value: KqlValue) => Pair;
  /**
   * Rows in which an array's JSON text allows the comparison to hold, or to fail, for some value in the array. Text is
   * searched as a whole, so that arrays of any length can be looked through.
   */
  readonly within: (json: string) => Pair;
  /**
   * Rows in which an array's JSON text does not show the comparison to hold for a member of this name. That suffices only
   * where nothing else in the array has the name, and its value is a text. `undefined` where text shows nothing for sure.
   */
  readonly notShown?: (json: string, name: string) => Kql | undefined;
}

/** An operator that says nothing about the text of arrays. */
export function onValues(on: KqlOperator['on']): KqlOperator {
  return { on, within: () => unsure };
}

/** The opposite operator. */
export function oppositeOperator({ on, within }: KqlOperator): KqlOperator {
  return { on: (value) => opposite(on(value)), within: (json) => opposite(within(json)) };
}

/** A comparison of which KQL says no more than that it never holds on a missing value. */
export function presentAtLeast(value: KqlValue): Pair {
  return { mayHold: value.present, mayFail: always };
}
