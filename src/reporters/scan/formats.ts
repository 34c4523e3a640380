import type { ScanReportFormat } from './format.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { sarifFull } from './sarif-full.ts';
import { sarif } from './sarif.ts';
import { table } from './table.ts';

/** The formats of a scan report, in the order in which help lists them; the first is the default. */
export const scanReportFormats = {
  table,
  json,
  sarif,
  'sarif-full': sarifFull,
  markdown,
} as const satisfies Readonly<Record<string, ScanReportFormat>>;

/** True for the beginning of a report that a scan wrote, in any format and by any version. */
export function isScanReport(beginning: string): boolean {
  return Object.values(scanReportFormats).some((format) => format.beginning.test(beginning));
}
