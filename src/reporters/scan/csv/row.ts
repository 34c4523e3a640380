import { terminalText } from '../../text/terminal.ts';

/** New ones are added behind all others: formulas and scripts of users count on their places. */
export const rowColumns = [
  'compliance',
  'severity',
  'ruleId',
  'ruleName',
  'ruleTitle',
  'resourceName',
  'resourceType',
  'subscriptionName',
  'subscriptionId',
  'resourceGroup',
  'location',
  'evidence',
  'message',
  'fix',
  'risk',
  'controls',
  'exemptionCategory',
  'exemptionReason',
  'exemptionOwner',
  'exemptionTicket',
  'exemptionExpiresOn',
  'baselineState',
  'resourceId',
  'fingerprint',
  'helpUri',
] as const;

/** The same in every row. */
export const scanColumns = ['scanScope', 'scanComplete', 'scanFinishedAt'] as const;

/** Those that came later: the places of all others stay what they were. */
export const laterColumns = [
  'exemptionId',
  'parameters',
  'declaredAt',
  'controlVerdict',
  'today',
  'todayResourceId',
] as const;

/** The texts of a row as they are; what is left out is an empty cell. */
export type Row = Readonly<
  Partial<Record<(typeof rowColumns)[number] | (typeof laterColumns)[number], string | undefined>>
>;

/**
 * Untrusted text for a cell: one line, and no formula, wherever a spreadsheet may begin one. Behind quotes and spaces, since
 * some take these away; behind a semicolon, since where the comma is the decimal mark a spreadsheet parts cells there.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(text: string): string {
  // Most cells are names and ids: nothing in them has to be looked at twice.
  if (text.length < 256 && /^(?:[A-Za-z0-9/][A-Za-z0-9 ._/()-]*)?$/.test(text)) return text;
  const inert = terminalText(text).replaceAll(/(^|;)(?=[\s"']*[=+\-@＝＋－＠])/g, "$1'");
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
