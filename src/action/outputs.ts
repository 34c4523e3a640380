import { resolve } from 'node:path';
import type { ScanReport } from '../model/report.ts';
import { severities } from '../model/severity.ts';
import { verdictOf } from '../reporters/words/verdict.ts';
import type { ActionInputs } from './inputs.ts';

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
 * The outputs for the later steps of action.yml: whether to upload, which files, and a name for the artifact that is
 * unique in a matrix. Only a complete scan whose SARIF was written is uploaded.
 */
export function uploadOutputs(
  { upload, markdownFile }: Pick<ActionInputs, 'upload' | 'markdownFile'>,
  outputs: Outputs,
  { category, workspace }: { readonly category: string; readonly workspace: string },
): Readonly<Record<'upload' | 'artifact-name' | 'artifact-files', string>> {
  const files = [outputs['sarif-file'], outputs['json-file'], markdownFile ?? ''];
  return {
    upload: String(upload && outputs.complete === 'true' && outputs['sarif-file'] !== ''),
    'artifact-name': artifactName(category),
    'artifact-files': files
      .filter((file) => file !== '')
      // The artifact action refuses `..` in a path.
      .map((file) => resolve(workspace, file))
      .join('\n'),
  };
}

/** The artifact service refuses quotes, slashes, colons and the like. */
function artifactName(category: string): string {
  const name = category.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
  return name.startsWith('purgeproof') ? name : `purgeproof-${name}`;
}
