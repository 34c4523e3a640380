import type { ScanReport } from '../model/report.ts';
import { reporters } from '../reporters/index.ts';
import type { ReporterOptions } from '../reporters/reporter.ts';
import { writeReportFile } from '../sources/files/report-file.ts';
import type { ActionInputs } from './inputs.ts';
import type { ActionWorld } from './world.ts';

/** What the runner takes of a summary; more is refused whole. The rest is room for what the runner adds. */
const maxSummaryBytes = 1024 * 1024 - 1024;

/** Writes the files, the job summary and the folded table of the log. */
export async function writeReports(
  report: ScanReport,
  options: ReporterOptions,
  { world, inputs }: { readonly world: ActionWorld; readonly inputs: ActionInputs },
): Promise<void> {
  const { runner, workspace: cwd } = world;
  const { sarifFile, jsonFile, markdownFile } = inputs;
  await writeReportFile(reporters.sarif(report, options), { path: sarifFile, cwd });
  await writeReportFile(reporters.json(report), { path: jsonFile, cwd });
  if (markdownFile !== undefined)
    await writeReportFile(reporters.markdown(report, options), { path: markdownFile, cwd });
  const summary = reporters.markdown(report, { ...options, maxBytes: maxSummaryBytes });
  await runner.addSummary([...summary].join(''));
  runner.group('Findings and coverage', [...reporters.table(report, options)].join('').split('\n'));
}
