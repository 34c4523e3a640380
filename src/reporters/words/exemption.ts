import type { Finding, FindingExemption } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { compareText } from '../../model/compare-text.ts';
import { count } from './counts.ts';

/** The number of days in advance that reports mention the end of an exemption. */
const soonDays = 30;
const dayMs = 86_400_000;

/** `waiver until 2027-03-01 (in 98 days): reason (owner, ticket)`. Days count from the end of the scan. */
export function exemptionWords(exemption: FindingExemption, report: ScanReport): string {
  const { category, reason, owner, ticket, expiresOn } = exemption;
  const end = expiresOn === undefined ? 'with no end date' : `until ${expiresOn}${inDays(expiresOn, report)}`;
  const who = [owner, ticket].filter((part) => part !== undefined && part !== '').join(', ');
  return `${category} ${end}: ${reason}${who === '' ? '' : ` (${who})`}`;
}

/** The exempt findings whose exemption ends soon, the next to end first. */
export function endingSoon(report: ScanReport): readonly Finding[] {
  return report.findings
    .filter(({ exemption }) => {
      const days = daysLeft(exemption?.expiresOn, report);
      return days !== undefined && days <= soonDays;
    })
    .toSorted((a, b) => compareText(a.exemption?.expiresOn ?? '', b.exemption?.expiresOn ?? ''));
}

/** Whole days from the end of the scan to the last day of an exemption; undefined without a date. */
function daysLeft(expiresOn: string | undefined, report: ScanReport): number | undefined {
  const last = Date.parse(`${expiresOn}T00:00:00Z`);
  const today = Date.parse(`${report.finishedAt.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(last - today) ? undefined : Math.round((last - today) / dayMs);
}

function inDays(expiresOn: string, report: ScanReport): string {
  const days = daysLeft(expiresOn, report);
  if (days === undefined || days < 0) return '';
  return days === 0 ? ' (today)' : ` (in ${count(days, 'day')})`;
}
