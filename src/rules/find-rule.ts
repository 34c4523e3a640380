import { compareText } from '../model/compare-text.ts';
import type { Rule } from '../model/rule.ts';
import { nearest } from '../documents/suggestions.ts';

/** A rule as people call it. */
export type NamedRule = Pick<Rule, 'id' | 'name'>;

/** The rules that there are. */
export interface KnownRules {
  readonly named: readonly NamedRule[];
  /** False where some could not be read, so that one which is not among them may be there. */
  readonly areAll: boolean;
}

/** The rules that are meant by an id or a name, in any letter case: none, one, or several where they share a name. */
export function findRules<R extends NamedRule>(written: string, rules: readonly R[]): readonly R[] {
  const wanted = written.toLowerCase();
  const byId = rules.filter(({ id }) => id.toLowerCase() === wanted);
  return byId.length > 0 ? byId : rules.filter(({ name }) => name.toLowerCase() === wanted);
}

/**
 * Says why text means no single rule, without a full stop; `undefined` where it does. Of ids as near to what was written, one
 * with the same number is meant: `AKV02` is AKV002, not AKV102.
 */
export function describeNoRule(written: string, { named: rules, areAll }: KnownRules): string | undefined {
  const found = findRules(written, rules);
  if (found.length === 1) return undefined;
  if (found.length > 1)
    return `${found.length} rules are called ${written}: name the one that is meant by its id, ${found.map(({ id }) => id).join(' or ')}`;
  const meant =
    sameNumber(written, rules) ??
    nearest(
      written,
      rules.flatMap(({ id, name }) => [id, name]),
    );
  const among = areAll ? '' : ' among those that could be read';
  return `there is no rule ${written}${among}${meant === undefined ? '' : `. Did you mean ${meant}?`}`;
}

function sameNumber(written: string, rules: readonly NamedRule[]): string | undefined {
  const wanted = numbered(written);
  return wanted === undefined ? undefined : rules.find(({ id }) => numbered(id) === wanted)?.id;
}

/** `akv 2` for AKV2, akv-02 and AKV002. */
function numbered(id: string): string | undefined {
  const [, letters, number] = /^([a-z]+)[ _-]?0*(\d+)$/i.exec(id) ?? [];
  return letters === undefined ? undefined : `${letters.toLowerCase()} ${number}`;
}

/** The names of the frameworks whose controls rules serve, sorted; each once, whatever its letter case. */
export function frameworkNames(rules: readonly Pick<Rule, 'controls'>[]): readonly string[] {
  const names = rules.flatMap(({ controls }) => Object.keys(controls)).toSorted(compareText);
  return [...new Map(names.toReversed().map((name) => [name.toLowerCase(), name])).values()].toReversed();
}

/** The framework that is meant by a name in any letter case; `undefined` where no rule serves its controls. */
export function findFramework(written: string, rules: readonly Pick<Rule, 'controls'>[]): string | undefined {
  return frameworkNames(rules).find((name) => name.toLowerCase() === written.toLowerCase());
}
