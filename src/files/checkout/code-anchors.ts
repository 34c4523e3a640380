import { anchorsIn } from '../../iac/anchor.ts';
import { readDeclarations } from '../../iac/read-declarations.ts';
import type { Anchoring } from '../../model/anchors.ts';
import type { Finding, FindingResource } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/errors.ts';
import { declaredAnchors } from '../../usecases/anchors.ts';
import { checkoutOf, isFitForCodeScanning } from './checkout.ts';
import { type IacFiles, readIacFiles } from './iac-files.ts';
import { inPieces } from './in-pieces.ts';

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
  const notes = [...anchoring.notes, ...problemNotes(declared.problems), ...skippedNotes(read)];
  return { anchor: anchoring.anchor, notes };
}

/** The code to search for declarations of resources. */
interface DeclaredRequest {
  readonly resources: readonly FindingResource[];
  readonly sourceRoot: string;
  readonly signal: AbortSignal;
}

/**
 * The places at which the code below a folder declares resources, by id in lower case; where several fit equally well, all of
 * them. Paths are relative to the checkout. `undefined` when aborted. Throws `UsageError` when `sourceRoot` is not a folder.
 */
export async function declaredPlaces({
  resources,
  sourceRoot,
  signal,
}: DeclaredRequest): Promise<
  { readonly places: ReadonlyMap<string, readonly Location[]>; readonly notes: readonly string[] } | undefined
> {
  const read = await inPieces(readIacFiles({ sourceRoot, checkout: await checkoutOf(sourceRoot) }), signal);
  if (read === undefined) return undefined;
  const declared = await inPieces(readDeclarations(read.files), signal);
  if (declared === undefined) return undefined;
  const anchorOf = anchorsIn(declared.declarations, resources);
  const places = resources.map((resource) => {
    const answer = anchorOf({ resource, evidence: [] });
    if (answer.kind === 'none') return [resource.id.toLowerCase(), []] as const;
    const found = answer.kind === 'found' ? [answer.location] : answer.candidates;
    return [resource.id.toLowerCase(), found] as const;
  });
  return { places: new Map(places), notes: [...problemNotes(declared.problems), ...skippedNotes(read)] };
}

function problemNotes(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ file, line, column, message }) => `${file}:${line}:${column}  skipped: ${message}`);
}

/** Notes on files that should have been read; folders that are always left out need none. */
function skippedNotes({ skipped }: IacFiles): readonly string[] {
  return skipped
    .filter(({ reason }) => !reason.startsWith('every '))
    .map(({ path, reason }) => `${path}: skipped: ${reason}`);
}
