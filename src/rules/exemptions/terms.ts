import { daysBetween, endsSoon } from '../../model/days-between.ts';
import type { Exemption, ListedExemption } from '../../model/exemption.ts';
import type { ExemptionNotice } from '../../model/exemption-notice.ts';
import type { Finding } from '../../model/finding.ts';
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

/** The exemptions of a file with their state at `now`; with the findings of a report, how many each covers there. */
export function listExemptions(
  exemptions: readonly Exemption[],
  { findings, now }: { readonly findings: readonly Finding[] | undefined; readonly now: Date },
): readonly ListedExemption[] {
  return exemptions.map((exemption) => ({
    exemption,
    state: stateOf(exemption, now),
    daysLeft: Math.max(0, daysBetween(now.toISOString(), exemption.expiresOn) ?? 0),
    ...(findings === undefined ? {} : { covers: findings.filter((one) => isBy(one, exemption)).length }),
  }));
}

function stateOf(exemption: Exemption, now: Date): ListedExemption['state'] {
  if (hasExpired(exemption, now)) return 'expired';
  return endsSoon(exemption.expiresOn, now) ? 'endsSoon' : 'inForce';
}

/** A report says by whom and why a finding is exempt, and not by which line of a file. */
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
