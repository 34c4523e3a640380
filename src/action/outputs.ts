import { resolve } from 'node:path';

import type { ScanReport } from '../model/report.ts';
import { severities } from '../model/severity.ts';
import { verdictOf } from '../reporters/words/verdict.ts';
import type { ActionInputs } from './inputs.ts';
import { UsageError } from '../model/errors.ts';
import type { ScanReportContext, ScanReportFormat } from '../reporters/scan/format.ts';
import { json } from '../reporters/scan/json.ts';
import { markdown } from '../reporters/scan/markdown.ts';
import { sarif } from '../reporters/scan/sarif.ts';
import { table } from '../reporters/scan/table.ts';
import { writeDocuments } from '../files/destinations/write.ts';
import { describeFileError } from '../files/file-error.ts';
import { summaryAlert } from './pull-request.ts';
import { type Annotation, withInputs } from './runner.ts';
import type { ActionWorld } from './world.ts';

/** The outputs of the action, by name. */
export type Outputs = Readonly<
  Record<'complete' | 'findings' | 'highest-severity' | 'sarif-file' | 'json-file' | 'exit-code', string>
>;

/** The outputs of a finished scan. The SARIF of an incomplete one is left out: it would close alerts. */
export function outputsOf(
  report: ScanReport,
  result: { readonly sarifFile: string; readonly jsonFile: string; readonly code: number },
): Outputs {
  return {
    complete: String(report.complete),
    findings: String(report.summary.nonCompliant),
    'highest-severity': highestSeverity(report),
    'sarif-file': report.complete ? result.sarifFile : '',
    'json-file': result.jsonFile,
    'exit-code': String(result.code),
  };
}

/** The outputs when there was no scan: none of them reads like those of a clean one. */
export function outputsOfFailure(code: number): Outputs {
  return {
    complete: 'false',
    findings: '',
    'highest-severity': '',
    'sarif-file': '',
    'json-file': '',
    'exit-code': String(code),
  };
}

/** `none` only for a clean scan; where something is not known, the absence of findings proves nothing. */
function highestSeverity(report: ScanReport): string {
  const worst = severities.find((severity) => report.summary.bySeverity[severity] > 0);
  if (worst !== undefined) return worst;
  const { kind } = verdictOf(report);
  return kind === 'incomplete' || kind === 'unknown' ? 'unknown' : 'none';
}

/**
 * The outputs for the later steps of action.yml: whether to upload to code scanning, which only a complete scan is whose
 * SARIF was written; whether to keep the reports as an artifact, which an incomplete scan does, too, but for its SARIF;
 * which files these are, and a name for the artifact that is unique in a matrix.
 */
export function uploadOutputs(
  { upload, markdownFile }: Pick<ActionInputs, 'upload' | 'markdownFile'>,
  outputs: Outputs,
  { category, workspace }: { readonly category: string; readonly workspace: string },
): Readonly<Record<'upload' | 'keep' | 'artifact-name' | 'artifact-files', string>> {
  const files = [outputs['sarif-file'], outputs['json-file'], markdownFile ?? ''].filter(
    (file) => file !== '',
  );
  return {
    upload: String(upload && outputs.complete === 'true' && outputs['sarif-file'] !== ''),
    keep: String(upload && files.length > 0),
    'artifact-name': artifactName(category),
    // The artifact action refuses `..` in a path.
    'artifact-files': files.map((file) => resolve(workspace, file)).join('\n'),
  };
}

/** The artifact service refuses quotes, slashes, colons and the like. */
function artifactName(category: string): string {
  const name = category.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
  return name.startsWith('purgeproof') ? name : `purgeproof-${name}`;
}

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
    { format: sarif, path: sarifFile },
    { format: json, path: jsonFile },
    ...(markdownFile === undefined ? [] : [{ format: markdown, path: markdownFile }]),
  ];
}

/** The inputs, and what is to be said of the findings before them. */
export interface ReportedInputs extends ActionInputs {
  readonly everything: Annotation | undefined;
}

/** Writes the files, the job summary and the folded table of the log; returns what could not be written. */
export async function writeReports(
  report: ScanReport,
  context: ScanReportContext,
  { world, inputs }: { readonly world: ActionWorld; readonly inputs: ReportedInputs },
): Promise<readonly LostReport[]> {
  const { runner, workspace: cwd } = world;
  const render = ({ format }: ReportFile): Iterable<string> =>
    format === markdown ? inWorkflow(format.render(report, context)) : format.render(report, context);
  const lost = await writeDocuments(reportFiles(inputs), render, { cwd });
  runner.group('Findings and coverage', [...table.render(report, context)].join('').split('\n'));
  const alert = summaryAlert(inputs.everything);
  const maxBytes = maxSummaryBytes - Buffer.byteLength(alert);
  const summary = [alert, ...markdown.render(report, { ...context, maxBytes })];
  const lostSummary = await addSummary(summary.join(''), world);
  return [...lost.map(({ destination: { path }, error }) => ({ path, error })), ...lostSummary];
}

function* inWorkflow(parts: Iterable<string>): Iterable<string> {
  for (const part of parts) yield withInputs(part);
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
