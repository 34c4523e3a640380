import { resolve } from 'node:path';
import type { ActionInputs } from './inputs.ts';
import type { Outputs } from './outputs.ts';

/**
 * What the later steps of action.yml need to know: whether to upload, which files, and a name for the artifact that is
 * its own in a matrix. Only a complete scan whose SARIF was written is uploaded.
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
