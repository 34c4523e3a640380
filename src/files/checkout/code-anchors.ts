import { anchorsIn } from '../../iac/anchor.ts';
import { readDeclarations } from '../../iac/read-declarations.ts';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import { type Anchoring, declaredAnchors } from '../../usecases/anchors/declared-anchors.ts';
import { isFitForCodeScanning } from './checkout.ts';
import { type IacFiles, readIacFiles } from './iac-files.ts';
import { inTurns } from './in-turns.ts';

interface CodeRequest {
  readonly findings: readonly Finding[];
  readonly code: {
    readonly sourceRoot: string;
    readonly checkout: string;
    /** Files, by their paths in the checkout, that the scan itself writes: they are no code. */
    readonly written: ReadonlySet<string | undefined>;
  };
  readonly fallback: (finding: Finding) => Location;
  readonly signal: AbortSignal;
}

/** Shows findings where the infrastructure code below a folder declares their resources. `undefined` when aborted. */
export async function codeAnchors(request: CodeRequest): Promise<Anchoring | undefined> {
  const { findings, code, fallback, signal } = request;
  const read = await inTurns(readIacFiles(code), signal);
  if (read === undefined) return undefined;
  const files = read.files.filter(({ path }) => !code.written.has(path));
  const declared = await inTurns(readDeclarations(files), signal);
  if (declared === undefined) return undefined;
  const anchoring = await inTurns(
    declaredAnchors(findings, {
      declared: anchorsIn(
        declared.declarations,
        findings.map(({ resource }) => resource),
      ),
      usable: isFitForCodeScanning,
      fallback,
    }),
    signal,
  );
  if (anchoring === undefined) return undefined;
  const skipped = declared.problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}  skipped: ${message}`,
  );
  return { anchor: anchoring.anchor, notes: [...anchoring.notes, ...skipped, ...leftOut(read)] };
}

/** Folders that are always left out are no news; a file that ought to have been read is. */
function leftOut({ skipped }: IacFiles): readonly string[] {
  return skipped
    .filter(({ reason }) => !reason.startsWith('every '))
    .map(({ path, reason }) => `${path}: skipped: ${reason}`);
}
