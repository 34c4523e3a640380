import { problemLine } from '../../model/errors.ts';
import type { ExemptionNotice } from '../../model/exemption-notice.ts';
import type { Finding, FindingExemption } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { compareText } from '../../model/compare-text.ts';
import { daysBetween } from '../../model/days-between.ts';
import { count } from './counts.ts';

/** The number of days in advance that reports mention the end of an exemption. */
const soonDays = 30;

/** `waiver until 2027-03-01 (in 98 days): reason (owner, ticket)`. Days count from the end of the scan. */
export function exemptionWords(exemption: FindingExemption, report: ScanReport): string {
  const { category, reason, owner, ticket, expiresOn, id } = exemption;
  const end = expiresOn === undefined ? 'with no end date' : `until ${expiresOn}${inDays(expiresOn, report)}`;
  const name = id === undefined ? undefined : `Azure Policy exemption ${id.slice(id.lastIndexOf('/') + 1)}`;
  const who = [owner, ticket, name].filter((part) => part !== undefined && part !== '').join(', ');
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
export function daysLeft(expiresOn: string | undefined, { finishedAt }: ScanReport): number | undefined {
  return expiresOn === undefined ? undefined : daysBetween(finishedAt, expiresOn);
}

function inDays(expiresOn: string, report: ScanReport): string {
  const days = daysLeft(expiresOn, report);
  if (days === undefined || days < 0) return '';
  return days === 0 ? ' (today)' : ` (in ${count(days, 'day')})`;
}

/** A notice as compilers write a problem: `accepted.yaml:2:5  the exemption from …`, or behind the id of one of Azure. */
export function noticeLine({ at, message }: Pick<ExemptionNotice, 'at' | 'message'>): string {
  return typeof at === 'string' ? `${at}  ${message}` : problemLine({ ...at, message });
}

/** The same as a sentence. */
export function noticeSentence({ at, message }: ExemptionNotice): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/[.?]$/, '')} (${exemptionPlace(at)}).`;
}

/** The place of an exemption: `accepted.yaml:2:5`, or its id in Azure. */
export function exemptionPlace(at: ExemptionNotice['at']): string {
  return typeof at === 'string' ? at : `${at.file}:${at.line}:${at.column}`;
}
