import type { Resource } from '../../model/resource.ts';
import { type CompiledRule, judge } from '../evaluate.ts';
import { type PushedDown, pushDown } from './push-down.ts';

/** What a scan wants of a source. */
export interface RowsWanted {
  /** What may be left inside Resource Graph; every row is read where it is missing. */
  readonly pushedDown?: PushedDown;
  /** True where what could not be read of a resource leaves some rule undecided. */
  readonly isUndecided: (resource: Resource) => boolean;
}

/** What rules about resources of some types need; `all`: every row, though no rule can fail on it. */
export function rowsWanted(
  rules: readonly CompiledRule[],
  types: readonly string[],
  { all }: { readonly all: boolean },
): RowsWanted {
  return {
    ...(all ? {} : { pushedDown: pushDown(rules, types) }),
    isUndecided: (resource) =>
      rules.some((rule) => rule.appliesTo(resource.type) && judge(rule, resource) === 'unknown'),
  };
}
