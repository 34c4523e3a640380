import { UsageError } from '../model/errors.ts';
import type { ScanReport } from '../model/report.ts';
import type { ScanReportContext, ScanReportFormat } from '../reporters/scan/format.ts';
import { scanReportFormats } from '../reporters/scan/formats.ts';
import { writeDocuments } from '../files/destinations/write.ts';
import { describeFileError } from '../files/file-error.ts';
import type { ActionInputs } from './inputs.ts';
import type { ActionWorld } from './world.ts';

/** A report that an input names a file for. */
export interface ReportFile {
  readonly format: ScanReportFormat;
  /** From the workspace. */
  readonly path: string;
}

/** A report that could not be written; the job summary has no path. */
export interface LostReport {
  readonly path?: string;
  readonly error: unknown;
}

/** The largest summary that the runner accepts, less what the runner adds; a larger one is refused as a whole. */
const maxSummaryBytes = 1024 * 1024 - 1024;

/** The files that the action writes. */
export function reportFiles({ sarifFile, jsonFile, markdownFile }: ActionInputs): readonly ReportFile[] {
  return [
    { format: scanReportFormats.sarif, path: sarifFile },
    { format: scanReportFormats.json, path: jsonFile },
    ...(markdownFile === undefined ? [] : [{ format: scanReportFormats.markdown, path: markdownFile }]),
  ];
}

/** Writes the files, the job summary and the folded table of the log; returns what could not be written. */
export async function writeReports(
  report: ScanReport,
  context: ScanReportContext,
  { world, inputs }: { readonly world: ActionWorld; readonly inputs: ActionInputs },
): Promise<readonly LostReport[]> {
  const { runner, workspace: cwd } = world;
  const render = ({ format }: ReportFile): Iterable<string> => format.render(report, context);
  const lost = await writeDocuments(reportFiles(inputs), render, { cwd });
  runner.group(
    'Findings and coverage',
    [...scanReportFormats.table.render(report, context)].join('').split('\n'),
  );
  const summary = scanReportFormats.markdown.render(report, { ...context, maxBytes: maxSummaryBytes });
  const lostSummary = await addSummary([...summary].join(''), world);
  return [...lost.map(({ destination: { path }, error }) => ({ path, error })), ...lostSummary];
}

async function addSummary(markdown: string, { runner }: ActionWorld): Promise<readonly LostReport[]> {
  try {
    await runner.addSummary(markdown);
    return [];
  } catch (error) {
    const why = `Cannot write the job summary: ${describeFileError(error)}.`;
    return [{ error: new UsageError(why, 'Check that the disk of the runner has room.') }];
  }
}
