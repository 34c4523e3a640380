import { setImmediate } from 'node:timers/promises';
import { anchorsIn } from '../../iac/anchor.ts';
import type { Piecewise } from '../../iac/piecewise.ts';
import { readDeclarations } from '../../iac/read-declarations.ts';
import type { Anchoring } from '../../model/anchors.ts';
import type { Finding, FindingResource } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import { declaredAnchors } from '../../usecases/anchors.ts';
import { isFitForCodeScanning } from './checkout.ts';
import { type IacFiles, readIacFiles } from './iac-files.ts';

interface CodeRequest {
  readonly findings: readonly Finding[];
  readonly resources: readonly FindingResource[] | undefined;
  readonly code: {
    readonly sourceRoot: string;
    readonly checkout: string;
    /** Files, by their paths in the checkout, that the scan itself writes: they are not code. */
    readonly written: ReadonlySet<string | undefined>;
  };
  readonly fallback: (finding: Finding) => Location;
  readonly signal: AbortSignal;
}

/** Shows findings where the infrastructure code below a folder declares their resources. `undefined` when aborted. */
export async function codeAnchors(request: CodeRequest): Promise<Anchoring | undefined> {
  const { findings, resources, code, fallback, signal } = request;
  const read = await inPieces(readIacFiles(code), signal);
  if (read === undefined) return undefined;
  const files = read.files.filter(({ path }) => !code.written.has(path));
  const declared = await inPieces(readDeclarations(files), signal);
  if (declared === undefined) return undefined;
  const anchoring = await inPieces(
    declaredAnchors(findings, {
      declared: anchorsIn(declared.declarations, resources),
      usable: isFitForCodeScanning,
      fallback,
    }),
    signal,
  );
  if (anchoring === undefined) return undefined;
  const skipped = declared.problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}  skipped: ${message}`,
  );
  return { anchor: anchoring.anchor, notes: [...anchoring.notes, ...skipped, ...skippedNotes(read)] };
}

/** Notes on files that should have been read; folders that are always left out need none. */
function skippedNotes({ skipped }: IacFiles): readonly string[] {
  return skipped
    .filter(({ reason }) => !reason.startsWith('every '))
    .map(({ path, reason }) => `${path}: skipped: ${reason}`);
}

/** The longest time, in milliseconds, that other work of the process waits. */
const longestSlice = 25;

/**
 * Does work piece by piece and lets the rest of the process, such as Ctrl-C, run in between.
 * `undefined` when `signal` aborts before the end.
 */
async function inPieces<T>(work: Piecewise<T>, signal: AbortSignal): Promise<T | undefined> {
  let began = performance.now();
  for (;;) {
    if (signal.aborted) return undefined;
    const piece = work.next();
    if (piece.done === true) return piece.value;
    if (performance.now() - began < longestSlice) continue;
    await setImmediate();
    began = performance.now();
  }
}
