import type { Resource } from './resource.ts';

/** A count to be taken of rows that no rule can fail on. Tallies of the same rows are counted in one column. */
export interface Tally {
  readonly column: string;
  readonly type: string;
  /** With a rule: those to which it does not apply. */
  readonly ruleId?: string;
  /** With the place of scoped parameters: those that may be in their scope. With neither: all of them. */
  readonly scope?: string;
  /** KQL over the columns of `resources` and the column `kept`. */
  readonly where: string;
}

/** The place of scoped parameters, and KQL that holds on every row that may be in their scope. */
export type ScopeToCount = Pick<Required<Tally>, 'scope' | 'where'>;

/** True for a count of all rows of a type. */
export function countsAll({ ruleId, scope }: Tally): boolean {
  return ruleId === undefined && scope === undefined;
}

/** The work that Resource Graph is asked to do itself: which rows to return, and what to count of the others. */
export interface PushedDown {
  /** KQL over the columns of `resources`: the rows that must be judged here. */
  readonly where: string;
  /** Each is about rows where `kept`, the value of `where`, is false. */
  readonly tallies: readonly Tally[];
}

/** The rows that a scan is limited to. */
export interface RowFilter {
  /** KQL over the columns of `resources` that holds on every row that may be kept. */
  readonly where: string;
  /** KQL that holds where the row may yet be left out; absent where `where` decides. */
  readonly unsure?: string;
  /** True where a resource is kept: what could not be read of it does not leave it out. */
  readonly keeps: (resource: Resource) => boolean;
}

/** The rows that a scan wants of a source. */
export interface RowsWanted {
  /** Rows that it leaves out are not wanted; a source may return them all the same. */
  readonly filter?: RowFilter;
  /** The work that is left to Resource Graph; every row is read where it is missing. */
  readonly pushedDown?: PushedDown;
  /** True where what could not be read of a resource leaves some rule undecided. */
  readonly isUndecided: (resource: Resource) => boolean;
}
