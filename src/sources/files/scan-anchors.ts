import { resolve } from 'node:path';
import type { Finding } from '../../model/finding.ts';
import type { Rule } from '../../model/rule.ts';
import { fallbackAnchors, workflowFileIn } from '../../usecases/anchors/anchors.ts';
import { type Anchoring, declaredAnchors } from '../../usecases/anchors/declared-anchors.ts';
import { checkoutOf, isFitForCodeScanning, relativeInCheckout } from './checkout.ts';
import type { IacFiles } from './iac-files.ts';

/** What decides where the findings of a report are shown. Paths are taken from `cwd`. */
export interface AnchorRequest {
  readonly findings: readonly Finding[];
  readonly rules: readonly Rule[];
  readonly cwd: string;
  /** The folder with infrastructure code; without it, no finding is shown there. */
  readonly sourceRoot: string | undefined;
  readonly configFile: string | undefined;
  /** `GITHUB_WORKFLOW_REF` as the runner sets it. */
  readonly workflowRef: string | undefined;
  /** Files that the scan itself writes. */
  readonly written: readonly string[];
}

/**
 * Finds where code scanning shows each finding: the infrastructure code that declares its resource, else the fallback
 * files. Every path is relative to the root of the checkout that holds `sourceRoot`. Throws `UsageError` when
 * `sourceRoot` is no folder.
 */
export async function scanAnchors(request: AnchorRequest): Promise<Anchoring> {
  const { rules, cwd, sourceRoot, configFile, workflowRef } = request;
  const root = await checkoutOf(sourceRoot === undefined ? cwd : resolve(cwd, sourceRoot));
  const workflowFile = workflowFileIn(workflowRef);
  const inCheckout = (file: string): Promise<string | undefined> =>
    relativeInCheckout(root, resolve(cwd, file));
  const fallback = await fallbackAnchors(rules, {
    inCheckout,
    ...(configFile === undefined ? {} : { configFile }),
    ...(workflowFile === undefined ? {} : { workflowFile }),
    written: request.written,
  });
  if (sourceRoot === undefined) return { anchor: fallback, notes: [] };
  // A scan without infrastructure code must not wait for what reads it.
  const [{ anchorsIn }, { readDeclarations }, { readIacFiles }] = await Promise.all([
    import('../../iac/anchor.ts'),
    import('../../iac/read-declarations.ts'),
    import('./iac-files.ts'),
  ]);
  const written = new Set(await Promise.all(request.written.map(inCheckout)));
  const code = await readIacFiles({ sourceRoot: resolve(cwd, sourceRoot), checkout: root });
  const files = code.files.filter(({ path }) => !written.has(path));
  const { declarations, problems } = readDeclarations(files);
  const { anchor, notes } = declaredAnchors(request.findings, {
    declared: anchorsIn(declarations),
    usable: isFitForCodeScanning,
    fallback,
  });
  const passedOver = problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}  skipped: ${message}`,
  );
  return { anchor, notes: [...notes, ...passedOver, ...leftOut(code)] };
}

/** Folders that are always left out are no news; a file that ought to have been read is. */
function leftOut({ skipped }: IacFiles): readonly string[] {
  return skipped
    .filter(({ reason }) => !reason.startsWith('every '))
    .map(({ path, reason }) => `${path}: skipped: ${reason}`);
}
