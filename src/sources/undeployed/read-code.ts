import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { checkoutOf, readText, relativeInCheckout } from '../../files/checkout/checkout.ts';
import { inPieces } from '../../files/checkout/in-pieces.ts';
import { readIacFiles, unreadCode } from '../../files/checkout/iac-files.ts';
import { decodeUnicode } from '../../files/decode-unicode.ts';
import { describeFileError } from '../../files/file-error.ts';
import { linkedPaths } from '../../iac/checkout/named-files.ts';
import type { SourceText } from '../../iac/checkout/source-text.ts';
import { readDeclarations } from '../../iac/read-declarations.ts';
import { readDeployment } from '../../iac/read-deployment.ts';
import { readPlan } from '../../iac/terraform-plan/read-plan.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { type Problem, UsageError } from '../../model/errors.ts';
import type { CodeTarget } from '../../model/target.ts';
import { otherKind, type WantedKind } from '../../usecases/other-kind.ts';
import { problemGap, gapsOfUnknown } from './code-gaps.ts';
import type { CodeRead } from './code-source.ts';

/** Reads the code of a target; `undefined` when aborted. Throws `UsageError` for a file that is not what it should be. */
export async function readCode(
  target: CodeTarget,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<CodeRead | undefined> {
  if (target.form === 'source') return readFolder(resolve(cwd, target.path), target, signal);
  const place = { cwd, root: await checkoutOf(dirname(resolve(cwd, target.path))) };
  if (target.form === 'terraform') return readPlanFile(target, await namedFile(target.path, place));
  return readTemplate(target, place, signal);
}

async function readFolder(
  folder: string,
  { commit }: CodeTarget,
  signal: AbortSignal,
): Promise<CodeRead | undefined> {
  const checkout = await checkoutOf(folder);
  // Most scans start no git: what does is loaded for those that do.
  const git = commit === undefined ? undefined : await import('../../files/checkout/commit-tree.ts');
  const tree = commit === undefined ? undefined : await git?.commitTree(folder, commit);
  const read = await inPieces(readIacFiles({ sourceRoot: folder, checkout }, tree), signal);
  if (read === undefined) return undefined;
  const declared = await inPieces(readDeclarations(read.files, { judges: true }), signal);
  if (declared === undefined) return undefined;
  // What could not be read in a commit has no verdict there, and so what is found now counts as new.
  if (commit !== undefined) return { declarations: declared.declarations, gaps: [] };
  const unread = await unreadCode(read.skipped, { folder, checkout });
  const gaps = [...declared.problems.map(problemGap), ...gapsOfUnknown(declared), ...unread];
  return { declarations: declared.declarations, gaps };
}

async function readPlanFile({ path }: CodeTarget, source: SourceText): Promise<CodeRead> {
  const { missing, ...read } = readPlan(source);
  await refuse(read.problems, { named: path, source, wanted: 'terraform', hint: planHint });
  const gaps = missing.map((reason): Unreadable => ({ scope: path, kind: 'code', reason, hint: planAgain }));
  return { declarations: read.declarations, gaps: [...gaps, ...gapsOfUnknown(read)] };
}

const planHint =
  'Make the JSON of a plan: `terraform plan -out tfplan` `terraform show -json tfplan > plan.json`';
const planAgain =
  'Make a whole plan: without -target and -refresh-only, and without errors: `terraform plan -out tfplan`';

interface Place {
  readonly cwd: string;
  readonly root: string;
}

async function readTemplate(
  { path, parameters, form }: CodeTarget,
  place: Place,
  signal: AbortSignal,
): Promise<CodeRead | undefined> {
  const template = await namedFile(path, place);
  const values = parameters === undefined ? undefined : await namedFile(parameters, place);
  const files = withLinked([template, ...(values === undefined ? [] : [values])], place.root);
  const request = { template: template.path, parameters: values?.path };
  const read = await inPieces(readDeployment(files, request), signal);
  if (read === undefined) return undefined;
  const wanted = form === 'bicep' ? 'bicep' : 'template';
  const isMisnamed = form === 'bicep' && !path.endsWith('.bicep');
  const hint = isMisnamed ? bicepName : form === 'bicep' ? bicepHint : templateHint;
  await refuse(read.problems, { named: path, source: template, wanted, hint });
  if (values !== undefined && parameters !== undefined)
    await refuse(read.problems, {
      named: parameters,
      source: values,
      wanted: 'parameters',
      hint: parametersHint,
    });
  const gaps = [...read.problems.map(problemGap), ...gapsOfUnknown(read)];
  return { declarations: read.declarations, gaps };
}

const templateHint = 'It must be the JSON of an ARM template, as it is deployed or as Bicep builds it.';
const bicepHint =
  'See what Bicep says of it, and scan the JSON that this writes with --template: `bicep build main.bicep`';
const bicepName = 'The name of a Bicep file ends in .bicep.';
const parametersHint =
  'It must be a parameter file of ARM in JSON, or a .bicepparam file that names the template.';

/** More files than this are not one deployment. */
const mostLinked = 1_000;

/** The files with all that they name, directly or not, as far as it is in the checkout and can be read. */
function withLinked(named: readonly SourceText[], root: string): readonly SourceText[] {
  const files = new Map(named.map((file) => [file.path, file]));
  // A map that grows while it is gone through is gone through to its end.
  for (const file of files.values())
    for (const path of linkedPaths(file)) {
      if (files.has(path) || files.size >= mostLinked) continue;
      const text = readText({ path: resolve(root, path), below: path, named: path }, path);
      if ('text' in text) files.set(path, { path, text: text.text });
    }
  return [...files.values()];
}

/** The longest file that is read where it is named, in bytes. */
const mostBytes = 256_000_000;

/** Reads a file that the user names. Its path is that in the checkout, where it is in one. */
async function namedFile(path: string, { cwd, root }: Place): Promise<SourceText> {
  const absolute = resolve(cwd, path);
  const known = await relativeInCheckout(root, absolute);
  const fallback = relative(root, await realpath(absolute).catch(() => absolute));
  try {
    const bytes = await readFile(absolute);
    if (bytes.length > mostBytes)
      throw new UsageError(
        `${path} is larger than ${mostBytes / 1e6} MB.`,
        'Nothing that is deployed comes near.',
      );
    return { path: known ?? fallback.split(sep).join('/'), text: decodeUnicode(bytes, path) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `Cannot read ${path}: ${describeFileError(error)}.`,
      'Check the path and its permissions.',
    );
  }
}

interface NamedSource {
  /** The path as the user named it. */
  readonly named: string;
  readonly source: SourceText;
  readonly wanted: WantedKind;
  readonly hint: string;
}

/** Refuses a file with mistakes of its own, or of another kind: what it declares is not known. */
async function refuse(
  problems: readonly Problem[],
  { named, source, wanted, hint }: NamedSource,
): Promise<void> {
  const own = problems
    .filter(({ file }) => file === source.path)
    .map(({ line, column, message }): Problem => ({ file: named, line, column, message }));
  if (own.length === 0) return;
  const other = await otherKind(wanted, { file: named, bytes: new TextEncoder().encode(source.text) });
  throw other ?? new UsageError(`${named} cannot be judged.`, hint, own);
}
