import { setImmediate } from 'node:timers/promises';
import { realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { anchorsIn } from '../../iac/anchor.ts';
import type { Piecewise } from '../../iac/piecewise.ts';
import { readDeclarations } from '../../iac/read-declarations.ts';
import type { Anchoring } from '../../model/anchors.ts';
import type { Finding, FindingResource } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import { type Problem, UsageError } from '../../model/errors.ts';
import { declaredAnchors } from '../../usecases/anchors.ts';
import { checkoutOf, isFitForCodeScanning, filesBelow, type FoundFile, readText } from './checkout.ts';
import { isDataName, isNamed, namedFiles } from '../../iac/checkout/named-files.ts';
import { isSourceName, isSourceText } from '../../iac/checkout/source-kind.ts';
import type { SourceText } from '../../iac/checkout/source-text.ts';

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

/** A file or folder that was not read, by its path in the checkout, and why. */
interface SkippedSource {
  readonly path: string;
  readonly reason: string;
}

/** The infrastructure code below a folder, in order of paths, and what was left out. */
interface IacFiles {
  readonly files: readonly SourceText[];
  readonly skipped: readonly SkippedSource[];
}

/** The limits: bytes of all files together, how many files, and the same for the data that they load. */
const most = { bytes: 64_000_000, files: 5_000, data: 500, dataBytes: 8_000_000 };

/**
 * Reads the infrastructure code below `sourceRoot`, piece by piece. Paths are relative to `checkout`, the root of the
 * checkout, with forward slashes. Symbolic links are not followed. Throws `UsageError` when `sourceRoot` is not a folder.
 */
export function* readIacFiles({
  sourceRoot,
  checkout,
}: {
  sourceRoot: string;
  checkout: string;
}): Piecewise<IacFiles> {
  const [root, base] = realFolders(sourceRoot, checkout);
  const files: SourceText[] = [];
  const skipped: SkippedSource[] = [];
  const data: FoundFile[] = [];
  let bytes = 0;
  const above = relative(base, root).split(sep).join('/');
  const prefix = above === '' ? '' : `${above}/`;
  for (const found of filesBelow({ path: root, below: '' })) {
    yield;
    const path = prefix + found.below;
    if (isDataName(found.named)) data.push(found);
    if (found.reason === undefined && !isSourceName(found.named)) continue;
    const text = found.reason === undefined ? readText(found, path) : { reason: found.reason };
    if ('reason' in text) {
      if (found.named !== '.git') skipped.push({ path, reason: text.reason });
      continue;
    }
    if (!isSourceText({ path, text: text.text })) continue;
    bytes += text.text.length;
    if (files.length === most.files || bytes > most.bytes) {
      skipped.push({
        path,
        reason: `this file and all after it were left out: more than ${most.files} files or ${most.bytes / 1e6} MB`,
      });
      break;
    }
    files.push({ path, text: text.text });
  }
  files.push(...readData({ files, data, prefix }));
  return { files, skipped };
}

function realFolders(sourceRoot: string, checkout: string): readonly [string, string] {
  try {
    const root = realpathSync(sourceRoot);
    if (statSync(root).isDirectory()) return [root, realpathSync(checkout)];
  } catch {
    // A missing or unreadable path is not a folder.
  }
  throw new UsageError(
    `The source root is not a folder: ${sourceRoot}.`,
    'It is the folder with the infrastructure code, such as the root of the checkout.',
  );
}

/** The files of data that the code loads, as far as they can be read: without one a value is not known. */
function readData({ files, data, prefix }: LoadedData): readonly SourceText[] {
  const names = namedFiles(files);
  if (names.size === 0) return [];
  const held = new Set(files.map(({ path }) => path));
  const read: SourceText[] = [];
  let bytes = 0;
  const named = data.filter(({ below, reason }) => {
    const path = prefix + below;
    return reason === undefined && !held.has(path) && isNamed(path, names);
  });
  for (const found of named.slice(0, most.data)) {
    const path = prefix + found.below;
    const text = readText(found, path);
    if (!('text' in text)) continue;
    bytes += text.text.length;
    if (bytes > most.dataBytes) break;
    read.push({ path, text: text.text });
  }
  return read;
}

interface LoadedData {
  readonly files: readonly SourceText[];
  readonly data: readonly FoundFile[];
  /** The path of the source root in the checkout, with a slash at its end. */
  readonly prefix: string;
}
