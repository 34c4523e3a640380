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

/** A sentence for each part that this scan left out, with the rules that it would judge. */
export function leftOutParts({ rules }: ScanReport): readonly string[] {
  const byPart = new Map<string, Set<string>>();
  for (const { id, notJudged = [] } of rules)
    for (const { include } of notJudged)
      if (include !== undefined) byPart.set(include, (byPart.get(include) ?? new Set()).add(id));
  return Array.from(byPart, ([part, ids]) => {
    const isOne = ids.size === 1;
    return `${[...ids].join(', ')} ${isOne ? 'is' : 'are'} judged with --include ${part}, which this scan was not given.`;
  });
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
