import type { NotJudged, ReportRule, ScanReport } from '../../model/report.ts';
import { count } from './counts.ts';

/** A rule, and a type that it could not be judged on. */
export interface NotJudgedRule extends NotJudged {
  readonly rule: ReportRule;
}

/** Every rule and type that nothing was read for and that no part of a scan would read, in the order of the rules. */
export function notJudgedRules({ rules }: ScanReport): readonly NotJudgedRule[] {
  return rules.flatMap((rule) => without(rule).map(({ type, reason }) => ({ rule, type, reason })));
}

/**
 * A sentence for each part that this scan left out, with the rules that it would judge; and one with those that it would
 * judge on further types than those that were read.
 */
export function leftOutParts({ rules }: ScanReport): readonly string[] {
  const judged = new Set(judgedRules({ rules }));
  const byPart = new Map<string, Set<string>>();
  for (const rule of rules)
    for (const { include } of rule.notJudged ?? []) {
      if (include === undefined) continue;
      const how = judged.has(rule)
        ? `judged on more types with --include ${include}`
        : `judged with --include ${include}`;
      byPart.set(how, (byPart.get(how) ?? new Set()).add(rule.id));
    }
  return Array.from(
    byPart,
    ([how, ids]) =>
      `${[...ids].join(', ')} ${ids.size === 1 ? 'is' : 'are'} ${how}, which this scan was not given.`,
  );
}

/** The same in a few words: `5 rules, which need --include deleted,access`; empty where none is left out. */
export function leftOutRules({ rules }: ScanReport): string {
  const parts = rules.map(({ notJudged = [] }) => notJudged.flatMap(({ include }) => include ?? []));
  const amount = parts.filter(({ length }) => length > 0).length;
  if (amount === 0) return '';
  const flag = `--include ${[...new Set(parts.flat())].join(',')}`;
  return `${count(amount, 'rule')}, which ${amount === 1 ? 'needs' : 'need'} ${flag}`;
}

function without({ notJudged = [] }: ReportRule): readonly NotJudged[] {
  return notJudged.filter(({ include }) => include === undefined);
}

/** The rules that were judged on at least one of their types. */
export function judgedRules({ rules }: Pick<ScanReport, 'rules'>): readonly ReportRule[] {
  return rules.filter(
    ({ notJudged = [], resourceType }) => notJudged.length < resourceType.split(', ').length,
  );
}

/**
 * `2 rules were not judged.`; empty where each was, on all of its types. What a part would judge does not count: a scan
 * that does not ask for it is whole without.
 */
export function notJudgedWords({ rules }: ScanReport): string {
  const affected = rules.filter((rule) => without(rule).length > 0);
  const whole = affected.length - judgedRules({ rules: affected }).length;
  const inPart = affected.length - whole;
  const sentences = [
    ...(whole === 0 ? [] : [`${count(whole, 'rule was', 'rules were')} not judged.`]),
    ...(inPart === 0 ? [] : [`${count(inPart, 'rule was', 'rules were')} judged in part.`]),
  ];
  return sentences.join(' ');
}
