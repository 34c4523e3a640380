import { daysBetween, endsSoon } from '../../model/days-between.ts';
import type { Exemption, ListedExemption } from '../../model/exemption.ts';
import type { ExemptionNotice } from '../../model/exemption-notice.ts';
import type { Finding } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { compileScope } from '../scopes/match.ts';
import { resolveScope } from '../scopes/resolve.ts';
import { hasExpired, isAbout } from './find.ts';

/** A notice for each exemption that has expired, and so no longer hides anything, and for each that is about to. */
export function termNotices(exemptions: readonly Exemption[], now: Date): readonly ExemptionNotice[] {
  return exemptions.flatMap((exemption): readonly ExemptionNotice[] => {
    const { rule, expiresOn, location } = exemption;
    const about = { at: location, rule, expiresOn };
    const what = `the exemption from ${rule}`;
    if (hasExpired(exemption, now))
      return [
        { ...about, kind: 'expired', message: `${what} expired on ${expiresOn} and no longer applies` },
      ];
    if (!endsSoon(expiresOn, now)) return [];
    return [{ ...about, kind: 'endsSoon', message: `${what} ends ${endWords(expiresOn, now)}` }];
  });
}

/** `on 2026-12-10, in 10 days`. */
function endWords(expiresOn: string, now: Date): string {
  const days = daysBetween(now.toISOString(), expiresOn) ?? 0;
  const left = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return `on ${expiresOn}, ${left}`;
}

/** A report as far as it tells what an exemption covers. */
type TellingReport = Pick<ScanReport, 'complete' | 'scope' | 'coverage' | 'rules' | 'findings'>;

/** The exemptions of a file with their state at `now`; with a report, how many of its findings each covers. */
export function listExemptions(
  exemptions: readonly Exemption[],
  { report, now }: { readonly report: TellingReport | undefined; readonly now: Date },
): readonly ListedExemption[] {
  const coveredBy = report && coverCounter(report, exemptions);
  return exemptions.map((exemption) => {
    const state = stateOf(exemption, now);
    return {
      exemption,
      state,
      daysLeft: Math.max(0, daysBetween(now.toISOString(), exemption.expiresOn) ?? 0),
      ...(coveredBy && { covers: coveredBy(exemption, state) }),
    };
  });
}

/**
 * Counts what is exempt by an exemption, and what it would cover in the next scan. A report lists neither tags nor management groups:
 * what depends on them is known where the scan counted exemptions of this file.
 */
function coverCounter(report: TellingReport, all: readonly Exemption[]) {
  const { findings, scope } = report;
  const known = new Map(
    scope.subscriptions.map((one) => [one.id.toLowerCase(), { ...one, managementGroups: [] }]),
  );
  const isCounted = findings.some((finding) => all.some((exemption) => isBy(finding, exemption)));
  return (exemption: Exemption, state: ListedExemption['state']): number | 'notKnown' => {
    const covers = compileScope(resolveScope(exemption.scope, [...known.values()]).scope);
    let [amount, isTold] = [0, tells(report, exemption)];
    for (const finding of findings) {
      const { ruleId, resource, compliance } = finding;
      if (!isAbout(exemption, ruleId) || (compliance !== 'exempt' && compliance !== 'nonCompliant')) continue;
      const truth = covers(resource, known.get(resource.subscriptionId.toLowerCase()));
      if (isBy(finding, exemption) ? truth !== false : truth === true && state !== 'expired') amount += 1;
      else if (truth === 'unknown' && !(isCounted && compliance === 'nonCompliant')) isTold = false;
    }
    return amount > 0 || state === 'expired' || isTold ? amount : 'notKnown';
  };
}

/** True for a report of a whole scan that judged what the exemption is about. */
function tells({ complete, scope, coverage, rules }: TellingReport, exemption: Exemption): boolean {
  const isWhole =
    scope.filter === undefined && scope.managementGroups.length === 0 && coverage.expectedFrom !== 'named';
  const isJudged = rules.some(
    ({ id, resourceType, notJudged = [] }) =>
      isAbout(exemption, id) && notJudged.length < resourceType.split(', ').length,
  );
  return complete && isWhole && isJudged;
}

function stateOf(exemption: Exemption, now: Date): ListedExemption['state'] {
  if (hasExpired(exemption, now)) return 'expired';
  return endsSoon(exemption.expiresOn, now) ? 'endsSoon' : 'inForce';
}

/** A report says by whom and why a finding is exempt, and not by which line of a file; it lists neither tags nor management groups. */
function isBy({ ruleId, exemption: found }: Finding, exemption: Exemption): boolean {
  if (found === undefined || !isAbout(exemption, ruleId)) return false;
  return (['category', 'reason', 'owner', 'ticket', 'expiresOn'] as const).every(
    (key) => found[key] === exemption[key],
  );
}

/** True where somebody has something to do: one has expired, ends soon, or covers nothing. */
export function needsReview({ state, covers }: ListedExemption): boolean {
  return state !== 'inForce' || covers === 0;
}
