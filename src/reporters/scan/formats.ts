import type { reportBeginnings } from './beginnings.ts';
import type { ScanReportFormat } from './format.ts';

/** A format by its name: it is loaded when a report is written in it. */
export type ListedScanFormat = () => Promise<ScanReportFormat>;

/** The formats of a scan report, in the order in which help lists them; the first is the default. */
export const scanReportFormats = {
  table: async () => (await import('./table.ts')).table,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  'sarif-full': async () => (await import('./sarif-full.ts')).sarifFull,
  markdown: async () => (await import('./markdown.ts')).markdown,
  html: async () => (await import('./html.ts')).html,
  csv: async () => (await import('./csv.ts')).csv,
  junit: async () => (await import('./junit.ts')).junit,
  ocsf: async () => (await import('./ocsf.ts')).ocsf,
} as const satisfies Readonly<Record<keyof typeof reportBeginnings, ListedScanFormat>>;
