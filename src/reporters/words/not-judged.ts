import type { NotJudged, ReportRule, ScanReport } from '../../model/report.ts';
import { count } from './counts.ts';

/** A rule, and a type that it could not be judged on. */
export interface NotJudgedRule extends NotJudged {
  readonly rule: ReportRule;
}

/** Every rule and type that nothing was read for, in the order of the rules. */
export function notJudgedRules({ rules }: ScanReport): readonly NotJudgedRule[] {
  return rules.flatMap((rule) => (rule.notJudged ?? []).map(({ type, reason }) => ({ rule, type, reason })));
}

/** The rules that were judged on at least one of their types. */
export function judgedRules({ rules }: ScanReport): readonly ReportRule[] {
  return rules.filter(
    ({ notJudged = [], resourceType }) => notJudged.length < resourceType.split(', ').length,
  );
}

/** `2 rules were not judged.`; empty where each was, on all of its types. */
export function notJudgedWords(report: ScanReport): string {
  const whole = report.rules.length - judgedRules(report).length;
  const inPart = report.rules.filter(({ notJudged }) => notJudged !== undefined).length - whole;
  const sentences = [
    ...(whole === 0 ? [] : [`${count(whole, 'rule was', 'rules were')} not judged.`]),
    ...(inPart === 0 ? [] : [`${count(inPart, 'rule was', 'rules were')} judged in part.`]),
  ];
  return sentences.join(' ');
}
